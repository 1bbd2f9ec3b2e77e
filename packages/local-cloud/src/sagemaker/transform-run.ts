import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { systemClock } from '../clock.ts';
import { INTERNAL_ORIGIN } from '../s3/object-store.ts';
import { SHUTDOWN_GRACE_MS, startContainer } from './container-process.ts';
import type { ContainerProcess, ContainerStart } from './container-process.ts';
import { resolveSource, unpackInto } from './data-source.ts';
import type { SourceObject } from './data-source.ts';
import { INTERNAL_FAILURE, JobFailure } from './job-failure.ts';
import type { JobControl } from './job-runner.ts';
import { serveInProcess } from './in-process-container.ts';
import { createLimiter } from './limiter.ts';
import { createModelServer, freePort } from './model-server.ts';
import type { ExecutionParameters, ModelServer } from './model-server.ts';
import type { ModelContainer, Models } from './models.ts';
import type { Children } from './orphans.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import { transformObject } from './transform-object.ts';
import type { ObjectFailure, ObjectOutcome, TransformSettings } from './transform-object.ts';
import type { CreateTransformJob, TransformJob } from './transform-schema.ts';
import type { TransformState } from './transform-state.ts';
import { createWorkFolder } from './work-folder.ts';
import type { WorkFolder } from './work-folder.ts';

export const TRANSFORM_LOG_GROUP = '/aws/sagemaker/TransformJobs';

/** The one instance; part of the names of log streams. */
const INSTANCE = 'i-local';
const STOP_GRACE_MS = 30_000;
const NO_PING = 'AlgorithmError: Model container failed to respond to ping. Please ensure /ping endpoint is implemented and responds with an HTTP 200 status code';

const CONTAINER_GONE: ObjectFailure = { blame: 'AlgorithmError', headline: 'Unable to get response from algorithm', message: 'The container ended before it had answered.' };

export interface TransformRunParts extends SageMakerParts {
  readonly state: TransformState;
  readonly models: Models;
  readonly children: Children;
}

interface Run {
  readonly parts: TransformRunParts;
  readonly name: string;
  readonly request: CreateTransformJob;
  readonly control: JobControl;
}

/** Runs one transform job to its end. Never rejects. */
export async function runTransformJob(parts: TransformRunParts, { request }: TransformJob, control: JobControl): Promise<void> {
  const run: Run = { parts, request, control, name: request.TransformJobName };
  const release = await control.place();
  try {
    if (release === undefined) finish(run, []);
    else await runInFolder(run);
  } catch (error) {
    fail(run, error);
  } finally {
    release?.();
  }
}

async function runInFolder(run: Run): Promise<void> {
  const { parts, request } = run;
  parts.state.markStarted(run.name);
  const model = parts.models.find(request.ModelName);
  if (model === undefined) throw new JobFailure(`ClientError: The model ${request.ModelName} was deleted before the job ran.`);
  const container = parts.models.containerOf(model);
  const objects = await resolveSource(parts.store, request.TransformInput.DataSource.S3DataSource);
  const folder = await createWorkFolder(parts, `transform-${run.name}`);
  try {
    const modelFolder = join(folder.optMl, 'model');
    await mkdir(modelFolder);
    if (container.modelDataUrl !== undefined) await unpackInto(parts.store, container.modelDataUrl, modelFolder);
    finish(run, await serveAndTransform(run, folder, container, objects));
  } finally {
    parts.children.remove(folder.optMl);
    await folder.remove();
  }
}

async function serveAndTransform(run: Run, folder: WorkFolder, container: ModelContainer, objects: readonly SourceObject[]): Promise<readonly ObjectOutcome[]> {
  const { control } = run;
  if (control.signal.aborted) return [];
  const { child, server } = await serve(run, folder, container);
  // A container that ends while requests are open must not be waited for until they time out.
  const gone = new AbortController();
  const exited = child.exit.then(() => gone.abort());
  const stopListening = control.onStop((reason) => stopChild(run, child, reason === 'shutdown'));
  try {
    if (!(await server.ready(exited))) {
      if (control.signal.aborted) return [];
      throw await notReady(child);
    }
    return await transformAll(run, folder, server, objects, gone.signal);
  } finally {
    stopListening();
    stopChild(run, child, control.reason() === 'shutdown');
    await child.exit;
  }
}

async function notReady(child: ContainerProcess): Promise<JobFailure> {
  if (child.pid !== undefined) return new JobFailure(NO_PING);
  const exit = await child.exit;
  return new JobFailure(exit.kind === 'not-started' ? `ClientError: CannotStartContainerError: ${exit.error.message}` : NO_PING);
}

function stopChild({ parts }: Run, child: ContainerProcess, shutdown: boolean): void {
  if (shutdown) child.terminate(systemClock, SHUTDOWN_GRACE_MS);
  else child.terminate(parts.cloud.clock, STOP_GRACE_MS);
}

async function serve({ parts, name, request }: Run, folder: WorkFolder, { image, environment }: ModelContainer): Promise<{ readonly child: ContainerProcess; readonly server: ModelServer }> {
  const container = parts.containers(image);
  if (container === undefined) throw new JobFailure(`ClientError: CannotPullContainerError: the local cloud has no program for the image ${image}.`);
  const start: ContainerStart = {
    folder: folder.optMl,
    environment: { ...environment, ...request.Environment, ...platformEnvironment(request), OPT_ML: folder.optMl },
    onLine: (line) => parts.logs.append(TRANSFORM_LOG_GROUP, `${name}/${INSTANCE}`, [line]),
  };
  if ('serve' in container) return serveInProcess(container, parts.cloud, start);
  const port = await freePort();
  const child = startContainer(container, 'serve', { ...start, environment: { ...start.environment, SAGEMAKER_BIND_TO_PORT: String(port) } });
  if (child.pid !== undefined) parts.children.add(child.pid, folder.optMl);
  return { child, server: createModelServer(port) };
}

/** Settings are handed on only when the request has them. */
function platformEnvironment({ MaxPayloadInMB, BatchStrategy, MaxConcurrentTransforms }: CreateTransformJob): Record<string, string> {
  return {
    SAGEMAKER_BATCH: 'true',
    ...(MaxPayloadInMB === undefined ? {} : { SAGEMAKER_MAX_PAYLOAD_IN_MB: String(MaxPayloadInMB) }),
    ...(BatchStrategy === undefined ? {} : { SAGEMAKER_BATCH_STRATEGY: BatchStrategy === 'MultiRecord' ? 'MULTI_RECORD' : 'SINGLE_RECORD' }),
    ...(MaxConcurrentTransforms === undefined ? {} : { SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(MaxConcurrentTransforms) }),
  };
}

async function transformAll(run: Run, folder: WorkFolder, server: ModelServer, objects: readonly SourceObject[], gone: AbortSignal): Promise<readonly ObjectOutcome[]> {
  const { parts, request, control } = run;
  const settings = settingsOf(request, await server.executionParameters());
  writeDataLog(run, [`MaxConcurrentTransforms=${settings.concurrency}, MaxPayloadInMB=${settings.payloadMB}, BatchStrategy=${settings.single ? 'SINGLE_RECORD' : 'MULTI_RECORD'}`]);
  const signal = AbortSignal.any([control.signal, gone]);
  const transform = { store: parts.store, server, request, settings, limiter: createLimiter(settings.concurrency), scratch: folder.scratch, signal };
  const oneByOne = createLimiter(settings.concurrency);
  return Promise.all(
    objects.map((source, index) =>
      oneByOne(async () => {
        const outcome = await transformObject(transform, source, index);
        if (outcome.kind === 'failed') logFailure(run, source, outcome.failure);
        if (outcome.kind === 'stopped' && gone.aborted) logFailure(run, source, CONTAINER_GONE);
        return outcome;
      }),
    ),
  );
}

function settingsOf(request: CreateTransformJob, said: ExecutionParameters): TransformSettings {
  const strategy = request.BatchStrategy ?? (said.BatchStrategy === 'SINGLE_RECORD' ? 'SingleRecord' : 'MultiRecord');
  return {
    concurrency: Math.max(1, request.MaxConcurrentTransforms ?? said.MaxConcurrentTransforms ?? 1),
    payloadMB: request.MaxPayloadInMB ?? said.MaxPayloadInMB ?? 6,
    single: strategy === 'SingleRecord',
  };
}

function logFailure(run: Run, { object }: SourceObject, { headline, message }: ObjectFailure): void {
  const where = `${object.bucket}/${object.key}`;
  writeDataLog(run, [`${where}: ${headline}`, `${where}: `, `${where}: Message:`, ...message.split('\n').map((line) => `${where}: ${line}`)]);
}

function writeDataLog({ parts, name }: Run, lines: readonly string[]): void {
  const time = new Date(parts.cloud.clock.now()).toISOString();
  parts.logs.append(TRANSFORM_LOG_GROUP, `${name}/${INSTANCE}/data-log`, lines.map((line) => `${time}:[sagemaker logs]: ${line}`));
}

/** Ends a job whose objects have all been tried, or that was stopped. A stopped job stores nothing. */
function finish(run: Run, outcomes: readonly ObjectOutcome[]): void {
  const { parts, control, name } = run;
  const ended = parts.cloud.clock.now();
  const reason = control.reason();
  if (reason === 'shutdown') return;
  if (reason !== undefined) {
    for (const outcome of outcomes) if (outcome.kind === 'stored') parts.store.delete(outcome.bucket, outcome.key, INTERNAL_ORIGIN);
    return parts.state.move(name, 'Stopped', { ended });
  }
  const blamed = new Set(outcomes.map((outcome) => (outcome.kind === 'failed' ? outcome.failure.blame : undefined)));
  // The container went away while an object was under way.
  if (outcomes.some(({ kind }) => kind === 'stopped')) blamed.add('AlgorithmError');
  if (blamed.has('AlgorithmError')) throw new JobFailure('AlgorithmError: See job logs for more information');
  if (blamed.has('ClientError')) throw new JobFailure('ClientError: See job logs for more information');
  parts.state.move(name, 'Completed', { ended });
}

function fail(run: Run, error: unknown): void {
  const { parts, control, name } = run;
  // What goes wrong while a job is being stopped is part of stopping.
  if (control.reason() !== undefined) return finish(run, []);
  const known = error instanceof JobFailure;
  if (!known) parts.cloud.log({ level: 'error', from: `transform job ${name}`, message: error instanceof Error ? error.message : String(error), error });
  parts.state.move(name, 'Failed', { failureReason: known ? error.message : INTERNAL_FAILURE, ended: parts.cloud.clock.now() });
}
