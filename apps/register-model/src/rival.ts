import type { Comparison } from '@dropforest/contracts';

/** The model that predicts, where it is another one than that which is decided about. */
export interface Rival {
  /** Its training job. */
  readonly job: string;
  readonly version: number;
  /** What is known of the comparison of the two. */
  readonly comparison:
    | { readonly state: 'none' | 'running' }
    | { readonly state: 'failed'; readonly reason: string }
    /** `isStored`: whether it lies in the model's folder already. */
    | { readonly state: 'done'; readonly value: Comparison; readonly isStored: boolean };
}
