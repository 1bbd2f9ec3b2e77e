/** The gate once more, written apart from the app's: what a version may have been decided to be. */
import { judgedBy, type Comparison, type DatasetConfig, type Decision, type ModelManifest } from '@dropforest/contracts';

export interface Case {
  readonly manifest: ModelManifest;
  readonly config: DatasetConfig;
  /** The last that was made. */
  readonly comparison: Comparison | undefined;
  /** Training job of the champion that the decision says it was compared with. */
  readonly comparedWith: string | undefined;
  /** Whether a job that was to compare it failed. */
  readonly couldNotCompare: boolean;
}

export function expectedStatuses({ manifest, config: { gate, approval }, comparison, comparedWith, couldNotCompare }: Case): readonly Decision['status'][] {
  const judged = judgedBy(manifest.metrics);
  if (judged === undefined) return ['PendingManualApproval'];
  if (judged.value >= judged.baseline || judged.value > (gate.maximumRmse ?? Infinity)) return ['Rejected'];
  const passed = approval === 'auto' ? 'Approved' : 'PendingManualApproval';
  const otherwise: readonly Decision['status'][] = couldNotCompare ? ['PendingManualApproval'] : [];
  if (comparedWith === undefined) return [passed, ...otherwise];
  if (comparison?.champion !== comparedWith) return otherwise;
  if (!comparison.comparable) return ['PendingManualApproval'];
  return [comparison.interval[0] > gate.margin * comparison.championValue ? passed : 'Rejected', ...otherwise];
}
