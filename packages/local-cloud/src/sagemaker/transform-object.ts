import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { ObjectStore } from '../s3/object-store.ts';
import type { ByteRange, Bytes } from '../store/blobs.ts';
import { downloadFile } from './data-source.ts';
import type { SourceObject } from './data-source.ts';
import { JobFailure } from './job-failure.ts';
import type { Limiter } from './limiter.ts';
import type { InvocationResult, ModelServer } from './model-server.ts';
import { recordRanges, RecordTooLargeError } from './record-ranges.ts';
import { below, parseS3Uri } from './s3-uri.ts';
import type { CreateTransformJob } from './transform-schema.ts';

/** The settings in force: the request's, else the container's, else the service's defaults. */
export interface TransformSettings {
  readonly concurrency: number;
  /** 0: no limit. */
  readonly payloadMB: number;
  readonly single: boolean;
}

export interface ObjectTransform {
  readonly store: ObjectStore;
  readonly server: ModelServer;
  readonly request: CreateTransformJob;
  readonly settings: TransformSettings;
  /** Bounds the requests of all objects together. */
  readonly limiter: Limiter;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Why an object has no output: the data is to blame (`ClientError`) or the container (`AlgorithmError`). */
export interface ObjectFailure {
  readonly blame: 'ClientError' | 'AlgorithmError';
  /** For the data log: a headline and, below `Message:`, what the container said. */
  readonly headline: string;
  readonly message: string;
}

export type ObjectOutcome = { readonly kind: 'stored'; readonly bucket: string; readonly key: string } | { readonly kind: 'failed'; readonly failure: ObjectFailure } | { readonly kind: 'stopped' };

const MEGABYTE = 1024 * 1024;
const DEFAULT_TIMEOUT_SECONDS = 600;
const DEFAULT_RETRIES = 3;

/**
 * Sends one object through the model and, when every request succeeded, stores the answers in order as
 * `<S3OutputPath>/<path>.out`.
 *
 * @param index numbers the object's files in the scratch folder
 */
export async function transformObject(transform: ObjectTransform, { object, path }: SourceObject, index: number): Promise<ObjectOutcome> {
  const { store, request, scratch, signal } = transform;
  const file = join(scratch, `${index}.in`);
  const answers: string[] = [];
  try {
    await downloadFile(store, object, file, request.TransformInput.CompressionType === 'Gzip');
    const results = await sendAll(transform, file, (number) => {
      answers.push(join(scratch, `${index}-${number}.out`));
      return answers.at(-1) ?? '';
    });
    if (signal.aborted) return { kind: 'stopped' };
    const failed = results.find((result) => result.kind !== 'answered');
    if (failed !== undefined) return { kind: 'failed', failure: toFailure(failed) };
    const target = parseS3Uri(below(request.TransformOutput.S3OutputPath, `${path}.out`));
    await store.put(target.bucket, target.key, assemble(answers, request.TransformOutput.AssembleWith === 'Line'), contentTypeOf(request));
    return { kind: 'stored', ...target };
  } catch (error) {
    return { kind: 'failed', failure: dataFailure(error) };
  } finally {
    for (const leftover of [file, ...answers]) await rm(leftover, { force: true });
  }
}

/** Sends the object's requests, several at once; stops sending after the first that failed. */
async function sendAll(transform: ObjectTransform, file: string, answerFile: (number: number) => string): Promise<InvocationResult[]> {
  const { settings, limiter } = transform;
  const results: InvocationResult[] = [];
  const pending = new Set<Promise<void>>();
  let failed = false;
  let number = 0;
  for await (const range of requestRanges(transform, file)) {
    if (failed || transform.signal.aborted) break;
    const answer = answerFile(number++);
    const task = limiter(() => sendOne(transform, file, range, answer)).then((result) => {
      failed ||= result.kind !== 'answered';
      results.push(result);
      pending.delete(task);
    });
    pending.add(task);
    if (pending.size >= settings.concurrency) await Promise.race(pending);
  }
  await Promise.all(pending);
  return results;
}

async function* requestRanges({ request, settings }: ObjectTransform, file: string): AsyncGenerator<ByteRange | undefined> {
  const { size } = await stat(file);
  const most = settings.payloadMB === 0 ? Infinity : settings.payloadMB * MEGABYTE;
  if (request.TransformInput.SplitType === 'Line') {
    yield* recordRanges(file, size, most, settings.single);
    return;
  }
  if (size > most) throw new RecordTooLargeError(`The object has ${size} bytes, more than MaxPayloadInMB=${settings.payloadMB} allows for one request. Set SplitType to Line or raise MaxPayloadInMB.`);
  yield size === 0 ? undefined : { start: 0, end: size - 1 };
}

/** 4xx is final; 5xx and no answer are tried again. */
async function sendOne({ server, request, signal }: ObjectTransform, file: string, range: ByteRange | undefined, answerFile: string): Promise<InvocationResult> {
  const { InvocationsMaxRetries = DEFAULT_RETRIES, InvocationsTimeoutInSeconds = DEFAULT_TIMEOUT_SECONDS } = request.ModelClientConfig ?? {};
  const { ContentType: contentType } = request.TransformInput;
  const { Accept: accept } = request.TransformOutput;
  for (let attempt = 0; ; attempt++) {
    const result = await server.invoke({ file, range, contentType, accept, timeoutMs: InvocationsTimeoutInSeconds * 1000, answerFile, signal });
    const isFinal = result.kind === 'answered' || (result.kind === 'refused' && result.status < 500);
    if (isFinal || attempt >= InvocationsMaxRetries || signal.aborted) return result;
  }
}

/** With `lines` every answer ends in exactly one line break of its own or an added one. */
async function* assemble(files: readonly string[], lines: boolean): Bytes {
  for (const file of files) {
    const chunks: AsyncIterable<Buffer> = createReadStream(file);
    yield* chunks;
    if (lines && !(await endsInNewline(file))) yield Buffer.from('\n');
  }
}

async function endsInNewline(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return buffer[0] === 0x0a;
  } finally {
    await handle.close();
  }
}

function toFailure(result: Exclude<InvocationResult, { readonly kind: 'answered' }>): ObjectFailure {
  if (result.kind === 'unreachable') return { blame: 'AlgorithmError', headline: 'Unable to get response from algorithm', message: result.message };
  const { status, body } = result;
  if (status < 500) return { blame: 'ClientError', headline: `ClientError: ${status}`, message: body };
  return { blame: 'AlgorithmError', headline: `Bad HTTP status received from algorithm: ${status}`, message: body };
}

function dataFailure(error: unknown): ObjectFailure {
  if (error instanceof RecordTooLargeError) return { blame: 'ClientError', headline: 'ClientError: 413', message: error.message };
  if (error instanceof JobFailure) return { blame: 'ClientError', headline: error.message, message: '' };
  throw error;
}

function contentTypeOf({ TransformOutput }: CreateTransformJob): { contentType?: string } {
  return TransformOutput.Accept === undefined ? {} : { contentType: TransformOutput.Accept };
}
