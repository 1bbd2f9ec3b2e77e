import { z } from 'zod';

import { operation } from '../http/json-protocol.ts';
import type { JsonOperations } from '../http/json-protocol.ts';
import { validationError, WireError } from '../http/wire-error.ts';
import { createJobRunner } from './job-runner.ts';
import type { JobRunner, Places } from './job-runner.ts';
import { listPage } from './list-page.ts';
import { checkQuota } from './quota.ts';
import { parseS3Uri } from './s3-uri.ts';
import { sageMakerArn, seconds } from './sagemaker-context.ts';
import type { Children } from './orphans.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import type { Tags } from './tags.ts';
import { runTrainingJob } from './training-run.ts';
import type { TrainingRunParts } from './training-run.ts';
import { CreateTrainingJobSchema, ListTrainingJobsSchema } from './training-schema.ts';
import type { TrainingJob } from './training-schema.ts';
import { createTrainingState, firstTransition } from './training-state.ts';
import type { TrainingState } from './training-state.ts';

/** A kind of job: its API and its life across restarts. */
export interface Jobs {
  readonly operations: JsonOperations;
  /** Starts again what was under way when the cloud ended. */
  resume(): void;
  stop(): Promise<void>;
}

const NameSchema = z.object({ TrainingJobName: z.string() });

export function createTrainingJobs(parts: SageMakerParts, tags: Tags, places: Places, children: Children): Jobs {
  const state = createTrainingState(parts, tags);
  const runner = createJobRunner(parts.cloud, places);
  const runParts: TrainingRunParts = { ...parts, state, children };
  const start = (job: TrainingJob): void => runner.start(job.request.TrainingJobName, (control) => runTrainingJob(runParts, job, control));
  const require = (name: string): TrainingJob => {
    const job = state.jobs.get(name);
    if (job === undefined) throw validationError('Requested resource not found.');
    return job;
  };
  return {
    operations: {
      CreateTrainingJob: operation(CreateTrainingJobSchema, (request) => {
        const job = newJob(parts, state, request);
        state.create(job);
        start(job);
        return { TrainingJobArn: job.arn };
      }),
      DescribeTrainingJob: operation(NameSchema, ({ TrainingJobName }) => describe(require(TrainingJobName))),
      ListTrainingJobs: operation(ListTrainingJobsSchema, (input) => {
        const { page, ...token } = listPage(state.jobs.all(), input, (job) => ({ name: job.request.TrainingJobName, created: job.created, modified: job.modified, status: job.status }));
        return { TrainingJobSummaries: page.map(summary), ...token };
      }),
      StopTrainingJob: operation(NameSchema, ({ TrainingJobName }) => {
        requestStop(state, runner, require(TrainingJobName));
        return {};
      }),
    },
    resume: () => resume(state, start),
    stop: () => runner.shutdown(),
  };
}

function newJob(parts: SageMakerParts, state: TrainingState, request: z.infer<typeof CreateTrainingJobSchema>): TrainingJob {
  const arn = sageMakerArn(parts, `training-job/${request.TrainingJobName}`);
  if (state.jobs.get(request.TrainingJobName) !== undefined) {
    throw new WireError(400, 'ResourceInUse', `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`);
  }
  const { bucket } = parseS3Uri(request.OutputDataConfig.S3OutputPath);
  if (parts.store.buckets.find(bucket) === undefined) throw validationError(`S3 bucket ${bucket} of OutputDataConfig.S3OutputPath does not exist.`);
  checkQuota('training', request.ResourceConfig.InstanceType, parts.quotas.trainingJobs, state.jobs.all());
  const now = parts.cloud.clock.now();
  return { request, arn, status: 'InProgress', secondary: 'Starting', created: now, modified: now, transitions: firstTransition(now), metrics: [] };
}

function requestStop(state: TrainingState, runner: JobRunner, { request, status }: TrainingJob): void {
  if (status === 'Stopping') return;
  if (status !== 'InProgress') throw validationError(`The request was rejected because the training job is in status ${status}.`);
  state.move(request.TrainingJobName, 'Stopping', { status: 'Stopping' });
  runner.stop(request.TrainingJobName);
}

function resume(state: TrainingState, start: (job: TrainingJob) => void): void {
  for (const { request, status } of state.jobs.all()) {
    const name = request.TrainingJobName;
    if (status === 'Stopping') state.move(name, 'Stopped', { status: 'Stopped' });
    if (status !== 'InProgress') continue;
    state.move(name, 'Interrupted');
    start(state.move(name, 'Starting'));
  }
}

function describe(job: TrainingJob): object {
  const { Tags: _tags, ...request } = job.request;
  const trained = job.ended === undefined || job.started === undefined ? undefined : Math.ceil((job.ended - job.started) / 1000);
  return {
    ...request,
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondary,
    FailureReason: job.failureReason,
    ...(job.modelArtifacts === undefined ? {} : { ModelArtifacts: { S3ModelArtifacts: job.modelArtifacts } }),
    CreationTime: seconds(job.created),
    TrainingStartTime: seconds(job.started),
    TrainingEndTime: seconds(job.ended),
    LastModifiedTime: seconds(job.modified),
    TrainingTimeInSeconds: trained,
    BillableTimeInSeconds: trained,
    SecondaryStatusTransitions: job.transitions.map(({ StartTime, EndTime, ...rest }) => ({ ...rest, StartTime: seconds(StartTime), EndTime: seconds(EndTime) })),
    FinalMetricDataList: job.metrics.map((metric) => ({ ...metric, Timestamp: seconds(metric.Timestamp) })),
  };
}

function summary(job: TrainingJob): object {
  return {
    TrainingJobName: job.request.TrainingJobName,
    TrainingJobArn: job.arn,
    CreationTime: seconds(job.created),
    TrainingEndTime: seconds(job.ended),
    LastModifiedTime: seconds(job.modified),
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondary,
  };
}
