/**
 * SageMaker's control plane, JSON protocol (1.1): training jobs, models, model packages, transform jobs, tags.
 *
 * Gaps: one instance a job; no Pipe mode, spot interruptions, checkpoint synchronisation, warm pools, VPC, encryption,
 * debugger; no DataProcessing in transform jobs; no endpoints, processing, tuning or pipelines. Members that the local
 * cloud does not act on are kept and returned.
 * By design: an image is a program on this machine (`containers` in the options); two run at once unless the options
 * say otherwise, the other jobs wait in Starting. A quota is a number of jobs (`quotas`), whatever their instances. Without a group ListModelPackages lists the versions of all groups (the service: only
 * unversioned packages). A job that was under way when the cloud was killed starts again from the beginning, which the
 * service does only for spot interruptions. Children see PATH and HOME, and no AWS credentials.
 * Client quirks: boto reads an error's code from the body (`__type`) only; times are seconds with fractions in the API
 * and milliseconds in events.
 */
import type { JsonOperations, JsonProtocol } from '../http/json-protocol.ts';
import { createPlaces } from './job-runner.ts';
import { createModelPackageGroups } from './model-package-groups.ts';
import { createModelPackages } from './model-packages.ts';
import { createModels } from './models.ts';
import { createChildren, endOrphans } from './orphans.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import { createTags } from './tags.ts';
import { createTrainingJobs } from './training-jobs.ts';
import { createTransformJobs } from './transform-jobs.ts';

export const SAGEMAKER_PROTOCOL: JsonProtocol = { contentType: 'application/x-amz-json-1.1', invalidInput: 'ValidationException' };

export interface SageMaker {
  readonly operations: JsonOperations;
  /** Ends what a killed cloud left running and starts its jobs again. */
  resume(): void;
  /** Ends all jobs under way; they start again at the next start of the same directory. */
  stop(): Promise<void>;
}

/** @param containersAtOnce how many containers run at once; default 2 */
export function createSageMaker(parts: SageMakerParts, containersAtOnce?: number): SageMaker {
  const tags = createTags(parts);
  const groups = createModelPackageGroups(parts, tags);
  const packages = createModelPackages(parts, groups);
  const models = createModels(parts, packages, tags);
  const [places, children] = [createPlaces(containersAtOnce), createChildren(parts.cloud)];
  const training = createTrainingJobs(parts, tags, places, children);
  const transform = createTransformJobs(parts, { tags, models, places, children });
  return {
    operations: {
      ...training.operations,
      ...transform.operations,
      ...models.operations,
      ...groups.operations,
      ...packages.operations,
      ...tags.operations,
    },
    resume() {
      endOrphans(parts.cloud);
      training.resume();
      transform.resume();
    },
    async stop() {
      await Promise.all([training.stop(), transform.stop()]);
    },
  };
}
