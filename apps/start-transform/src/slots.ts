/** Places for transform jobs: as many run at once as there are places, whatever their data sets. */
import { DescribeTransformJobCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { keys, SlotSchema, type Slot } from '@dropforest/contracts';
import { isAwsError, type Action, type Bucket } from '@dropforest/lambda-kit';

export type JobState = 'running' | 'ended' | 'not-found';

/** One place, and how the job stands that it was given to last. */
export interface SlotFacts {
  readonly key: string;
  /** Missing where no job was ever given the place. */
  readonly taken?: { readonly job: string; /** ISO 8601. */ readonly at: string; readonly etag: string; readonly state: JobState };
}

/** Whoever has a place creates its job within this time, or has given up. */
const LONGEST_START_MS = 15 * 60_000;

/** A place for the job: the one that it has already, else one that nobody needs. `undefined` where all are taken. */
export function chooseSlot(slots: readonly SlotFacts[], job: string | undefined, now: number): SlotFacts | undefined {
  return slots.find(({ taken }) => taken !== undefined && taken.job === job) ?? slots.find((slot) => isFree(slot, now));
}

function isFree({ taken }: SlotFacts, now: number): boolean {
  if (taken === undefined || taken.state === 'ended') return true;
  return taken.state === 'not-found' && now - Date.parse(taken.at) > LONGEST_START_MS;
}

/** Nothing where the job has the place already. */
export function takeSlot({ key, taken }: SlotFacts, job: string, now: number): readonly Action[] {
  if (taken?.job === job) return [];
  const value: Slot = { job, at: new Date(now).toISOString() };
  return [{ type: 'write-json', key, value, condition: taken === undefined ? { ifAbsent: true } : { ifMatch: taken.etag } }];
}

export function readSlots(count: number, bucket: Bucket, sagemaker: SageMakerClient): Promise<readonly SlotFacts[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => readSlot(keys.slot(index), bucket, sagemaker)));
}

async function readSlot(key: string, bucket: Bucket, sagemaker: SageMakerClient): Promise<SlotFacts> {
  const slot = await bucket.readJson(key, SlotSchema);
  if (slot === undefined) return { key };
  return { key, taken: { ...slot.value, etag: slot.etag, state: await jobState(slot.value.job, sagemaker) } };
}

export async function jobState(TransformJobName: string, sagemaker: SageMakerClient): Promise<JobState> {
  try {
    const { TransformJobStatus } = await sagemaker.send(new DescribeTransformJobCommand({ TransformJobName }));
    return TransformJobStatus === 'InProgress' || TransformJobStatus === 'Stopping' ? 'running' : 'ended';
  } catch (error) {
    if (isAwsError(error, 'ValidationException', 'ResourceNotFound')) return 'not-found';
    throw error;
  }
}
