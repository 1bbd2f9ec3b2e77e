import { systemClock } from '../clock.ts';
import { isEmptyFolder, uploadArchive } from './archive.ts';
import { SHUTDOWN_GRACE_MS, startContainer } from './container-process.ts';
import type { ContainerExit, ContainerStart } from './container-process.ts';
import { trainInProcess } from './in-process-container.ts';
import { INTERNAL_FAILURE, JobFailure } from './job-failure.ts';
import type { JobControl } from './job-runner.ts';
import { createMetricReader } from './metrics.ts';
import type { MetricReader } from './metrics.ts';
import { prepareOptMl, readFailure } from './opt-ml.ts';
import type { OptMl } from './opt-ml.ts';
import type { Children } from './orphans.ts';
import { below } from './s3-uri.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import type { TrainingJob } from './training-schema.ts';
import type { TrainingState } from './training-state.ts';
import { createWorkFolder } from './work-folder.ts';
import type { WorkFolder } from './work-folder.ts';

export const TRAINING_LOG_GROUP = '/aws/sagemaker/TrainingJobs';

/** `docker stop -t 120`, as the platform does. */
const STOP_GRACE_MS = 120_000;

export interface TrainingRunParts extends SageMakerParts {
  readonly state: TrainingState;
  readonly children: Children;
}

interface Run {
  readonly parts: TrainingRunParts;
  readonly job: TrainingJob;
  readonly control: JobControl;
  readonly metrics: MetricReader;
}

/** Runs one training job from Starting to its end. Never rejects. */
export async function runTrainingJob(parts: TrainingRunParts, job: TrainingJob, control: JobControl): Promise<void> {
  const run: Run = { parts, job, control, metrics: createMetricReader(job.request.AlgorithmSpecification.MetricDefinitions ?? []) };
  const release = await control.place();
  try {
    if (release === undefined) finish(run, {});
    else await runInFolder(run);
  } catch (error) {
    fail(run, error);
  } finally {
    release?.();
  }
}

async function runInFolder(run: Run): Promise<void> {
  const folder = await createWorkFolder(run.parts, `training-${nameOf(run)}`);
  try {
    await download(run, folder);
  } finally {
    run.parts.children.remove(folder.optMl);
    await folder.remove();
  }
}

async function download(run: Run, folder: WorkFolder): Promise<void> {
  const { parts, job, control } = run;
  parts.state.move(nameOf(run), 'Downloading', { started: parts.cloud.clock.now() });
  const tree = await prepareOptMl(folder.optMl, job.request, parts.store);
  if (control.signal.aborted) return finish(run, {});
  parts.state.move(nameOf(run), 'Training');
  const exit = await train(run, folder);
  if (control.reason() === 'shutdown') return;
  await uploadAndFinish(run, tree, exit);
}

/** Runs the program until it ends, is stopped, or has run for too long. */
async function train(run: Run, folder: WorkFolder): Promise<ContainerExit> {
  const { parts, job, control, metrics } = run;
  const { clock } = parts.cloud;
  const image = job.request.AlgorithmSpecification.TrainingImage;
  const container = parts.containers(image);
  if (container === undefined) throw new JobFailure(`ClientError: CannotPullContainerError: the local cloud has no program for the image ${image}.`);
  const stream = `${nameOf(run)}/algo-1-${Math.floor(clock.now() / 1000)}`;
  const start: ContainerStart = {
    folder: folder.optMl,
    environment: { ...job.request.Environment, OPT_ML: folder.optMl, TRAINING_JOB_NAME: nameOf(run), TRAINING_JOB_ARN: job.arn },
    onLine(line) {
      parts.logs.append(TRAINING_LOG_GROUP, stream, [line]);
      metrics.read(line, clock.now());
    },
  };
  const child = 'train' in container ? trainInProcess(container, parts.cloud, start) : startContainer(container, 'train', start);
  if (child.pid !== undefined) parts.children.add(child.pid, folder.optMl);
  const cancelLimit = clock.schedule(job.request.StoppingCondition.MaxRuntimeInSeconds * 1000, () => control.stop('max-runtime'));
  const stopListening = control.onStop((reason) => (reason === 'shutdown' ? child.terminate(systemClock, SHUTDOWN_GRACE_MS) : child.terminate(clock, STOP_GRACE_MS)));
  const exit = await child.exit;
  cancelLimit();
  stopListening();
  return exit;
}

/** A stopped job has a model too, when its container left one in the time it was given. */
async function uploadAndFinish(run: Run, tree: OptMl, exit: ContainerExit): Promise<void> {
  const { parts, job, control } = run;
  const stopped = control.reason() !== undefined;
  const failure = stopped ? undefined : await failureOf(exit, tree);
  const output = below(job.request.OutputDataConfig.S3OutputPath, `${nameOf(run)}/output`);
  if (failure === undefined) parts.state.move(nameOf(run), 'Uploading');
  if (!(await isEmptyFolder(tree.outputData))) await uploadArchive(parts.store, tree.outputData, output, 'output.tar.gz');
  if (failure !== undefined) throw failure;
  const hasModel = !stopped || !(await isEmptyFolder(tree.model));
  finish(run, hasModel ? { modelArtifacts: await uploadArchive(parts.store, tree.model, output, 'model.tar.gz') } : {});
}

async function failureOf(exit: ContainerExit, tree: OptMl): Promise<JobFailure | undefined> {
  if (exit.kind === 'not-started') return new JobFailure(`ClientError: CannotStartContainerError: ${exit.error.message}`, { cause: exit.error });
  if (exit.code === 0) return undefined;
  const text = await readFailure(tree.failure);
  return new JobFailure(text === undefined ? `AlgorithmError: Exit Code: ${exit.code}` : `AlgorithmError: ${text}, exit code: ${exit.code}`);
}

/** Ends a job that has not failed. */
function finish({ parts, job, control, metrics }: Run, { modelArtifacts }: { readonly modelArtifacts?: string }): void {
  const reason = control.reason();
  if (reason === 'shutdown') return;
  const changes = { ended: parts.cloud.clock.now(), metrics: metrics.final(), ...(modelArtifacts === undefined ? {} : { modelArtifacts }) };
  const name = job.request.TrainingJobName;
  if (reason === undefined) parts.state.move(name, 'Completed', { ...changes, status: 'Completed' });
  else parts.state.move(name, reason === 'max-runtime' ? 'MaxRuntimeExceeded' : 'Stopped', { ...changes, status: 'Stopped' });
}

function fail(run: Run, error: unknown): void {
  const { parts, job, control, metrics } = run;
  // What goes wrong while a job is being stopped is part of stopping.
  if (control.reason() !== undefined) return finish(run, {});
  const known = error instanceof JobFailure;
  const name = job.request.TrainingJobName;
  if (!known) parts.cloud.log({ level: 'error', from: `training job ${name}`, message: error instanceof Error ? error.message : String(error), error });
  parts.state.move(name, 'Failed', { status: 'Failed', failureReason: known ? error.message : INTERNAL_FAILURE, ended: parts.cloud.clock.now(), metrics: metrics.final() });
}

function nameOf({ job }: Run): string {
  return job.request.TrainingJobName;
}
