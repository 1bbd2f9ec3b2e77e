import { toJsonObject } from '../json.ts';
import { createCollection } from '../store/collection.ts';
import type { Collection } from '../store/collection.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import type { Tags } from './tags.ts';
import { TrainingJobSchema } from './training-schema.ts';
import type { SecondaryStatus, TrainingJob } from './training-schema.ts';

/** The kept training jobs; every change of status goes out as an event in the same transaction. */
export interface TrainingState {
  readonly jobs: Collection<TrainingJob>;
  create(job: TrainingJob): void;
  /** Moves a job to its next secondary status. @throws when there is no such job */
  move(name: string, secondary: SecondaryStatus, changes?: Partial<Pick<TrainingJob, 'status' | 'failureReason' | 'modelArtifacts' | 'started' | 'ended' | 'metrics'>>): TrainingJob;
}

/** Texts of the service, which says that they may change. */
const MESSAGES: Readonly<Record<SecondaryStatus, string>> = {
  Starting: 'Preparing the instances for training',
  Downloading: 'Downloading input data',
  Training: 'Training image download completed. Training in progress.',
  Uploading: 'Uploading generated training model',
  Stopping: 'Stopping the training job',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job runtime exceeded MaxRuntimeInSeconds provided',
  Completed: 'Training job completed',
  Failed: 'Training job failed',
  Interrupted: 'Training job was interrupted and starts again',
};

const FINAL: readonly SecondaryStatus[] = ['Completed', 'Failed', 'Stopped', 'MaxRuntimeExceeded'];

export function createTrainingState(parts: SageMakerParts, tags: Tags): TrainingState {
  const { database, clock } = parts.cloud;
  const jobs = createCollection(database, 'training-job', TrainingJobSchema);
  const save = (job: TrainingJob): TrainingJob => {
    jobs.put(job.request.TrainingJobName, job);
    parts.bus.put({ source: 'aws.sagemaker', detailType: 'SageMaker Training Job State Change', resources: [job.arn], detail: toJsonObject(eventDetail(job, tags)) });
    return job;
  };
  return {
    jobs,
    create: (job) =>
      database.transaction(() => {
        tags.set(job.arn, job.request.Tags ?? []);
        save(job);
      }),
    move: (name, secondary, changes = {}) =>
      database.transaction(() => {
        const job = jobs.get(name);
        if (job === undefined) throw new Error(`There is no training job ${name}.`);
        const now = clock.now();
        return save({ ...job, ...changes, secondary, modified: now, transitions: nextTransitions(job, secondary, now) });
      }),
  };
}

export function firstTransition(now: number): TrainingJob['transitions'] {
  return [{ Status: 'Starting', StartTime: now, StatusMessage: MESSAGES.Starting }];
}

function nextTransitions({ transitions }: TrainingJob, secondary: SecondaryStatus, now: number): TrainingJob['transitions'] {
  const closed = transitions.map((transition) => ({ ...transition, EndTime: transition.EndTime ?? now }));
  return [...closed, { Status: secondary, StartTime: now, StatusMessage: MESSAGES[secondary], ...(FINAL.includes(secondary) ? { EndTime: now } : {}) }];
}

/** Times are milliseconds and what is not known yet is null, as in recorded events (the documentation shows otherwise). */
function eventDetail(job: TrainingJob, tags: Tags): object {
  const { request } = job;
  return {
    TrainingJobName: request.TrainingJobName,
    TrainingJobArn: job.arn,
    TuningJobArn: null,
    ModelArtifacts: job.modelArtifacts === undefined ? null : { S3ModelArtifacts: job.modelArtifacts },
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondary,
    FailureReason: job.failureReason ?? null,
    HyperParameters: request.HyperParameters ?? {},
    AlgorithmSpecification: request.AlgorithmSpecification,
    RoleArn: request.RoleArn,
    InputDataConfig: request.InputDataConfig ?? [],
    OutputDataConfig: { KmsKeyId: '', ...request.OutputDataConfig },
    ResourceConfig: request.ResourceConfig,
    VpcConfig: request.VpcConfig ?? null,
    StoppingCondition: request.StoppingCondition,
    CreationTime: job.created,
    TrainingStartTime: job.started ?? null,
    TrainingEndTime: job.ended ?? null,
    LastModifiedTime: job.modified,
    SecondaryStatusTransitions: job.transitions.map((transition) => ({ ...transition, EndTime: transition.EndTime ?? null })),
    Tags: tags.mapOf(job.arn),
  };
}
