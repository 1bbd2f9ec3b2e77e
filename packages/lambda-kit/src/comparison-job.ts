/**
 * Jobs that train nothing: they hold a model against the champion where that is another one than it was compared with
 * when it was trained. The name follows from the two models, so each pair is compared once; when a pair has to be
 * compared again, the attempt rises.
 */
import { DescribeTrainingJobCommand, type DescribeTrainingJobCommandOutput, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { comparisonJobBase, jobName, keys, type ComparisonInputs, type DatasetConfig, type Lineage, type TrainingRequest } from '@dropforest/contracts';
import type { Action } from './actions.ts';
import { isAwsError } from './errors.ts';
import { instanceTypeOf, trainingJobInput } from './training-job.ts';

export interface ComparisonJob extends ComparisonInputs {
  readonly dataset: string;
  readonly attempt: number;
  readonly bucket: string;
  readonly image: string;
  readonly roleArn: string;
  /** What the challenger was trained with: settings and files. */
  readonly config: DatasetConfig;
  readonly lineage: Lineage;
}

/** The newest job that was started for a pair of models. */
export interface FoundComparison {
  readonly job: string;
  readonly attempt: number;
  readonly status: 'Running' | 'Completed' | 'Failed';
  /** Why it failed. */
  readonly reason: string;
}

/** Reads the challenger's own files again: the rows that were held out of its training. */
export function startComparison({ dataset, challenger, champion, attempt, lineage, ...job }: ComparisonJob): readonly Action[] {
  const name = jobName(comparisonJobBase(dataset, { challenger, champion }), attempt);
  const request: TrainingRequest = { dataset, lineage, compare: { challenger } };
  const input = trainingJobInput({
    ...job,
    job: name,
    dataset,
    instanceType: instanceTypeOf(job.config),
    inputManifest: keys.inputManifest(challenger),
    models: { champion, challenger },
  });
  return [
    { type: 'write-json', key: `${keys.jobConfigFolder(name)}dataset.json`, value: job.config },
    { type: 'write-json', key: `${keys.jobConfigFolder(name)}job.json`, value: request },
    { type: 'create-training-job', input },
  ];
}

/** `undefined` where the two were never compared by a job of their own. */
export async function findComparison(dataset: string, pair: ComparisonInputs, sagemaker: SageMakerClient): Promise<FoundComparison | undefined> {
  const base = comparisonJobBase(dataset, pair);
  let found: FoundComparison | undefined;
  for (let attempt = 1; ; attempt++) {
    const job = await findTrainingJob(jobName(base, attempt), sagemaker);
    if (job === undefined) return found;
    found = { job: jobName(base, attempt), attempt, status: statusOf(job), reason: job.FailureReason ?? `the comparison was stopped: ${job.SecondaryStatus ?? 'no status'}` };
  }
}

/** `undefined` where there is no job of that name. */
export async function findTrainingJob(name: string, sagemaker: SageMakerClient): Promise<DescribeTrainingJobCommandOutput | undefined> {
  try {
    return await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  } catch (error) {
    if (isAwsError(error, 'ValidationException', 'ResourceNotFound')) return undefined;
    throw error;
  }
}

function statusOf({ TrainingJobStatus }: DescribeTrainingJobCommandOutput): FoundComparison['status'] {
  if (TrainingJobStatus === 'Completed') return 'Completed';
  return TrainingJobStatus === 'Failed' || TrainingJobStatus === 'Stopped' ? 'Failed' : 'Running';
}
