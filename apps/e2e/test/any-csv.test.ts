import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { keys, ModelManifestSchema, ReceiptSchema, type ModelManifest } from '@dropforest/contracts';
import { generateBigMart } from '@dropforest/dataset-bigmart';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEndpoint } from '../src/endpoint.ts';
import { startTestCloud, type TestCloud } from '../src/test-cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(async () => {
  await cloud.stop();
});

/** A row of visits: whether the customer comes again depends on the price and the day. */
function visits(rows: number, from = 0): readonly (readonly string[])[] {
  return Array.from({ length: rows }, (_, index) => {
    const row = from + index;
    const price = ((row * 7919) % 1000) / 10;
    const day = `${String((row % 28) + 1).padStart(2, '0')}.${String((row % 12) + 1).padStart(2, '0')}.2025`;
    const town = ['Köln', 'Graz', 'Zürich'][row % 3] ?? '';
    return [String(price).replace('.', ','), day, town, price > 50 === (row % 3 !== 0) ? 'yes' : 'no'];
  });
}
const german = (rows: readonly (readonly string[])[], header: string) => `${header}\r\n${rows.map((row) => row.join(';')).join('\r\n')}\r\n`;
const training = german(visits(600), 'Preis;Tag;Ort;Wieder');
const prediction = german(visits(30, 5000).map((row) => row.slice(0, 3)), 'Preis;Tag;Ort');

async function trained(body: string | Uint8Array, settings: object, name = 'a.csv'): Promise<{ dataset: string; manifest: ModelManifest }> {
  const dataset = `s${randomUUID().slice(0, 8)}`;
  await cloud.bucket.write(keys.datasetConfig(dataset), JSON.stringify({ quietSeconds: 0, hyperparameters: { nEstimators: 40 }, ...settings }), 'application/json');
  await cloud.drop(keys.drop('train', dataset, name), body);
  await cloud.settle();
  const [job = ''] = await cloud.trainingJobs(dataset);
  const manifest = await cloud.bucket.readJson(keys.modelFile(dataset, job, 'manifest.json'), ModelManifestSchema);
  if (manifest === undefined) throw new Error(`no model: ${JSON.stringify(await cloud.journal(dataset))} ${cloud.problems.join('\n')}`);
  return { dataset, manifest: manifest.value };
}

async function predicted(dataset: string, body: string | Uint8Array, name = 'p.csv'): Promise<Uint8Array> {
  const etag = await cloud.drop(keys.drop('predict', dataset, name), body);
  await cloud.settle();
  const receipt = await cloud.bucket.readJson(keys.receipt(dataset, name, etag), ReceiptSchema);
  if (receipt === undefined) throw new Error(`no receipt: ${JSON.stringify(await cloud.journal(dataset))}`);
  return cloud.bucket.readBytes(receipt.value.predictions, 1 << 24);
}

const linesOf = (bytes: Uint8Array, encoding = 'utf-8') => new TextDecoder(encoding).decode(bytes).trimEnd().split('\r\n');

describe('a file as a German spreadsheet exports it', () => {
  test('gives a classification that is said aloud, and predictions with the probability of the class', async () => {
    const { dataset, manifest } = await trained(training, {});
    expect(manifest).toMatchObject({ task: 'classification', target: 'Wieder', classes: ['no', 'yes'], metrics: { task: 'classification' } });
    expect(manifest.notes.join(' ')).toMatch(/"Wieder" has 2 different texts, which are predicted as classes/);
    expect(manifest.schema.columns).toMatchObject([{ name: 'Preis', kind: 'numeric', decimal: ',' }, { name: 'Tag', kind: 'date' }, { name: 'Ort', kind: 'categorical' }]);
    expect(manifest.profile.map(({ name }) => name)).toContain('Preis');
    const [header, ...rows] = linesOf(await predicted(dataset, prediction));
    expect(header).toBe('Preis;Tag;Ort;prediction;probability');
    rows.forEach((row, index) => {
      expect(row.startsWith(`${visits(30, 5000)[index]?.slice(0, 3).join(';') ?? ''};`)).toBe(true);
      expect(row).toMatch(/;(yes|no);(1|0\.\d+)$/);
    });
  });

  test('keeps its bytes in Windows-1252 and in UTF-16, and may come compressed', async () => {
    const { dataset } = await trained(gzipSync(Buffer.from(training, 'latin1')), {}, 'a.csv.gz');
    const plain = linesOf(await predicted(dataset, Buffer.from(prediction, 'latin1'), 'latin1.csv'), 'windows-1252');
    const utf16 = await predicted(dataset, Buffer.from(`\ufeff${prediction}`, 'utf16le'), 'utf16.csv');
    const gzipped = linesOf(await predicted(dataset, gzipSync(prediction), 'zipped.csv.gz'));
    expect(plain[1]).toContain('Zürich');
    expect([...utf16.subarray(0, 2)]).toEqual([0xff, 0xfe]);
    expect(linesOf(utf16, 'utf-16le')).toEqual(plain);
    expect(gzipped).toEqual(plain);
  });
});

test('a file without a header is learned from and predicted by the places of its columns', async () => {
  const rows = Array.from({ length: 300 }, (_, row) => [row % 17, (row * 13) % 29, 3 * (row % 17) + ((row * 13) % 29) + 0.5]);
  const { dataset, manifest } = await trained(`${rows.map((row) => row.join(',')).join('\n')}\n`, {});
  expect(manifest).toMatchObject({ target: 'c2', schema: { header: false } });
  const lines = new TextDecoder().decode(await predicted(dataset, `${rows.slice(0, 5).map((row) => row.slice(0, 2).join(',')).join('\n')}\n`)).trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  lines.forEach((line, row) => {
    expect(line.startsWith(`${rows[row]?.slice(0, 2).join(',') ?? ''},`)).toBe(true);
    expect(Math.abs(Number(line.split(',')[2]) - (rows[row]?.[2] ?? 0))).toBeLessThan(10);
  });
});

test('intervals and the model version stand in each row where the data set asks for them', async () => {
  const { dataset, manifest } = await trained(generateBigMart({ rows: 3000, seed: 3, withTarget: true }), { output: { intervals: true, modelVersion: true }, evaluation: { holdout: 0.5 } });
  const coverage = manifest.metrics.task === 'regression' ? manifest.metrics.coverage : undefined;
  expect(Math.abs((coverage?.share ?? 0) - 0.9)).toBeLessThan(0.03);
  const [header, ...rows] = new TextDecoder().decode(await predicted(dataset, generateBigMart({ rows: 40, seed: 4, withTarget: false }))).trimEnd().split('\n');
  expect(header).toMatch(/,prediction,prediction_lower,prediction_upper,model_version$/);
  for (const row of rows) {
    const [prediction = 0, lower = 0, upper = 0, version] = row.split(',').slice(-4).map(Number);
    expect(lower).toBeLessThanOrEqual(prediction);
    expect(upper).toBeGreaterThanOrEqual(prediction);
    expect(version).toBe(1);
  }
});

test('an endpoint answers every row, all at once or one by one, as batch did', async () => {
  const { dataset } = await trained(training, { output: { classProbabilities: true } });
  const batch = linesOf(await predicted(dataset, prediction)).map((line) => line.split(';').slice(3).join(';'));
  const [job = ''] = await cloud.trainingJobs(dataset);
  const endpoint = await startEndpoint(await cloud.bucket.readBytes(`${keys.jobOutputFolder(job)}model.tar.gz`, 1 << 26));
  try {
    expect((await endpoint.invoke(prediction)).trimEnd().split('\r\n')).toEqual(batch);
    const [header = '', ...rows] = prediction.trimEnd().split('\r\n');
    for (const [index, row] of rows.entries()) expect((await endpoint.invoke(`${header}\r\n${row}\r\n`)).split('\r\n')[1]).toBe(batch[index + 1]);
  } finally {
    await endpoint.stop();
  }
});

test('a bad row of a file to predict has a note and no prediction, and the others are predicted', async () => {
  const { dataset } = await trained(generateBigMart({ rows: 300, seed: 1, withTarget: true }), {});
  const lines = generateBigMart({ rows: 3, seed: 2, withTarget: false }).trimEnd().split('\n');
  lines[2] = `${lines[2] ?? ''},one,too,many`;
  const text = new TextDecoder().decode(await predicted(dataset, `${lines.join('\n')}\n`)).trimEnd().split('\n');
  expect(text[0]).toMatch(/,prediction,prediction_note$/);
  expect(text[1]).toMatch(/,[\d.]+,$/);
  expect(text[2]).toMatch(/,one,too,many,,.+$/);
  expect((await cloud.journal(dataset)).find(({ type }) => type === 'ResultsPublished')?.detail).toMatchObject({ rows: 3, predicted: 2, refused: 1 });
});

test('a table of 3,000 columns goes the whole way', async () => {
  const rows = Array.from({ length: 60 }, (_, row) => Array.from({ length: 3000 }, (_, column) => ((row * (column + 7)) % 101) / 4));
  const header = rows[0]?.map((_, column) => `c${column}`).join(',') ?? '';
  const table = (width: number) => `${header.split(',').slice(0, width).join(',')}\n${rows.map((row) => row.slice(0, width).join(',')).join('\n')}\n`;
  const { dataset, manifest } = await trained(table(3000), { hyperparameters: { nEstimators: 5 }, gate: { minimumImprovement: 0 } });
  expect(manifest.schema.fileColumns).toHaveLength(3000);
  await cloud.clients.sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn: (await cloud.modelPackages(dataset))[0], ModelApprovalStatus: 'Approved' }));
  await cloud.settle();
  expect(new TextDecoder().decode(await predicted(dataset, table(2999))).split('\n')).toHaveLength(62);
});

test('bad rows of a training file are left out and listed, and too many of them fail the job with the first ones', async () => {
  const good = generateBigMart({ rows: 300, seed: 1, withTarget: true });
  const bad = `${good}too,few,fields\n${good.split('\n')[1]?.replace(/[^,]*$/, 'unknown') ?? ''}\n`;
  const { dataset, manifest } = await trained(bad, { maxBadRows: 2, target: 'Item_Outlet_Sales' });
  expect(manifest.rows).toMatchObject({ read: 302, leftOut: 2 });
  const [job = ''] = await cloud.trainingJobs(dataset);
  const listed = (await cloud.bucket.readText(keys.modelFile(dataset, job, 'rejected.csv')))?.trimEnd().split('\n') ?? [];
  expect(listed).toEqual([
    'file,line,row,column,value,reason',
    `train/${dataset}/a.csv,302,301,,,too-few-fields`,
    `train/${dataset}/a.csv,303,302,Item_Outlet_Sales,unknown,not-a-number`,
  ]);
  await expect(trained(bad, { maxBadRows: 1, target: 'Item_Outlet_Sales' })).rejects.toThrow(/TrainingFailed.*2 rows cannot be read, at most 1 may be left out.*line 302: 3 fields where 12 are expected/);
});
