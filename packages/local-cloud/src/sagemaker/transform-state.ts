import { toJsonObject } from '../json.ts';
import { createCollection } from '../store/collection.ts';
import type { Collection } from '../store/collection.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import type { Tags } from './tags.ts';
import { TransformJobSchema } from './transform-schema.ts';
import type { TransformJob } from './transform-schema.ts';

/** The kept transform jobs; every change of status goes out as an event in the same transaction. */
export interface TransformState {
  readonly jobs: Collection<TransformJob>;
  create(job: TransformJob): void;
  move(name: string, status: TransformJob['status'], changes?: Partial<Pick<TransformJob, 'failureReason' | 'ended'>>): void;
  /** Notes when the container was started; no change of status, and so no event. */
  markStarted(name: string): void;
}

export function createTransformState(parts: SageMakerParts, tags: Tags): TransformState {
  const { database, clock } = parts.cloud;
  const jobs = createCollection(database, 'transform-job', TransformJobSchema);
  const require = (name: string): TransformJob => {
    const job = jobs.get(name);
    if (job === undefined) throw new Error(`There is no transform job ${name}.`);
    return job;
  };
  const save = (job: TransformJob): void => {
    jobs.put(job.request.TransformJobName, job);
    parts.bus.put({ source: 'aws.sagemaker', detailType: 'SageMaker Transform Job State Change', resources: [job.arn], detail: toJsonObject(eventDetail(job, tags)) });
  };
  return {
    jobs,
    create: (job) =>
      database.transaction(() => {
        tags.set(job.arn, job.request.Tags ?? []);
        save(job);
      }),
    move: (name, status, changes = {}) => database.transaction(() => save({ ...require(name), ...changes, status, modified: clock.now() })),
    markStarted: (name) => database.transaction(() => jobs.put(name, { ...require(name), started: clock.now() })),
  };
}

/** Times are milliseconds and what is not known yet is null, as in recorded events. */
function eventDetail(job: TransformJob, tags: Tags): object {
  const { request } = job;
  return {
    TransformJobName: request.TransformJobName,
    TransformJobArn: job.arn,
    TransformJobStatus: job.status,
    FailureReason: job.failureReason ?? null,
    ModelName: request.ModelName,
    MaxConcurrentTransforms: request.MaxConcurrentTransforms ?? null,
    MaxPayloadInMB: request.MaxPayloadInMB ?? null,
    BatchStrategy: request.BatchStrategy ?? null,
    Environment: request.Environment ?? {},
    TransformInput: request.TransformInput,
    TransformOutput: { KmsKeyId: '', ...request.TransformOutput },
    TransformResources: request.TransformResources,
    CreationTime: job.created,
    TransformStartTime: job.started ?? null,
    TransformEndTime: job.ended ?? null,
    Tags: tags.mapOf(job.arn),
  };
}
