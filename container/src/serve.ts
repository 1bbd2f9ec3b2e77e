/**
 * The program `serve`: loads the model and answers predictions over HTTP, for batch transform and for an endpoint.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
import { createHash } from 'node:crypto';
import type { BatchLogLine } from '@dropforest/contracts';
import { kindOfError, loadModel, type Model } from '@dropforest/model';
import fastify, { type FastifyInstance } from 'fastify';
import { algorithms } from './algorithms.ts';
import type { OptMl } from './opt-ml.ts';

const DEFAULT_PORT = 8080;
/** Batch transform sends at most 100 MB in a request. */
const LARGEST_BODY = 101 << 20;
const CSV = 'text/csv';

/** Serves until SIGTERM. @returns the exit code: 1 when the model cannot be loaded or does not answer */
export async function serve(optMl: OptMl, environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const stopped = new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
  let server: FastifyInstance;
  try {
    const model = await loadModel(optMl.readModel(), algorithms);
    model.predictCsv(probe(model), { join: false });
    server = createServer(model, { join: environment['SAGEMAKER_BATCH']?.toLowerCase() === 'true', modelVersion: environment['DROPFOREST_MODEL_VERSION'] });
    await server.listen({ host: '0.0.0.0', port: Number(environment['SAGEMAKER_BIND_TO_PORT'] ?? DEFAULT_PORT) });
  } catch (error) {
    process.stderr.write(`the model cannot be served: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
  await stopped;
  await server.close();
  return 0;
}

export interface ServeOptions {
  /** A CSV request is answered with its own rows, the predictions joined to them: so in batch. */
  readonly join: boolean;
  /** What `model_version` says in each row; the training job where nobody tells. */
  readonly modelVersion?: string | undefined;
}

export function createServer(model: Model, options: ServeOptions): FastifyInstance {
  const server = fastify({ bodyLimit: LARGEST_BODY });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  // The program listens only once the model has answered a row: who can ask is told that it is healthy.
  server.get('/ping', async (_request, reply) => reply.code(200).send());
  server.get('/execution-parameters', async () => ({ MaxConcurrentTransforms: 1, BatchStrategy: 'MULTI_RECORD', MaxPayloadInMB: 100 }));
  server.post('/invocations', async (request, reply) => {
    if (!accepts(request.headers['content-type'])) {
      return reply.code(415).send({ error: 'unsupported-content-type', message: `Content-Type is ${request.headers['content-type'] ?? 'not given'}`, remedy: `Send ${CSV}` });
    }
    if (!accepts(request.headers.accept, true)) {
      return reply.code(406).send({ error: 'unsupported-accept', message: `Accept is ${request.headers.accept ?? ''}`, remedy: `Accept ${CSV}` });
    }
    const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
    const { csv, rows, predicted } = model.predictCsv(body, options);
    if (options.join) log({ event: 'batch-request', sha256: createHash('sha256').update(body).digest('base64'), rows, predicted, refused: rows - predicted });
    return reply.type(`${CSV}; charset=utf-8`).send(Buffer.from(csv.buffer, csv.byteOffset, csv.byteLength));
  });
  server.setErrorHandler((error, _request, reply) => {
    if (kindOfError(error) === 'user' && error instanceof Error) return reply.code(400).send({ error: 'code' in error ? error.code : error.name, message: error.message });
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    return reply.code(status).send({ error: 'internal', message: error instanceof Error ? error.message : String(error) });
  });
  return server;
}

/** Parameters such as `charset` do not matter. */
function accepts(header: string | undefined, isAccept = false): boolean {
  const types = (header ?? (isAccept ? '*/*' : '')).split(',').map((part) => part.split(';')[0]?.trim().toLowerCase());
  return types.some((type) => type === CSV || (isAccept && (type === '*/*' || type === 'text/*')));
}

/** A row that has every column and no value: whatever a model is, it can say something of that. */
function probe({ manifest }: Model): Uint8Array {
  const names = manifest.schema.columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`);
  return new TextEncoder().encode(`${names.join(',')}\n${names.map(() => '""').join(',')}\n`);
}

function log(line: BatchLogLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
