import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keys } from '@dropforest/contracts';
import { generateBigMart } from '@dropforest/dataset-bigmart';
import { LOCAL } from '@dropforest/infra';
import { createBucket, createClients } from '@dropforest/lambda-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dropforest, dropforestRunning, end, startUp, type Ended } from '../src/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'dropforest-cli-'));
const dataDir = join(folder, 'data');
const file = (name: string, body: string) => {
  writeFileSync(join(folder, name), body);
  return join(folder, name);
};
const training = file('train.csv', generateBigMart({ rows: 300, seed: 1, withTarget: true }));
const predictionText = generateBigMart({ rows: 40, seed: 2, withTarget: false });
const prediction = file('predict.csv', predictionText);
const quick = ['--set', 'quietSeconds=0', '--set', 'nEstimators=20'];

const JsonSchema = z.record(z.string(), z.unknown());
const json = ({ stdout }: Ended) => JsonSchema.parse(JSON.parse(stdout));

let up: Awaited<ReturnType<typeof startUp>>;
beforeAll(async () => {
  up = await startUp(dataDir);
});
afterAll(async () => {
  await end(up.child, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

describe('dropforest up', () => {
  test('prints one line with the address and the bucket', () => {
    expect(up.line).toMatch(/^dropforest is up at http:\/\/127\.0\.0\.1:\d+, bucket dropforest$/);
  });

  test('refuses a data directory that is in use, with exit code 2', async () => {
    expect(await dropforest(dataDir, 'up', '--port', '0')).toMatchObject({ code: 2, stderr: expect.stringContaining('is in use by process') });
  });

  test('goes on after it was killed in the middle of a training, and stops cleanly on SIGTERM', async () => {
    const other = join(folder, 'killed');
    const first = await startUp(other);
    const interrupted = dropforest(other, 'train', 'sales', training, '--set', 'quietSeconds=0', '--set', 'nEstimators=2000');
    await expect.poll(async () => (await dropforest(other, 'status', '--json')).stdout, { timeout: 30_000 }).toContain('"TrainingStarted"');
    await end(first.child, 'SIGKILL');
    await interrupted;
    const second = await startUp(other);
    await expect.poll(async () => (await dropforest(other, 'status', '--json')).stdout, { timeout: 50_000, interval: 500 }).toContain('"ModelPromoted"');
    expect(await end(second.child, 'SIGTERM')).toBe(0);
  }, 120_000);
});

describe('dropforest train and predict', () => {
  test('give a model and the joined predictions, then say that there is nothing to do', async () => {
    const trained = await dropforest(dataDir, 'train', 'sales', training, ...quick, '--json');
    expect(trained.code).toBe(0);
    expect(json(trained)).toMatchObject({ dataset: 'sales', already: false, modelVersion: 1, decision: { status: 'Approved' } });
    expect(trained.stderr).toContain('training job df-sales-');

    const out = join(folder, 'out.csv');
    const predicted = await dropforest(dataDir, 'predict', 'sales', prediction, '--out', out);
    expect(predicted).toMatchObject({ code: 0, stdout: expect.stringContaining('40 of 40 rows predicted by model version 1') });
    const lines = readFileSync(out, 'utf8').split('\n');
    expect(lines.map((line) => line.slice(0, line.lastIndexOf(',')))).toEqual(predictionText.split('\n').map((line) => line));

    const again = await dropforest(dataDir, 'train', 'sales', training, '--json');
    expect(json(again)).toMatchObject({ already: true, modelVersion: 1 });
    expect((await dropforest(dataDir, 'predict', 'sales', prediction)).stderr).toContain('nothing to do');
  });

  test('tell the events of the flow in order, and what each has left', async () => {
    const EventsSchema = z.object({ datasets: z.array(z.object({ dataset: z.string(), events: z.array(z.object({ type: z.string() })) })) });
    const [sales] = EventsSchema.parse(json(await dropforest(dataDir, 'status', 'sales', '--json'))).datasets;
    expect(sales?.events.map(({ type }) => type)).toEqual(['TrainingStarted', 'ModelRegistered', 'ModelPromoted', 'PredictionStarted', 'ResultsPublished']);
    expect(json(await dropforest(dataDir, 'models', 'sales', '--json'))).toMatchObject({ models: [{ version: 1, status: 'Approved', isChampion: true }] });
    expect((await dropforest(dataDir, 'logs', 'sales')).stdout).toContain('"batch-request"');
    const report = join(folder, 'report.html');
    expect((await dropforest(dataDir, 'report', 'sales', '--out', report)).code).toBe(0);
    expect(readFileSync(report, 'utf8')).toContain('<svg');
  });

  test('train again under another setting, and predict anew only when asked', async () => {
    expect(json(await dropforest(dataDir, 'train', 'sales', training, '--set', 'nEstimators=10', '--set', 'gate.margin=-1', '--json'))).toMatchObject({ already: false, modelVersion: 2 });
    expect((await dropforest(dataDir, 'predict', 'sales', prediction)).stdout).toContain('by model version 1');
    expect((await dropforest(dataDir, 'predict', 'sales', prediction, '--retry')).stdout).toContain('by model version 2');
  });
});

describe('a command', () => {
  test('finds its job although the folder holds a marker and a folder entry', async () => {
    const clients = createClients({ url: up.url, region: LOCAL.region });
    const bucket = createBucket(clients.s3, LOCAL.bucket);
    for (const key of ['train/marked/_SUCCESS', 'train/marked/']) await bucket.write(key, '', 'text/plain');
    clients.destroy();
    expect(json(await dropforest(dataDir, 'train', 'marked', training, ...quick, '--json'))).toMatchObject({ modelVersion: 1 });
  });

  test('ends at once on Ctrl-C, with exit code 1', async () => {
    const { child, ended } = dropforestRunning(dataDir, 'train', 'patient', training, '--set', 'quietSeconds=60');
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('interrupted') });
  });

  test('does not take another cloud for its own that has got the port of one that was killed', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const killed = await startUp(first);
    await end(killed.child, 'SIGKILL');
    const other = await startUp(second, new URL(killed.url).port);
    expect((await dropforest(first, 'train', 'mine', training, ...quick)).code).toBe(0);
    expect((await dropforest(second, 'status', '--json')).stdout).not.toContain('mine');
    await end(other.child, 'SIGTERM');
  });

  test('says in a line which settings were chosen, and nothing where they were given', async () => {
    const tuned = await dropforest(dataDir, 'train', 'tuned', training, ...quick);
    expect(tuned.stdout).toMatch(/^settings +minSamplesLeaf \d+, maxFeatures [\d.]+, maxDepth (\d+|none): out of \d+ tried, out-of-bag RMSE [\d,.]+$/m);
    const plain = await dropforest(dataDir, 'train', 'plain', training, ...quick, '--set', 'tune=off');
    expect(plain.stdout).toContain('metrics');
    expect(plain.stdout).not.toContain('settings');
  });

  test('shows the report of a model that was rejected, too', async () => {
    const rejected = await dropforest(dataDir, 'train', 'poor', training, ...quick, '--set', 'gate.maximumRmse=1');
    expect(rejected.stdout).toContain('Rejected');
    expect((await dropforest(dataDir, 'report', 'poor', '--out', join(folder, 'poor.html'))).code).toBe(0);
  });

  test('does not keep settings with which the file was refused', async () => {
    expect((await dropforest(dataDir, 'train', 'typo', training, ...quick, '--target', 'Sales')).code).toBe(2);
    expect(json(await dropforest(dataDir, 'train', 'typo', training, ...quick, '--json'))).toMatchObject({ target: 'Item_Outlet_Sales' });
  });
});

describe('exit code 1', () => {
  test('is a training that failed: which hyperparameter, what was got, what is allowed', async () => {
    const failed = await dropforest(dataDir, 'train', 'broken', training, '--set', 'quietSeconds=0', '--set', 'nEstimators=0');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/ended as Failed: AlgorithmError: .*hyperparameter nEstimators: got 0, allowed: a whole number from 1 to 10,000/);
    expect((await dropforest(dataDir, 'train', 'broken', training)).stderr).toContain('--retry');
    const retried = await dropforest(dataDir, 'train', 'broken', training, '--retry');
    expect(retried).toMatchObject({ code: 1, stderr: expect.stringMatching(/attempt 2[^]*training job df-broken-[0-9a-f]{12}-2/) });
  });

  test('is a transform job that failed, with what the job says of it; --retry asks again once it is mended', async () => {
    const OutcomeSchema = z.object({ job: z.string() });
    const { job } = OutcomeSchema.parse(json(await dropforest(dataDir, 'train', 'fragile', training, ...quick, '--json')));
    const clients = createClients({ url: up.url, region: LOCAL.region });
    const bucket = createBucket(clients.s3, LOCAL.bucket);
    const model = `${keys.jobOutputFolder(job)}model.tar.gz`;
    const good = await bucket.readBytes(model, 1 << 24);
    await bucket.write(model, 'no archive', 'application/gzip');
    const failed = await dropforest(dataDir, 'predict', 'fragile', prediction, '--json');
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/transform job df-fragile-\S+ failed for predict\/fragile\/predict\.csv: \S+Error: /) });
    expect(json(failed)).toMatchObject({ reason: expect.stringContaining('model.tar.gz'), remedy: expect.stringContaining('--retry') });
    await bucket.write(model, good, 'application/gzip');
    expect(await dropforest(dataDir, 'predict', 'fragile', prediction, '--retry')).toMatchObject({ code: 0, stdout: expect.stringContaining('40 of 40') });
    clients.destroy();
  });
});

describe('exit code 2', () => {
  const refusals: readonly (readonly [string, string, RegExp])[] = [
    ['no CSV', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', /was refused: /],
    ['an empty file', '', /empty/],
    ['a header without rows', 'a,b,Item_Outlet_Sales\n', /line 1/],
    ['a file without the target', 'a,b\n1,2\n', /"Item_Outlet_Sales"/],
  ];
  test.each(refusals)('is %s to train on', async (name, body, message) => {
    const refused = await dropforest(dataDir, 'train', 'refused', file(`${name.replaceAll(' ', '-')}.csv`, body), '--target', 'Item_Outlet_Sales', '--set', 'quietSeconds=0');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
    expect(refused.stderr).toContain('→ ');
  });

  test('is a file to predict that lacks a column', async () => {
    const lacking = file('lacking.csv', predictionText.split('\n').map((line) => line.split(',').toSpliced(5, 1).join(',')).join('\n'));
    const refused = await dropforest(dataDir, 'predict', 'sales', lacking, '--json');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('"Item_MRP"') });
    expect(json(refused)).toMatchObject({ problem: { code: 'missing-column' }, remedy: expect.any(String) });
  });

  test.each<[string, readonly string[], RegExp]>([
    ['a verb that does not exist', ['trian'], /there is no verb "trian"/],
    ['an option that does not exist', ['train', 'sales', training, '--tree', '5'], /--tree/],
    ['a file that does not exist', ['train', 'sales', 'nowhere.csv'], /there is no file nowhere\.csv/],
    ['too few words', ['train', 'sales'], /takes <dataset> <file…>/],
    ['a bad data set name', ['train', 'My Sales', training], /"My Sales" is not a data set name/],
    ['a bad setting', ['train', 'sales', training, '--set', 'evaluation.holdout=2'], /evaluation\.holdout/],
    ['a folder for --out that is not there', ['predict', 'sales', prediction, '--out', join(folder, 'nowhere', 'out.csv')], /there is no folder .*nowhere/],
    ['no model to predict with', ['predict', 'nomodel', prediction], /no approved model yet/],
  ])('is %s', async (_, words, message) => {
    expect(await dropforest(dataDir, ...words)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});

test.each(['--help', 'train --help', 'up --help'])('dropforest %s teaches and ends with 0', async (words) => {
  expect(await dropforest(dataDir, ...words.split(' '))).toMatchObject({ code: 0, stdout: expect.stringContaining('dropforest') });
});
