/** What an operator does by hand, through the real command line on a running local cloud. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { keys } from '@dropforest/contracts';
import { generateBigMart } from '@dropforest/dataset-bigmart';
import { LOCAL } from '@dropforest/infra';
import { createBucket, createClients, type Bucket, type Clients } from '@dropforest/lambda-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dropforest, end, startUp, type Ended } from '../src/command-line.ts';
import { dropforestInProcess } from '../src/command-line-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'dropforest-operator-'));
const dataDir = join(folder, 'data');
const file = (name: string, body: string) => {
  writeFileSync(join(folder, name), body);
  return join(folder, name);
};
const training = file('train.csv', generateBigMart({ rows: 300, seed: 1, withTarget: true }));
const march = file('march.csv', generateBigMart({ rows: 40, seed: 2, withTarget: false }));
const april = file('april.csv', generateBigMart({ rows: 30, seed: 3, withTarget: false }));
const quick = ['--set', 'quietSeconds=0', '--set', 'tune=off', '--set', 'predictQuietSeconds=0'];
/** Whatever the figures, the last word is a person's. */
const byHand = [...quick, '--set', 'approval=manual', '--set', 'gate.margin=-1'];

const JsonSchema = z.record(z.string(), z.unknown());
const json = ({ stdout }: Ended) => JsonSchema.parse(JSON.parse(stdout));
const run = (...words: readonly string[]) => dropforestInProcess(dataDir, 'ana', words);
const TimelinesSchema = z.object({ uploads: z.array(z.object({ subject: z.string(), id: z.string(), state: z.string(), steps: z.array(z.object({ step: z.string() })), waitsFor: z.string().optional() })) });
const uploads = async (...words: readonly string[]) => TimelinesSchema.parse(json(await run('status', ...words, '--json'))).uploads;
const stepsOf = async (dataset: string, id: string) => (await uploads(dataset, id))[0]?.steps.map(({ step }) => step);

let up: Awaited<ReturnType<typeof startUp>>;
let clients: Clients;
let bucket: Bucket;
beforeAll(async () => {
  up = await startUp(dataDir);
  clients = createClients({ url: up.url, region: LOCAL.region });
  bucket = createBucket(clients.s3, LOCAL.bucket);
});
afterAll(async () => {
  clients.destroy();
  await end(up.child, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

describe('a model that waits for a person', () => {
  test('is told of with the command that decides on it, and predicts once it is approved', async () => {
    const trained = await dropforest(dataDir, 'train', 'shop', training, ...byHand, '--set', 'nEstimators=10');
    expect(trained).toMatchObject({ code: 0, stdout: expect.stringMatching(/version 1, PendingManualApproval: .*\n.*\nnext .*it waits for a person: dropforest approve shop 1\n/) });
    expect(trained.stderr).toMatch(/dropped train\/shop\/train\.csv, id [0-9a-f]{12}/);
    expect(await uploads('shop', 'v1')).toMatchObject([{ state: 'waiting', waitsFor: 'a person' }]);

    const early = await run('predict', 'shop', march);
    expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining('dropforest approve shop 1') });
    const [, id = ''] = /dropped predict\/shop\/march\.csv, id ([0-9a-f]+)/.exec(early.stderr) ?? [];
    expect(await uploads('shop', id)).toMatchObject([{ subject: 'predict/shop/march.csv', state: 'waiting', waitsFor: 'a model' }]);

    const approved = await run('approve', 'shop', '--reason', 'checked the report');
    expect(approved).toMatchObject({ code: 0, stderr: expect.stringContaining('version 1 of shop is the newest that waits'), stdout: expect.stringContaining('model version 1 of shop predicts from now on') });
    expect(json(await run('approve', 'shop', '1', '--json'))).toMatchObject({ status: 'Approved', explanation: 'approved by ana: checked the report', predicts: 1 });
    await expect.poll(async () => (await uploads('shop', id))[0]?.state, { timeout: 30_000 }).toBe('done');
    expect(await stepsOf('shop', id)).toEqual(['dropped', 'waiting', 'claimed', 'started', 'ended', 'published']);
  });

  test('is followed by the etag of its file, by key, by name, by job and by version', async () => {
    const { ids, job } = z.object({ ids: z.array(z.string()), job: z.string() }).parse(json(await run('train', 'shop', training, '--json')));
    for (const id of [ids[0]?.slice(0, 8) ?? '', 'train/shop/train.csv', 'train.csv', job, 'v1']) {
      expect([id, (await stepsOf('shop', id))?.filter((step) => step !== 'dropped')]).toEqual([id, ['started', 'ended', 'registered', 'decided', 'decided', 'promoted']]);
    }
    expect((await run('status', 'shop', 'v1')).stdout).toMatch(/train\/shop\/train\.csv {2}id \S+ {2}done\n[^]*promoted +model version 1 predicts\n[^]*took .* s in all/);
  });

  test('is rejected with one event, and the version before goes on predicting', async () => {
    expect(json(await run('train', 'shop', training, '--set', 'nEstimators=11', '--json'))).toMatchObject({ modelVersion: 2, decision: { status: 'PendingManualApproval' } });
    expect(await dropforest(dataDir, 'reject', 'shop', '--reason', 'no need')).toMatchObject({ code: 0, stdout: 'model version 2 of shop is rejected\nmodel version 1 predicts\n' });
    expect(await run('reject', 'shop', '2')).toMatchObject({ code: 0, stdout: expect.stringContaining('rejected already') });
    expect((await run('status', 'shop')).stdout.match(/ModelRejected/g)).toHaveLength(1);
  });

  test.each<[readonly string[], RegExp, string]>([
    [['approve', 'shop'], /no version of shop waits for a decision/, 'dropforest approve shop <version>'],
    [['approve', 'shop', '9'], /shop has no version 9: it has 1 to 2/, 'dropforest models shop'],
    [['approve', 'shop', 'first'], /"first" is no version/, 'dropforest models shop'],
    [['approve', 'nothing'], /no version of nothing waits/, 'dropforest train nothing <file.csv>'],
    [['reject', 'shop', '1'], /version 1 of shop predicts/, 'dropforest rollback shop'],
    [['rollback', 'shop'], /version 1 of shop is the first that predicts/, 'dropforest train shop'],
    [['rollback', 'shop', '2'], /version 2 of shop is newer/, 'dropforest approve shop 2'],
    [['rollback', 'nothing'], /nothing has no model that predicts/, 'dropforest train nothing'],
    [['status', 'shop', 'abcdef123456'], /shop has no upload, job or version "abcdef123456"/, 'dropforest status shop'],
    [['status', 'shop', 'df-shop-0123456789ab-1'], /there is no job df-shop-0123456789ab-1/, 'dropforest status shop'],
  ])('%j is refused with exit code 2 and says what to do', async (words, message, remedy) => {
    const refused = await run(...words);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
    expect(refused.stderr).toContain(remedy);
  });
});

test('a rollback has the version before predict, rejects what is above it, and an approval takes it back', async () => {
  expect(await run('approve', 'shop', '2')).toMatchObject({ code: 0, stdout: expect.stringContaining('version 2 of shop predicts from now on') });
  expect(await run('approve', 'shop', '1')).toMatchObject({ code: 2, stderr: expect.stringContaining('dropforest rollback shop 1') });
  const rolledBack = await run('rollback', 'shop', '--reason', 'doubts every return', '--json');
  expect(rolledBack).toMatchObject({ code: 0 });
  expect(json(rolledBack)).toEqual({ dataset: 'shop', predicts: 1, before: 2, rejected: [2] });
  expect(json(await run('models', 'shop', '--json'))).toMatchObject({ models: [{ version: 2, status: 'Rejected', isChampion: false }, { version: 1, status: 'Approved', isChampion: true }] });
  expect((await run('predict', 'shop', april)).stdout).toContain('by model version 1');
  expect(await run('rollback', 'shop', '1')).toMatchObject({ code: 0, stdout: expect.stringContaining('predicts already') });
  expect(await run('rollback', 'shop')).toMatchObject({ code: 2, stderr: expect.stringContaining('dropforest approve shop 2') });
  expect(json(await run('approve', 'shop', '2', '--json'))).toMatchObject({ status: 'Approved', predicts: 2 });
});

test('a training is followed through the comparison with a model that began to predict meanwhile', async () => {
  const slow = run('train', 'race', training, ...quick, '--set', 'gate.margin=-1', '--set', 'nEstimators=3000', '--json');
  await expect.poll(async () => (await run('status', 'race')).stdout, { timeout: 30_000 }).toContain('TrainingStarted');
  const ends = await Promise.all([slow, run('train', 'race', training, '--set', 'nEstimators=5', '--json')]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(ends.map(({ stderr }) => stderr).join('')).toMatch(/comparison job df-race-[0-9a-f]{12}-1 holds it against model version 1 on the same rows/);
  expect(ends.map((ended) => json(ended)['decision'])).toContainEqual({ status: 'Approved', explanation: expect.stringMatching(/of version 1 on \d+ held-out rows: .* approved$/) });
  expect(await stepsOf('race', 'v2')).toEqual(['started', 'ended', 'registered', 'decided', 'promoted']);
});

test('training starts on _SUCCESS where the data set asks for it', async () => {
  const trained = await run('train', 'marked', training, ...quick, '--set', 'nEstimators=5', '--set', 'startOn=_SUCCESS');
  expect(trained).toMatchObject({ code: 0, stderr: expect.stringContaining('dropped _SUCCESS beside them') });
  await bucket.write(keys.drop('train', 'marked', 'more.csv'), generateBigMart({ rows: 50, seed: 9, withTarget: true }), 'text/csv');
  expect(await uploads('marked', 'more.csv')).toMatchObject([{ state: 'waiting', waitsFor: expect.stringContaining('train/marked/_SUCCESS') }]);
});

describe('dropforest replay', () => {
  test('puts dead letters back to the queue that they came from, of one data set where one is named', async () => {
    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'dropforest-start-transform-dead-letters' }));
    const letter = (key: string) => JSON.stringify({ id: '1', account: LOCAL.account, region: LOCAL.region, time: '2026-03-04T05:00:00Z', source: 'aws.s3', 'detail-type': 'Object Created', detail: { bucket: { name: LOCAL.bucket }, object: { key, size: 1, etag: 'gone' } } });
    for (const key of ['predict/shop/gone.csv', 'predict/other/gone.csv']) await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: letter(key) }));

    expect((await run('replay', '--dry-run')).stdout).toMatch(/dropforest-start-transform: Object Created predict\/shop\/gone\.csv\n[^]*dead letters {3}2 would go back/);
    expect(json(await run('replay', 'shop', '--json'))).toMatchObject({ deadLetters: [{ queue: 'dropforest-start-transform', letters: ['Object Created predict/shop/gone.csv'] }] });
    expect(json(await run('replay', '--json'))).toMatchObject({ deadLetters: [{ letters: ['Object Created predict/other/gone.csv'] }] });
    expect(json(await run('replay', '--json'))).toMatchObject({ deadLetters: [], counts: { deadLetters: 0, replayed: 0 } });
  });

  test('has a file predicted whose records are gone, and leaves the others', async () => {
    const { etag } = (await bucket.head(keys.drop('predict', 'shop', 'april.csv'))) ?? { etag: '' };
    for (const key of [keys.receipt('shop', 'april.csv', etag), keys.claim('shop', 'april.csv', etag)]) await bucket.delete(key);
    expect((await run('replay', 'shop', '--dry-run')).stdout).toMatch(/predict\/shop\/april\.csv: sent again: no job has it\n[^]*1 have their result, 1 sent again|1 sent again, 1 have their result/);
    expect(await bucket.head(keys.receipt('shop', 'april.csv', etag))).toBeUndefined();
    const replayed = await run('replay', 'shop', '--wait', '--json');
    expect(replayed).toMatchObject({ code: 0 });
    expect(json(replayed)).toMatchObject({ files: [{ key: 'predict/shop/april.csv', id: etag, action: 'send' }], counts: { done: 1, replayed: 1, left: 0 } });
    expect(await stepsOf('shop', 'april.csv')).toContain('published');
  });

  test('has a result published that its job has left, without another job', async () => {
    const { etag } = (await bucket.head(keys.drop('predict', 'shop', 'march.csv'))) ?? { etag: '' };
    const before = await bucket.readText(keys.claim('shop', 'march.csv', etag));
    await bucket.delete(keys.receipt('shop', 'march.csv', etag));
    expect(json(await run('replay', 'shop', '--wait', '--json'))).toMatchObject({ files: [{ key: 'predict/shop/march.csv', action: 'publish' }] });
    expect(await bucket.readText(keys.claim('shop', 'march.csv', etag))).toBe(before);
  });

  test('asks again for a file whose job failed, once what broke it is mended', async () => {
    const { job } = z.object({ job: z.string() }).parse(json(await run('train', 'fragile', training, ...quick, '--set', 'nEstimators=5', '--json')));
    const model = keys.modelArtifact(job);
    const good = await bucket.readBytes(model, 1 << 24);
    await bucket.write(model, 'no archive', 'application/gzip');
    expect(await run('predict', 'fragile', march)).toMatchObject({ code: 1 });
    expect(await uploads('fragile', 'march.csv')).toMatchObject([{ state: 'failed' }]);
    expect(await run('replay', 'fragile', '--wait')).toMatchObject({ code: 1, stderr: expect.stringContaining('1 of 1 replayed files have no result') });

    await bucket.write(model, good, 'application/gzip');
    expect(json(await run('replay', 'fragile', '--wait', '--json'))).toMatchObject({ files: [{ action: 'ask-again' }] });
    expect((await run('status', 'fragile', 'march.csv')).stdout).toMatch(/claimed +by transform job \S+ with model version 1, attempt 3\n[^]*published +40 of 40 rows/);
  });
});

test.each(['approve', 'reject', 'rollback', 'replay', 'status'])('dropforest %s --help teaches and ends with 0', async (verb) => {
  expect(await run(verb, '--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^dropforest ${verb} [^]*Examples\\n  dropforest ${verb}`)) });
});
