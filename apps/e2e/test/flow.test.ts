import { randomUUID } from 'node:crypto';
import { keys, ReceiptSchema, VerdictSchema, type DropforestEvent } from '@dropforest/contracts';
import { generateBigMart } from '@dropforest/dataset-bigmart';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud, type TestCloud } from '../src/test-cloud.ts';

const settings = (more: object = {}) => JSON.stringify({ quietSeconds: 0, hyperparameters: { nEstimators: 20 }, ...more });
const training = generateBigMart({ rows: 300, seed: 1, withTarget: true });
const prediction = generateBigMart({ rows: 40, seed: 2, withTarget: false });
const types = (events: readonly DropforestEvent[]) => events.map(({ type }) => type);

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(async () => {
  await cloud.stop();
});

/** A data set of its own for each test: names appear nowhere else. */
async function newDataset(more: object = {}): Promise<string> {
  const dataset = `s${randomUUID().slice(0, 8)}`;
  await cloud.bucket.write(keys.datasetConfig(dataset), settings(more), 'application/json');
  return dataset;
}

async function trained(more: object = {}): Promise<string> {
  const dataset = await newDataset(more);
  await cloud.drop(keys.drop('train', dataset, 'a.csv'), training);
  await cloud.settle();
  return dataset;
}

async function receiptOf(dataset: string, file: string, etag: string) {
  return (await cloud.bucket.readJson(keys.receipt(dataset, file, etag), ReceiptSchema))?.value;
}

async function verdictOf(zone: 'train' | 'predict', dataset: string, file: string, etag: string) {
  return (await cloud.bucket.readJson(keys.verdict(zone, dataset, file, etag), VerdictSchema))?.value;
}

describe('the flow', () => {
  test('makes a champion of a dropped training file, and joined predictions of a dropped prediction file', async () => {
    const dataset = await trained();
    const etag = await cloud.drop(keys.drop('predict', dataset, 'new rows.csv'), prediction);
    await cloud.settle();

    expect(types(await cloud.journal(dataset))).toEqual(['TrainingStarted', 'ModelRegistered', 'ModelPromoted', 'PredictionStarted', 'ResultsPublished']);
    const receipt = await receiptOf(dataset, 'new rows.csv', etag);
    expect(receipt).toMatchObject({ rows: 40, predicted: 40, refused: 0, model: { version: 1 } });
    const joined = (await cloud.bucket.readText(receipt?.predictions ?? ''))?.split('\n') ?? [];
    const input = prediction.split('\n');
    expect(joined).toHaveLength(input.length);
    expect(joined[0]).toBe(`${input[0]},prediction`);
    for (let row = 1; row <= 40; row++) {
      expect(joined[row]?.startsWith(`${input[row]},`)).toBe(true);
      expect(Number(joined[row]?.slice((input[row]?.length ?? 0) + 1))).toBeGreaterThan(0);
    }
    expect(cloud.problems).toEqual([]);
  });

  test('predicts a file that was there before the model as soon as the model is promoted', async () => {
    const dataset = await newDataset();
    const etag = await cloud.drop(keys.drop('predict', dataset, 'early.csv'), prediction);
    await cloud.settle();
    expect(types(await cloud.journal(dataset))).toEqual(['PredictionWaiting']);
    await cloud.drop(keys.drop('train', dataset, 'a.csv'), training);
    await cloud.settle();
    expect(await receiptOf(dataset, 'early.csv', etag)).toMatchObject({ rows: 40, model: { version: 1 } });
  });

  test('trains once on all files of a burst', async () => {
    const dataset = await newDataset({ quietSeconds: 2 });
    for (const part of ['a', 'b', 'c']) await cloud.drop(keys.drop('train', dataset, `${part}.csv`), generateBigMart({ rows: 60, seed: part.charCodeAt(0), withTarget: true }));
    await cloud.settle();
    const [started, ...others] = (await cloud.journal(dataset)).filter(({ type }) => type === 'TrainingStarted');
    expect(others).toEqual([]);
    expect(started?.type === 'TrainingStarted' ? started.detail.files.map(({ key }) => key) : []).toEqual(['a', 'b', 'c'].map((part) => `train/${dataset}/${part}.csv`));
    expect(await cloud.trainingJobs(dataset)).toHaveLength(1);
  });

  test('keeps a model from predicting that the gate has refused', async () => {
    const dataset = await trained({ gate: { maximumRmse: 1 } });
    expect(types(await cloud.journal(dataset))).toEqual(['TrainingStarted', 'ModelRegistered', 'ModelRejected']);
    expect(await cloud.bucket.head(keys.champion(dataset))).toBeUndefined();
  });

  test('gives a model by the other algorithm where dataset.json names it', async () => {
    const dataset = await newDataset({ algorithm: 'ml-random-forest', hyperparameters: { nEstimators: 2 } });
    await cloud.drop(keys.drop('train', dataset, 'a.csv'), generateBigMart({ rows: 80, seed: 5, withTarget: true }));
    const etag = await cloud.drop(keys.drop('predict', dataset, 'p.csv'), prediction);
    await cloud.settle();
    expect(types(await cloud.journal(dataset))).toContain('ModelRegistered');
    const champion = await cloud.bucket.head(keys.champion(dataset));
    if (champion !== undefined) expect(await receiptOf(dataset, 'p.csv', etag)).toMatchObject({ predicted: 40 });
  });
});

describe('effects happen once', () => {
  test('when every event comes three times, at any time', async () => {
    const dataset = await newDataset();
    let isOver = false;
    const echo = (async () => {
      for (let seen = 0; !isOver; await new Promise((resolve) => setTimeout(resolve, 20))) {
        const fresh = (await cloud.events()).slice(seen);
        seen += fresh.length;
        for (const event of fresh) for (let copy = 0; copy < 2; copy++) await cloud.resend(event);
      }
    })();
    await cloud.drop(keys.drop('train', dataset, 'a.csv'), training);
    const etag = await cloud.drop(keys.drop('predict', dataset, 'p.csv'), prediction);
    await expect.poll(() => receiptOf(dataset, 'p.csv', etag), { timeout: 50_000 }).toBeDefined();
    isOver = true;
    await echo;
    await cloud.settle();

    const before = await effectsOf(dataset, etag);
    // Once more, long after: nothing may change.
    for (const event of (await cloud.events()).filter((candidate) => JSON.stringify(candidate).includes(dataset))) for (let copy = 0; copy < 3; copy++) await cloud.resend(event);
    await cloud.settle();
    expect(await effectsOf(dataset, etag)).toEqual(before);

    expect(before).toMatchObject({ training: [expect.any(String)], transform: [expect.any(String)], packages: [expect.any(String)] });
    const told = types(before.journal).filter((type) => type !== 'PredictionWaiting');
    expect(told).toEqual(['TrainingStarted', 'ModelRegistered', 'ModelPromoted', 'PredictionStarted', 'ResultsPublished']);
    expect(cloud.problems).toEqual([]);
  });

  async function effectsOf(dataset: string, etag: string) {
    return {
      training: await cloud.trainingJobs(dataset),
      transform: await cloud.transformJobs(dataset),
      packages: await cloud.modelPackages(dataset),
      receipt: await receiptOf(dataset, 'p.csv', etag),
      results: (await cloud.bucket.list(`results/${dataset}/`)).map(({ key, etag: content, lastModified }) => [key, content, lastModified]),
      champion: await cloud.bucket.readText(keys.champion(dataset)),
      journal: await cloud.journal(dataset),
    };
  }

  test('but the same file under other settings is another job and the next version', async () => {
    const dataset = await trained();
    await cloud.bucket.write(keys.datasetConfig(dataset), settings({ hyperparameters: { nEstimators: 10 } }), 'application/json');
    await cloud.drop(keys.drop('train', dataset, 'a.csv'), training);
    await cloud.settle();
    expect(new Set(await cloud.trainingJobs(dataset)).size).toBe(2);
    expect((await cloud.modelPackages(dataset)).map((arn) => arn.split('/').at(-1)).sort()).toEqual(['1', '2']);
  });

  test('and a prediction is not done again when another model takes over', async () => {
    const dataset = await trained({ gate: { margin: -1 } });
    const etag = await cloud.drop(keys.drop('predict', dataset, 'p.csv'), prediction);
    await cloud.settle();
    await cloud.drop(keys.drop('train', dataset, 'b.csv'), generateBigMart({ rows: 200, seed: 9, withTarget: true }));
    await cloud.settle();
    expect(types(await cloud.journal(dataset)).filter((type) => type === 'ModelPromoted')).toHaveLength(2);
    expect(await receiptOf(dataset, 'p.csv', etag)).toMatchObject({ model: { version: 1 } });
    expect(await cloud.transformJobs(dataset)).toHaveLength(1);
  });
});

describe('a training file that cannot be used', () => {
  test.each([
    ['that is no CSV', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 1), 'not-csv', /./],
    ['that is empty', '', 'empty', /empty/],
    ['with a header and no rows', 'a,b,y\n', 'no-rows', /line 1/],
    ['without the target', 'a,b,c\n1,2,3\n', 'missing-target', /line 1: the target column "y" is not in the header, which has "a", "b", "c"/],
    ['with one column', 'y\n1\n2\n', 'too-few-columns', /"y"/],
    ['with two columns of one name', 'a,a,y\n1,2,3\n', 'duplicate-column', /"a"/],
  ])('%s is refused before any job, saying what and how to repair it', async (_, body, code, message) => {
    const dataset = await newDataset({ target: 'y' });
    const key = keys.drop('train', dataset, 'bad.csv');
    const etag = await cloud.drop(key, body);
    await cloud.settle();

    const verdict = await verdictOf('train', dataset, 'bad.csv', etag);
    expect(verdict?.problem).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(verdict?.problem.remedy).not.toBe('');
    expect(types(await cloud.journal(dataset))).toEqual(['UploadRejected']);
    expect(await cloud.trainingJobs(dataset)).toEqual([]);
    expect((await cloud.bucket.head(key))?.etag).toBe(etag);
  });

  test('is looked at again under other settings', async () => {
    const dataset = await newDataset({ target: 'Sales' });
    const etag = await cloud.drop(keys.drop('train', dataset, 'a.csv'), training);
    await cloud.settle();
    expect(await verdictOf('train', dataset, 'a.csv', etag)).toMatchObject({ problem: { code: 'missing-target' } });
    await cloud.bucket.write(keys.datasetConfig(dataset), settings({ target: 'Item_Outlet_Sales' }), 'application/json');
    await cloud.drop(keys.drop('train', dataset, 'a.csv'), training);
    await cloud.settle();
    expect(types(await cloud.journal(dataset))).toContain('ModelPromoted');
  });

  test('does not keep the good file beside it from being trained on', async () => {
    const dataset = await newDataset({ quietSeconds: 1 });
    await cloud.drop(keys.drop('train', dataset, 'bad.csv'), '');
    await cloud.drop(keys.drop('train', dataset, 'good.csv'), training);
    await cloud.settle();
    expect(types(await cloud.journal(dataset))).toEqual(expect.arrayContaining(['UploadRejected', 'TrainingStarted', 'ModelPromoted']));
  });

  test('because dataset.json is wrong says which key is', async () => {
    const dataset = await newDataset({ traget: 'y' });
    const etag = await cloud.drop(keys.drop('train', dataset, 'a.csv'), training);
    await cloud.settle();
    expect((await verdictOf('train', dataset, 'a.csv', etag))?.problem).toMatchObject({ code: 'invalid-dataset-config', message: expect.stringContaining('traget') });
  });

  test('by its name is refused too', async () => {
    const dataset = await newDataset();
    await cloud.drop(keys.drop('train', dataset, 'book.xlsx'), 'x');
    await cloud.drop(keys.drop('train', dataset, '_SUCCESS'), '');
    await cloud.settle();
    expect((await cloud.journal(dataset)).map((event) => (event.type === 'UploadRejected' ? event.detail.problem.code : event.type))).toEqual(['not-a-table-file']);
  });
});

describe('a file to predict', () => {
  test('that lacks a column is refused before any job, naming it, and stays where it was', async () => {
    const dataset = await trained();
    const lacking = prediction.split('\n').map((line) => line.split(',').toSpliced(5, 1).join(',')).join('\n');
    const key = keys.drop('predict', dataset, 'p.csv');
    const etag = await cloud.drop(key, lacking);
    await cloud.settle();
    expect((await verdictOf('predict', dataset, 'p.csv', etag))?.problem).toMatchObject({ code: 'missing-column', message: expect.stringContaining('"Item_MRP"') });
    expect(types(await cloud.journal(dataset))).toContain('UploadRejected');
    expect(await cloud.transformJobs(dataset)).toEqual([]);
    expect((await cloud.bucket.head(key))?.etag).toBe(etag);
  });

  test('with columns in another order gets the same predictions', async () => {
    const dataset = await trained();
    const shuffled = prediction.trimEnd().split('\n').map((line) => line.split(',').toReversed().join(',')).join('\n');
    const etags = [await cloud.drop(keys.drop('predict', dataset, 'p.csv'), prediction), await cloud.drop(keys.drop('predict', dataset, 'q.csv'), shuffled)];
    await cloud.settle();
    const predicted = await Promise.all(['p.csv', 'q.csv'].map(async (file, index) => lastCells(await cloud.bucket.readText(keys.predictions(dataset, file, etags[index] ?? '')))));
    expect(predicted[0]).toHaveLength(41);
    expect(predicted[1]).toEqual(predicted[0]);
  });

  function lastCells(text = ''): readonly string[] {
    return text.trimEnd().split('\n').map((line) => line.slice(line.lastIndexOf(',') + 1));
  }
});

describe('a job that fails', () => {
  test('in training says which hyperparameter, what was got and what is allowed, and may be tried again', async () => {
    const dataset = await trained({ hyperparameters: { nEstimators: 0 } });
    const failed = (await cloud.journal(dataset)).find(({ type }) => type === 'TrainingFailed');
    expect(failed?.type === 'TrainingFailed' ? failed.detail.reason : '').toMatch(/^AlgorithmError: .*nEstimators: got 0, allowed: a whole number from 1/);
    expect(await cloud.modelPackages(dataset)).toEqual([]);

    const [job = ''] = await cloud.trainingJobs(dataset);
    await cloud.bucket.write(keys.jobAttempt(job.replace(/-1$/, '')), '{"attempt":2}', 'application/json');
    await cloud.drop(keys.drop('train', dataset, 'a.csv'), training);
    await cloud.settle();
    expect((await cloud.trainingJobs(dataset)).toSorted()).toEqual([job, job.replace(/-1$/, '-2')]);
  });

  test('in batch, because the model is damaged, is told with its reason', async () => {
    const dataset = await trained();
    const [job = ''] = await cloud.trainingJobs(dataset);
    await cloud.bucket.write(`${keys.jobOutputFolder(job)}model.tar.gz`, 'no archive', 'application/gzip');
    const etag = await cloud.drop(keys.drop('predict', dataset, 'p.csv'), prediction);
    await cloud.settle();
    expect(types(await cloud.journal(dataset)).at(-1)).toBe('PredictionFailed');
    expect(await receiptOf(dataset, 'p.csv', etag)).toBeUndefined();
  });
});
