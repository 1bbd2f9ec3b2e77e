/**
 * start-transform on a local cloud without other functions: what two invocations at once, or one that is cut short
 * after any call, make of the same files.
 */
import { CreateModelCommand, ListTransformJobsCommand, StopTransformJobCommand } from '@aws-sdk/client-sagemaker';
import { ClaimSchema, keys, makeEvent, ModelManifestSchema, ReceiptSchema } from '@dropforest/contracts';
import { createBucket, createClients, RetryLater, type Clients } from '@dropforest/lambda-kit';
import { startLocalCloud, type LocalCloud } from '@dropforest/local-cloud';
import { startTransform } from '@dropforest/start-transform';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const [ACCOUNT, REGION, BUCKET, BUS] = ['111122223333', 'us-east-1', 'data', 'dropforest'];
/** Jobs with it run until they are stopped; with any other image they fail at once. */
const ENDLESS = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/endless:1`;
const MISSING = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/missing:1`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/jobs`;

type Event = Parameters<typeof startTransform.handle>[0];
type Context = Parameters<typeof startTransform.handle>[1];

let cloud: LocalCloud;
let clients: Clients;
beforeAll(async () => {
  cloud = await startLocalCloud({
    port: 0,
    storage: { kind: 'memory' },
    functions: {},
    containers: (image) => (image === ENDLESS ? { command: process.execPath, args: ['-e', 'setInterval(() => undefined, 1000)'] } : undefined),
    onLog: () => undefined,
    wiring: { account: ACCOUNT, region: REGION, buckets: [{ name: BUCKET, eventBridge: false }], buses: [BUS], queues: [], rules: [], functions: [], topics: [] },
  });
  clients = createClients({ url: cloud.url, region: REGION });
});
afterAll(async () => {
  clients.destroy();
  await cloud.stop();
});

const manifest = ModelManifestSchema.parse({
  formatVersion: 1, dataset: 'x', task: 'regression', target: 'y', algorithm: 'forest', hyperparameters: {}, preprocessing: {},
  schema: { columns: [{ name: 'price', kind: 'numeric', required: true }], header: true, fileColumns: ['price', 'y'] },
  metrics: { task: 'regression', baseline: { rmse: 1, mae: 1, r2: 0, rows: 1 } },
  rows: { read: 1, trained: 1, heldOut: 0, leftOut: 0 },
});

let count = 0;
/** A data set with a champion, whose jobs run with this image. */
async function newDataset({ image = MISSING, predictQuietSeconds = 0, hasChampion = true } = {}): Promise<string> {
  const dataset = `d${(count += 1)}`;
  const job = `df-${dataset}-0123456789ab-1`;
  const write = (key: string, value: unknown) => bucket().write(key, JSON.stringify(value), 'application/json');
  await clients.sagemaker.send(new CreateModelCommand({ ModelName: job, ExecutionRoleArn: ROLE, PrimaryContainer: { Image: image } }));
  await write(keys.modelFile(dataset, job, 'manifest.json'), manifest);
  await write(keys.datasetConfig(dataset), { predictQuietSeconds });
  const champion = { job, model: job, modelPackageArn: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/df-${dataset}/1`, version: 1, promotedAt: '2026-03-01T00:00:00.000Z' };
  if (hasChampion) await write(keys.champion(dataset), champion);
  return dataset;
}

function bucket(of = clients) {
  return createBucket(of.s3, BUCKET);
}

async function drop(dataset: string, file: string, body = `price\n${file.length}\n`): Promise<string> {
  await bucket().write(keys.drop('predict', dataset, file), body, 'text/csv');
  return file;
}

function contextOf(more: Partial<Context> = {}): Context {
  const quiet = () => undefined;
  return { environment: { MAX_TRANSFORM_JOBS: 4 }, clients, bucket: bucket(more.clients), bus: BUS, log: { info: quiet, warn: quiet, error: quiet }, now: Date.now, receiveCount: 1, ...more };
}

const envelope = { id: 'e', account: ACCOUNT, region: REGION, time: '2026-03-04T12:00:00Z' };
function arrivalOf(dataset: string, file: string): Event {
  const object = { key: keys.drop('predict', dataset, file), size: 1, etag: 'x' };
  return { ...envelope, source: 'aws.s3', 'detail-type': 'Object Created', detail: { bucket: { name: BUCKET }, object } };
}
function promotionOf(dataset: string): Event {
  return makeEvent('ModelPromoted', ['a'], 0, { dataset, job: 'j', modelPackageArn: 'a', modelVersion: 1 });
}

/** Clients of one invocation whose every request goes through `around`. */
function watchedClients(around: <T>(request: () => Promise<T>, input: object) => Promise<T>): Clients {
  const own = createClients({ url: cloud.url, region: REGION });
  own.s3.middlewareStack.add((next) => (args) => around(() => next(args), args.input));
  own.sagemaker.middlewareStack.add((next) => (args) => around(() => next(args), args.input));
  own.eventBridge.middlewareStack.add((next) => (args) => around(() => next(args), args.input));
  return own;
}

/** Whether a request writes a claim. */
function isClaim(input: object): boolean {
  return 'Body' in input && 'Key' in input && String(input.Key).endsWith('/claim.json');
}

async function transformJobs(dataset: string): Promise<readonly string[]> {
  const { TransformJobSummaries = [] } = await clients.sagemaker.send(new ListTransformJobsCommand({ NameContains: `df-${dataset}-`, MaxResults: 100 }));
  return TransformJobSummaries.map(({ TransformJobName = '' }) => TransformJobName).toSorted();
}

async function claimsOf(dataset: string): Promise<readonly z.output<typeof ClaimSchema>[]> {
  const found = (await bucket().list(keys.resultFolder(dataset))).filter(({ key }) => key.endsWith('/claim.json'));
  return Promise.all(found.map(async ({ key }) => ClaimSchema.parse((await bucket().readJson(key, ClaimSchema))?.value)));
}

const EventsSchema = z.object({ events: z.array(z.object({ event: z.object({ 'detail-type': z.string(), detail: z.looseObject({ dataset: z.string().optional(), id: z.string().optional(), key: z.string().optional() }) }) })) });
async function told(dataset: string, type: string): Promise<ReadonlyMap<string, string>> {
  const { events } = EventsSchema.parse(await (await fetch(`${cloud.url}/_local/events`)).json());
  return new Map(events.flatMap(({ event }) => (event['detail-type'] === type && event.detail.dataset === dataset ? [[event.detail.id ?? '', event.detail.key ?? '']] : [])));
}

/** Every file is one job's, that job is there, and it reads the files that are its own and no others. */
async function expectPredictedOnce(dataset: string, files: readonly string[]): Promise<void> {
  const claims = await claimsOf(dataset);
  expect(claims.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
  const jobs = [...new Set(claims.map(({ job }) => job))].toSorted();
  expect(await transformJobs(dataset)).toEqual(jobs);
  for (const job of jobs) {
    const listed = z.array(z.json()).parse((await bucket().readJson(keys.inputManifest(job), z.array(z.json())))?.value);
    const folder = keys.snapshotFolder(dataset);
    expect(listed).toEqual([{ prefix: `s3://${BUCKET}/${folder}` }, ...claims.filter((claim) => claim.job === job).map(({ snapshot }) => snapshot.slice(folder.length))]);
  }
}

/** Delivers until nothing puts the message back, a minute later each time. @returns how often */
async function deliver(event: Event, more: Partial<Context> = {}, receiveCount = 1): Promise<number> {
  try {
    await startTransform.handle(event, contextOf({ now: () => Date.now() + (receiveCount - 1) * 60_000, receiveCount, ...more }));
    return receiveCount;
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    return deliver(event, {}, receiveCount + 1);
  }
}

describe('files of a burst', () => {
  test('share one job, which is told of file by file', async () => {
    const dataset = await newDataset();
    const files = await Promise.all(Array.from({ length: 25 }, (_, index) => drop(dataset, `${index}.csv`)));
    await deliver(arrivalOf(dataset, '7.csv'));
    expect(await transformJobs(dataset)).toHaveLength(1);
    await expectPredictedOnce(dataset, files);
    const started = await told(dataset, 'PredictionStarted');
    expect([...started.values()].toSorted()).toEqual(files.map((file) => keys.drop('predict', dataset, file)).toSorted());
  });

  test('whose events come late, or again, cost three calls each and change nothing', async () => {
    const dataset = await newDataset();
    const files = await Promise.all(['a.csv', 'b.csv'].map((file) => drop(dataset, file)));
    await deliver(arrivalOf(dataset, 'a.csv'));
    let calls = 0;
    const counting = watchedClients((request) => {
      calls += 1;
      return request();
    });
    await startTransform.handle(arrivalOf(dataset, 'b.csv'), contextOf({ clients: counting, bucket: bucket(counting) }));
    counting.destroy();
    expect(calls).toBe(3);
    await expectPredictedOnce(dataset, files);
    expect((await told(dataset, 'PredictionStarted')).size).toBe(2);
  });

  test('wait while it goes on, and cost a listing each', async () => {
    const dataset = await newDataset({ predictQuietSeconds: 60 });
    await drop(dataset, 'a.csv');
    const waiting = startTransform.handle(arrivalOf(dataset, 'a.csv'), contextOf());
    await expect(waiting).rejects.toMatchObject({ code: 'retry-later', message: expect.stringContaining('may still be coming') });
    expect(await claimsOf(dataset)).toEqual([]);
    expect(await deliver(arrivalOf(dataset, 'a.csv'))).toBe(2);
    await expectPredictedOnce(dataset, ['a.csv']);
  });

  test('do not suffer by one among them that cannot be predicted', async () => {
    const dataset = await newDataset();
    await drop(dataset, 'bad.csv', 'colour\nred\n');
    await drop(dataset, 'good.csv');
    await deliver(arrivalOf(dataset, 'good.csv'));
    await expectPredictedOnce(dataset, ['good.csv']);
    expect([...(await told(dataset, 'UploadRejected')).values()]).toEqual([keys.drop('predict', dataset, 'bad.csv')]);
    await deliver(arrivalOf(dataset, 'bad.csv'));
    expect((await told(dataset, 'UploadRejected')).size).toBe(1);
  });
});

describe('a job is created once', () => {
  test('whatever the order of the calls of invocations at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 3 }), async (scheduler, stepsBeforeDrop) => {
        const dataset = await newDataset();
        const step = () => scheduler.schedule(Promise.resolve());
        const invoke = async (event: Event) => {
          const watched = watchedClients(async (request) => {
            await step();
            return request();
          });
          await deliver(event, { clients: watched, bucket: bucket(watched) }).finally(() => watched.destroy());
        };
        const files = stepsBeforeDrop.map((_, index) => `${index}.csv`);
        const arrivals = files.map(async (file, index) => {
          for (let left = stepsBeforeDrop[index] ?? 0; left > 0; left -= 1) await step();
          await drop(dataset, file);
          await invoke(arrivalOf(dataset, file));
        });
        await scheduler.waitFor(Promise.all([...arrivals, invoke(promotionOf(dataset))]));
        await expectPredictedOnce(dataset, files);
      }),
      { numRuns: 8 },
    );
  });

  test.each([
    ['a file came', (dataset: string) => arrivalOf(dataset, 'b.csv')],
    ['a model was promoted', promotionOf],
  ])('whichever call is the last before the function is killed, when %s', async (_, eventOf) => {
    let last = 0;
    for (let isOver = false; !isOver; last += 1) {
      const dataset = await newDataset();
      const files = await Promise.all(['a.csv', 'b.csv'].map((file) => drop(dataset, file)));
      let calls = 0;
      const dying = watchedClients(async (request) => {
        if (calls > last) throw new Error('killed');
        const answer = await request();
        if (++calls > last) throw new Error('killed');
        return answer;
      });
      const first = startTransform.handle(eventOf(dataset), contextOf({ clients: dying, bucket: bucket(dying) }));
      isOver = await first.then(
        () => true,
        () => false,
      );
      dying.destroy();
      await deliver(eventOf(dataset), {}, 2);
      await expectPredictedOnce(dataset, files);
    }
    expect(last).toBeGreaterThan(20);
  });

  test.each([
    ['a file came', (dataset: string) => arrivalOf(dataset, 'a.csv')],
    ['a model was promoted', promotionOf],
  ])('where another invocation was first with its files, when %s', async (_, eventOf) => {
    const dataset = await newDataset();
    await drop(dataset, 'a.csv');
    const [reached, resumed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const pausing = watchedClients(async (request, input) => {
      if (isClaim(input)) {
        reached.resolve();
        await resumed.promise;
      }
      return request();
    });
    const paused = deliver(eventOf(dataset), { clients: pausing, bucket: bucket(pausing) });
    await reached.promise;
    await drop(dataset, 'b.csv');
    await deliver(arrivalOf(dataset, 'b.csv'));
    resumed.resolve();
    await paused;
    pausing.destroy();
    await expectPredictedOnce(dataset, ['a.csv', 'b.csv']);
    expect(await transformJobs(dataset)).toHaveLength(1);
  });

  test('though the function is killed between its claims, whichever file it was called for', async () => {
    const dataset = await newDataset();
    const files = await Promise.all(Array.from({ length: 20 }, (_, index) => drop(dataset, `${index + 10}.csv`)));
    let claims = 0;
    const dying = watchedClients(async (request, input) => {
      if (isClaim(input) && ++claims > 1) throw new Error('killed');
      return request();
    });
    await expect(startTransform.handle(arrivalOf(dataset, '29.csv'), contextOf({ clients: dying, bucket: bucket(dying) }))).rejects.toThrow('killed');
    dying.destroy();
    expect(await claimsOf(dataset)).toHaveLength(1);
    await deliver(arrivalOf(dataset, '29.csv'), {}, 2);
    await expectPredictedOnce(dataset, files);
  });

  test('under another name where somebody has deleted the results of the first', async () => {
    const dataset = await newDataset();
    await drop(dataset, 'a.csv');
    await deliver(arrivalOf(dataset, 'a.csv'));
    const [first = ''] = await transformJobs(dataset);
    for (const { key } of await bucket().list(keys.resultFolder(dataset))) await bucket().delete(key);
    await deliver(arrivalOf(dataset, 'a.csv'));
    expect(await transformJobs(dataset)).toEqual([first, first.replace(/-1$/, '-2')]);
    expect(await claimsOf(dataset)).toMatchObject([{ job: first.replace(/-1$/, '-2') }]);
  });

  test('and once more when a person has asked again', async () => {
    const dataset = await newDataset();
    await drop(dataset, 'a.csv');
    await deliver(arrivalOf(dataset, 'a.csv'));
    const [claim] = await claimsOf(dataset);
    await bucket().write(keys.resultAttempt(dataset, 'a.csv', claim?.etag ?? ''), '{"attempt":2}', 'application/json');
    await bucket().delete(keys.claim(dataset, 'a.csv', claim?.etag ?? ''));
    await deliver(arrivalOf(dataset, 'a.csv'));
    expect(await transformJobs(dataset)).toHaveLength(2);
    expect(await claimsOf(dataset)).toMatchObject([{ attempt: 2, job: expect.stringMatching(/-2$/) }]);
  });
});

describe('a backlog', () => {
  test('of files that came before the model is taken when it is promoted, without those that are done', async () => {
    const dataset = await newDataset({ hasChampion: false });
    await drop(dataset, 'a.csv');
    await deliver(arrivalOf(dataset, 'a.csv'));
    expect([...(await told(dataset, 'PredictionWaiting')).values()]).toEqual([keys.drop('predict', dataset, 'a.csv')]);
    await deliver(promotionOf(dataset));
    expect(await claimsOf(dataset)).toEqual([]);

    const job = `df-${dataset}-0123456789ab-1`;
    await bucket().write(keys.champion(dataset), JSON.stringify({ job, model: job, modelPackageArn: 'arn:p', version: 1, promotedAt: '' }), 'application/json');
    await drop(dataset, 'done.csv');
    const etag = (await bucket().head(keys.drop('predict', dataset, 'done.csv')))?.etag ?? '';
    await bucket().write(keys.receipt(dataset, 'done.csv', etag), JSON.stringify(receipt), 'application/json');
    await deliver(promotionOf(dataset));
    await expectPredictedOnce(dataset, ['a.csv']);
  });

  test('waits while as many jobs run as may, and is taken when one of them ends', async () => {
    const [busy, waiting] = [await newDataset({ image: ENDLESS }), await newDataset()];
    for (const file of ['a.csv', 'b.csv', 'c.csv', 'd.csv']) {
      await drop(busy, file);
      await deliver(arrivalOf(busy, file));
    }
    const running = await transformJobs(busy);
    expect(running).toHaveLength(4);
    await drop(waiting, 'a.csv');
    for (const event of [arrivalOf(waiting, 'a.csv'), promotionOf(waiting)]) {
      await expect(startTransform.handle(event, contextOf())).rejects.toMatchObject({ code: 'retry-later', message: expect.stringContaining('as many transform jobs run as may') });
    }
    expect(await claimsOf(waiting)).toEqual([]);

    await Promise.all(running.map((TransformJobName) => clients.sagemaker.send(new StopTransformJobCommand({ TransformJobName }))));
    await cloud.idle();
    const [TransformJobName = ''] = running;
    await deliver({ ...envelope, source: 'aws.sagemaker', 'detail-type': 'SageMaker Transform Job State Change', detail: { TransformJobName: TransformJobName.replace(busy, waiting), TransformJobStatus: 'Stopped' } });
    await expectPredictedOnce(waiting, ['a.csv']);
  });
});

const receipt = ReceiptSchema.parse({
  key: 'k', etag: 'e', job: 'j', model: { name: 'm', version: 1, modelPackageArn: 'a' }, predictions: 'p', rows: 1, predicted: 1, refused: 0, droppedAt: '', startedAt: '', endedAt: '', publishedAt: '',
});
