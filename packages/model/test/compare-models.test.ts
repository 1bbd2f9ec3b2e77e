import { describe, expect, test } from 'vitest';
import type { Algorithm, Files } from '@dropforest/algorithm';
import { ComparisonSchema, ModelManifestSchema } from '@dropforest/contracts';
import type { Comparison, DatasetConfigInput } from '@dropforest/contracts';
import { rmse } from '@dropforest/metrics';
import { inferSchema, readTable } from '@dropforest/tabular';
import type { CsvSource } from '@dropforest/tabular';
import { compareModels, loadModel, trainModel } from '../src/index.ts';
import type { TrainResult } from '../src/index.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { configOf, file, optionsOf, shopFile, shopRows } from './shop.ts';

const NOBODY = { image: 'i', files: [] };
const rows = shopRows(600);

/** A model of `job`, beside a champion where there is one. */
function train(job: string, files: readonly CsvSource[], config?: DatasetConfigInput, champion?: Files): Promise<TrainResult> {
  return trainModel({ ...optionsOf(files, config), lineage: { ...NOBODY, job }, ...(champion === undefined ? {} : { champion: async () => champion }) });
}

/** How a challenger trained on `files` does beside the champion; the two ways to ask have to agree. */
async function comparisonWith(champion: Files, files: readonly CsvSource[] = [shopFile(rows)], config?: DatasetConfigInput): Promise<Comparison> {
  const challenger = await train('challenger', files, config, champion);
  const later = await compareModels({ challenger: async () => challenger.artifact, champion: async () => champion, files, config: configOf(config), algorithms: [nearestNeighbours] });
  expect(later).toEqual(challenger.comparison);
  return ComparisonSchema.parse(JSON.parse(JSON.stringify(later)));
}

function comparable(comparison: Comparison): Extract<Comparison, { readonly comparable: true }> {
  if (comparison.comparable) return comparison;
  throw new TypeError(`not comparable: ${comparison.reason}`);
}

/** The artifact with another manifest. */
function withManifest(files: Files, change: (manifest: Record<string, unknown>) => unknown): Files {
  const manifest = ModelManifestSchema.parse(JSON.parse(new TextDecoder().decode(files.get('manifest.json'))));
  return new Map([...files, ['manifest.json', new TextEncoder().encode(JSON.stringify(change({ ...manifest })))]]);
}

const { artifact: champion } = await train('champion', [shopFile(rows.slice(0, 300))], { hyperparameters: { k: 30 } });

describe('a challenger beside the champion', () => {
  test('is held against it on the rows that both held out, by what each says of them as a file', async () => {
    const challenger = await train('challenger', [shopFile(rows)], {}, champion);
    const found = comparable(await comparisonWith(champion));
    const { actual } = challenger.evaluation ?? { actual: new Float64Array(0) };
    const { rowHash } = await readTable([shopFile(rows)], await inferSchema([shopFile(rows)]), { seed: 0 });
    const heldOut = rows.filter((_, row) => (rowHash[row] ?? 0) < 0.1);
    const answers = async (artifact: Files) => {
      const { csv } = (await loadModel(artifact, [nearestNeighbours])).predictCsv(Buffer.from(`price,place,weight,sales\n${heldOut.join('\n')}\n`), { join: false });
      return Float64Array.from(Buffer.from(csv).toString().trimEnd().split('\n').slice(1), Number);
    };
    expect(heldOut).toHaveLength(actual.length);
    expect(found).toMatchObject({
      challenger: 'challenger',
      champion: 'champion',
      figure: 'RMSE',
      rows: challenger.manifest.rows.heldOut,
      challengerValue: expect.closeTo(rmse(Float64Array.from(actual), await answers(challenger.artifact)), 9),
      championValue: expect.closeTo(rmse(Float64Array.from(actual), await answers(champion)), 9),
      level: 0.95,
    });
    expect(found.difference).toBeCloseTo(found.championValue - found.challengerValue, 9);
    expect(found.interval[0]).toBeGreaterThan(0);
  });

  test('is no better than itself, and that is certain', async () => {
    const { artifact } = await train('challenger', [shopFile(rows)]);
    expect(comparable(await comparisonWith(artifact))).toMatchObject({ champion: 'challenger', difference: 0, interval: [0, 0] });
  });

  test('is compared by log loss where it predicts classes', async () => {
    const { artifact } = await train('champion', [shopFile(rows)], { target: 'place', hyperparameters: { k: 50 } });
    const found = comparable(await comparisonWith(artifact, [shopFile(rows)], { target: 'place' }));
    const { metrics } = await train('challenger', [shopFile(rows)], { target: 'place' });
    expect(found.figure).toBe('log loss');
    expect(found.challengerValue).toBeCloseTo(metrics.task === 'classification' ? (metrics.holdout?.logLoss ?? 0) : 0, 12);
  });

  test('may read columns in another way than the champion, and other columns', async () => {
    const wordy = await train('champion', [shopFile(rows)], { columns: { weight: 'categorical' }, idColumns: ['place'] });
    const learnt = comparable(await comparisonWith(wordy.artifact, [shopFile(rows)], { columns: { price: 'ignore' } }));
    const { metrics } = wordy;
    expect(learnt.championValue).toBeCloseTo(metrics.task === 'regression' ? (metrics.holdout?.rmse ?? 0) : 0, 9);
    expect(learnt.rows).toBe(wordy.manifest.rows.heldOut);
  });

  test('is read in its own way, whatever way its files are read today', async () => {
    const worded = rows.map((row, index) => (index % 4 === 0 ? row.replace(/,[^,]*(,[^,]*)$/, ',heavy$1') : row));
    const challenger = await train('challenger', [shopFile(rows)]);
    const options = { files: [shopFile(worded)], config: configOf({ columns: { weight: 'categorical' }, maxBadRows: 0 }), algorithms: [nearestNeighbours] };
    const wordy = await train('champion', [shopFile(worded)], { columns: { weight: 'categorical' } });
    const found = comparable(await compareModels({ ...options, challenger: async () => challenger.artifact, champion: async () => wordy.artifact }));
    const back = comparable(await compareModels({ ...options, challenger: async () => wordy.artifact, champion: async () => challenger.artifact }));
    expect([found.rows, found.challengerValue, found.championValue]).toEqual([back.rows, back.championValue, back.challengerValue]);
    expect(found.rows).toBeLessThan(wordy.manifest.rows.heldOut);
  });

  test('is compared on the rows that both can read, each beside its own truth', async () => {
    const worded = rows.map((row, index) => (index % 4 === 0 ? row.replace(/,[^,]*(,[^,]*)$/, ',heavy$1') : row));
    const numeric = await train('champion', [shopFile(rows)]);
    const found = comparable(await comparisonWith(numeric.artifact, [shopFile(worded)], { columns: { weight: 'categorical' } }));
    const sound = await train('challenger', [shopFile(worded.filter((_, index) => index % 4 !== 0))], { columns: { weight: 'numeric' } });
    expect(found.rows).toBe(sound.manifest.rows.heldOut);
    const alone = comparable(await comparisonWith(numeric.artifact, [shopFile(worded.filter((_, index) => index % 4 !== 0))]));
    expect(found.championValue).toBeCloseTo(alone.championValue, 9);
  });
});

describe('a champion that cannot be compared with', () => {
  const reasonOf = async (other: Files, files?: readonly CsvSource[], config?: DatasetConfigInput): Promise<unknown> => {
    const comparison = await comparisonWith(other, files, config);
    return comparison.comparable ? comparison : [comparison.champion, comparison.reason];
  };

  test.each<[what: string, trained: DatasetConfigInput, wanted: DatasetConfigInput, reason: string]>([
    ['target', { target: 'price' }, {}, 'the target was "price"'],
    ['task', { target: 'weight', task: 'classification' }, { target: 'weight', task: 'regression' }, 'the task was classification'],
    ['seed', { evaluation: { seed: 7 } }, {}, 'it had held out other rows, by the seed 7, and may have trained on these'],
    ['share', { evaluation: { holdout: 0.05 } }, {}, 'it had held out a smaller share of the rows, 0.05, and may have trained on these'],
  ])('for another %s', async (_what, trained, wanted, reason) => {
    const { artifact } = await train('champion', [shopFile(rows)], trained);
    expect(await reasonOf(artifact, [shopFile(rows)], wanted)).toEqual(['champion', reason]);
  });

  test('but not for a larger share, which holds these rows too', async () => {
    const { artifact, manifest } = await train('champion', [shopFile(rows)], { evaluation: { holdout: 0.4 } });
    const found = comparable(await comparisonWith(artifact, [shopFile(rows)]));
    expect(found.rows).toBeLessThan(manifest.rows.heldOut);
  });

  test('for other classes', async () => {
    const { artifact } = await train('champion', [shopFile(rows.filter((row) => !row.includes('east')))], { target: 'place' });
    expect(await reasonOf(artifact, [shopFile(rows)], { target: 'place' })).toEqual(['champion', 'the classes were "north", "south"']);
  });

  test('for files with other columns: its rows had other hashes', async () => {
    const wider = file(`price,place,weight,colour,sales\n${rows.map((row, index) => row.replace(/,([^,]*)$/, `,${index % 3},$1`)).join('\n')}\n`);
    expect(await reasonOf(champion, [wider])).toEqual(['champion', 'its files had the columns "price", "place", "weight", "sales", so that it held out other rows and may have trained on these']);
  });

  test('for too few rows', async () => {
    expect(await reasonOf(champion, [shopFile(rows.slice(0, 60))])).toEqual(['champion', expect.stringMatching(/^of the rows held out both can predict \d, and 10 are needed to compare them$/)]);
    const { artifact } = await train('champion', [shopFile(rows)], { evaluation: { holdout: 0 } });
    expect(await reasonOf(artifact, [shopFile(rows)], { evaluation: { holdout: 0 } })).toEqual(['champion', 'of the rows held out both can predict 0, and 10 are needed to compare them']);
  });

  test('because it is older than the note of what was held out', async () => {
    const older = withManifest(champion, ({ holdout: _, ...manifest }) => manifest);
    expect(await reasonOf(older)).toEqual(['champion', 'nobody noted which rows it had held out']);
  });

  test.each<[what: string, files: Files, job: string, reason: RegExp]>([
    ['no manifest', new Map(), '', /the model has no manifest\.json/],
    ['a manifest that is no JSON', new Map([['manifest.json', Buffer.from('{')]]), '', /not JSON/],
    ['another format', withManifest(champion, (manifest) => ({ ...manifest, formatVersion: 2 })), 'champion', /of another version or damaged: formatVersion/],
    ['an unknown algorithm', withManifest(champion, (manifest) => ({ ...manifest, algorithm: 'oracle' })), 'champion', /there is no algorithm "oracle"/],
    ['no file of the algorithm', new Map([...champion].slice(0, 1)), 'champion', /./],
  ])('because it has %s', async (_what, files, job, reason) => {
    expect(await reasonOf(files)).toEqual([job, expect.stringMatching(reason)]);
  });

  test('because its archive cannot be had', async () => {
    const gone = async (): Promise<Files> => Promise.reject(new Error('not a gzip file'));
    const { comparison } = await trainModel({ ...optionsOf([shopFile(rows)]), champion: gone });
    expect(comparison).toEqual({ comparable: false, challenger: '', champion: '', reason: 'not a gzip file' });
  });

  test('because its predictions are no numbers', async () => {
    const broken: Algorithm = { ...nearestNeighbours, load: async (files) => ({ ...(await nearestNeighbours.load(files)), predict: (features) => new Float64Array(features[0]?.values.length ?? 0).fill(Number.NaN) }) };
    const { comparison } = await trainModel({ ...optionsOf([shopFile(rows)]), algorithms: [broken], champion: async () => champion });
    expect(comparison).toMatchObject({ comparable: false, reason: expect.stringMatching(/got NaN at row 0/) });
  });

  test('because its figure is beyond all numbers', async () => {
    const broken: Algorithm = { ...nearestNeighbours, load: async (files) => ({ ...(await nearestNeighbours.load(files)), predict: (features) => new Float64Array(features[0]?.values.length ?? 0).fill(1e200) }) };
    const { comparison } = await trainModel({ ...optionsOf([shopFile(rows)]), algorithms: [broken], champion: async () => champion });
    expect(comparison).toMatchObject({ comparable: false, reason: 'the figures of the two are too large to compare' });
  });
});

test('a challenger that cannot be loaded is an error', async () => {
  const options = { champion: async () => champion, files: [shopFile(rows)], config: configOf(), algorithms: [nearestNeighbours] };
  await expect(compareModels({ ...options, challenger: async () => new Map() })).rejects.toThrow('the model has no manifest.json');
});

test('without a champion there is no comparison', async () => {
  expect(await train('first', [shopFile(rows)])).not.toHaveProperty('comparison');
});

test('the manifest notes which rows were held out', async () => {
  const { manifest } = await train('first', [shopFile(rows)], { evaluation: { holdout: 0.2, seed: 3 } });
  expect(manifest.holdout).toEqual({ fraction: 0.2, seed: 3 });
});
