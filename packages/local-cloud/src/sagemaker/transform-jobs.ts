import { z } from 'zod';

import { operation } from '../http/json-protocol.ts';
import { validationError, WireError } from '../http/wire-error.ts';
import { hasObjects, noObjects } from './data-source.ts';
import { createJobRunner } from './job-runner.ts';
import type { JobRunner, Places } from './job-runner.ts';
import { listPage } from './list-page.ts';
import type { Models } from './models.ts';
import type { Children } from './orphans.ts';
import { checkQuota } from './quota.ts';
import { parseS3Uri } from './s3-uri.ts';
import { sageMakerArn, seconds } from './sagemaker-context.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import type { Tags } from './tags.ts';
import type { Jobs } from './training-jobs.ts';
import { runTransformJob } from './transform-run.ts';
import { CreateTransformJobSchema, ListTransformJobsSchema } from './transform-schema.ts';
import type { CreateTransformJob, TransformJob } from './transform-schema.ts';
import { createTransformState } from './transform-state.ts';
import type { TransformState } from './transform-state.ts';

export interface TransformParts {
  readonly tags: Tags;
  readonly models: Models;
  readonly places: Places;
  readonly children: Children;
}

const NameSchema = z.object({ TransformJobName: z.string() });

export function createTransformJobs(parts: SageMakerParts, { tags, models, places, children }: TransformParts): Jobs {
  const state = createTransformState(parts, tags);
  const runner = createJobRunner(parts.cloud, places);
  const start = (job: TransformJob): void => runner.start(job.request.TransformJobName, (control) => runTransformJob({ ...parts, state, models, children }, job, control));
  const require = (name: string): TransformJob => {
    const job = state.jobs.get(name);
    if (job === undefined) throw validationError(`Could not find requested job with name: ${name}`);
    return job;
  };
  return {
    operations: {
      CreateTransformJob: operation(CreateTransformJobSchema, (request) => {
        const job = newJob(parts, models, state, request);
        state.create(job);
        start(job);
        return { TransformJobArn: job.arn };
      }),
      DescribeTransformJob: operation(NameSchema, ({ TransformJobName }) => describe(require(TransformJobName))),
      ListTransformJobs: operation(ListTransformJobsSchema, (input) => {
        const { page, ...token } = listPage(state.jobs.all(), input, (job) => ({ name: job.request.TransformJobName, created: job.created, modified: job.modified, status: job.status }));
        return { TransformJobSummaries: page.map(summary), ...token };
      }),
      StopTransformJob: operation(NameSchema, ({ TransformJobName }) => {
        requestStop(state, runner, require(TransformJobName));
        return {};
      }),
    },
    resume() {
      for (const job of state.jobs.all()) {
        if (job.status === 'Stopping') state.move(job.request.TransformJobName, 'Stopped', { ended: parts.cloud.clock.now() });
        if (job.status === 'InProgress') start(job);
      }
    },
    stop: () => runner.shutdown(),
  };
}

function newJob(parts: SageMakerParts, models: Models, state: TransformState, request: CreateTransformJob): TransformJob {
  const arn = sageMakerArn(parts, `transform-job/${request.TransformJobName}`);
  if (state.jobs.get(request.TransformJobName) !== undefined) {
    throw new WireError(400, 'ResourceInUse', `Transform job names must be unique within an AWS account and region, and a transform job with this name already exists (${arn})`);
  }
  if (models.find(request.ModelName) === undefined) throw validationError(`Could not find model "${sageMakerArn(parts, `model/${request.ModelName}`)}".`);
  const source = request.TransformInput.DataSource.S3DataSource;
  if (!hasObjects(parts.store, source)) throw validationError(noObjects(source.S3Uri));
  const { bucket } = parseS3Uri(request.TransformOutput.S3OutputPath);
  if (parts.store.buckets.find(bucket) === undefined) throw validationError(`S3 bucket ${bucket} of TransformOutput.S3OutputPath does not exist.`);
  checkQuota('transform', request.TransformResources.InstanceType, parts.quotas.transformJobs, state.jobs.all());
  const now = parts.cloud.clock.now();
  return { request, arn, status: 'InProgress', created: now, modified: now };
}

function requestStop(state: TransformState, runner: JobRunner, { request, status }: TransformJob): void {
  if (status === 'Stopping') return;
  if (status !== 'InProgress') throw validationError(`The request was rejected because the transform job is in status ${status}.`);
  state.move(request.TransformJobName, 'Stopping');
  runner.stop(request.TransformJobName);
}

function describe(job: TransformJob): object {
  const { Tags: _tags, ...request } = job.request;
  return {
    ...request,
    TransformJobArn: job.arn,
    TransformJobStatus: job.status,
    FailureReason: job.failureReason,
    CreationTime: seconds(job.created),
    TransformStartTime: seconds(job.started),
    TransformEndTime: seconds(job.ended),
  };
}

function summary(job: TransformJob): object {
  return {
    TransformJobName: job.request.TransformJobName,
    TransformJobArn: job.arn,
    CreationTime: seconds(job.created),
    TransformEndTime: seconds(job.ended),
    LastModifiedTime: seconds(job.modified),
    TransformJobStatus: job.status,
    FailureReason: job.failureReason,
  };
}
