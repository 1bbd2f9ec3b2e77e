import { describe, expect, test } from 'vitest';
import { BudgetError, HyperparameterError } from '@dropforest/algorithm';
import type { Algorithm } from '@dropforest/algorithm';
import { ModelManifestSchema } from '@dropforest/contracts';
import type { DatasetConfigInput } from '@dropforest/contracts';
import { inferSchema, readTable } from '@dropforest/tabular';
import type { CsvSource } from '@dropforest/tabular';
import { kindOfError, ModelError, trainModel } from '../src/index.ts';
import type { ModelErrorCode, TrainResult } from '../src/index.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import { classificationOf, file, optionsOf, regressionOf, shopFile, shopRows } from './shop.ts';

const train = (files: readonly CsvSource[], config?: DatasetConfigInput): Promise<TrainResult> => trainModel(optionsOf(files, config));
const textOf = (result: TrainResult, name: string): string => new TextDecoder().decode(result.artifact.get(name));

describe('training', () => {
  test('predicts the last column, beats predicting the mean, and says what it did', async () => {
    const result = await train([shopFile()]);
    const { manifest } = result;
    const metrics = regressionOf(result.metrics);
    expect(manifest).toMatchObject({ dataset: 'shop', task: 'regression', target: 'sales', hyperparameters: { k: 5, outOfBag: true } });
    expect(metrics.holdout?.rmse).toBeLessThan(0.5 * metrics.baseline.rmse);
    expect(metrics.outOfBag?.rows).toBe(manifest.rows.trained);
    expect(metrics.holdout?.rows).toBe(manifest.rows.heldOut);
    expect(manifest.rows.heldOut + manifest.rows.trained).toBe(400);
    expect(result.evaluation).toMatchObject({ source: 'holdout' });
    expect(result.notes).toEqual([]);
    expect(result.importances.map(({ feature }) => feature)).toEqual(['weight', 'place', 'price']);
  });

  test('describes every column of the files', async () => {
    const { columns } = await train([shopFile()]);
    expect(columns).toMatchObject([
      { name: 'price', use: 'feature', missing: 0, range: { min: 0 } },
      { name: 'place', use: 'feature', levels: 3 },
      { name: 'weight', use: 'feature', missing: 37 },
      { name: 'sales', use: 'target' },
    ]);
  });

  test('writes a manifest that its readers accept, beside the files of the algorithm', async () => {
    const result = await train([shopFile()]);
    expect([...result.artifact.keys()]).toEqual(['manifest.json', 'neighbours.json']);
    expect(ModelManifestSchema.parse(JSON.parse(textOf(result, 'manifest.json')))).toEqual(result.manifest);
  });

  test('writes down what the algorithm tried, and hyperparameters that give the same model without trying again', async () => {
    const trials = [{ hyperparameters: { k: 7 }, trees: 30, value: 1.5, stopped: false }, { hyperparameters: { k: 2 }, trees: 5, value: undefined, stopped: true }];
    const tuning = { figure: 'RMSE', chosen: { k: 7 }, trials };
    const tuned: Algorithm = { ...nearestNeighbours, fit: async (...given) => ({ ...(await nearestNeighbours.fit(...given)), tuning }) };
    const result = await trainModel({ ...optionsOf([shopFile()]), algorithms: [tuned] });
    expect(result.manifest.hyperparameters).toEqual({ k: 7, outOfBag: true });
    expect(ModelManifestSchema.parse(JSON.parse(textOf(result, 'manifest.json'))).tuning).toEqual({ ...tuning, trials: [trials[0], { hyperparameters: { k: 2 }, trees: 5, stopped: true }] });
    expect((await train([shopFile()])).manifest.tuning).toBeUndefined();
  });

  test('passes on what the algorithm has to say while it works', async () => {
    const talkative: Algorithm = {
      ...nearestNeighbours,
      fit: (training, hyperparameters, context) => {
        context.onMessage?.('a minute, please');
        return nearestNeighbours.fit(training, hyperparameters, context);
      },
    };
    const messages: string[] = [];
    await trainModel({ ...optionsOf([shopFile()]), algorithms: [talkative], onMessage: (message) => messages.push(message) });
    expect(messages).toEqual(['a minute, please']);
  });

  test('gives the same bytes for the same input', async () => {
    const [first, second] = [await train([shopFile()]), await train([shopFile()])];
    expect(second.artifact).toEqual(first.artifact);
  });

  test('reads several files in the order of their names, whatever order they come in', async () => {
    const whole = await train([shopFile(shopRows(300))]);
    const [a, b] = [shopFile(shopRows(100), 'a.csv'), shopFile(shopRows(200, 100), 'b.csv')];
    expect((await train([b, a])).artifact).toEqual(whole.artifact);
  });

  test('learns nothing from idColumns and from columns that dataset.json ignores', async () => {
    const { columns, manifest } = await train([shopFile()], { idColumns: ['place'], columns: { weight: 'ignore' } });
    expect(columns.map(({ name, use }) => [name, use])).toEqual([['price', 'feature'], ['place', 'left-out'], ['weight', 'left-out'], ['sales', 'target']]);
    expect(manifest.schema.columns.filter(({ required }) => required).map(({ name }) => name)).toEqual(['price']);
  });

  test('takes the kind of a column from dataset.json', async () => {
    const { manifest } = await train([shopFile()], { columns: { weight: 'categorical' } });
    expect(manifest.schema.columns).toContainEqual(expect.objectContaining({ name: 'weight', kind: 'categorical', required: true }));
  });
});

describe('classes', () => {
  test('are predicted where the target has words, and that is said', async () => {
    const result = await train([shopFile()], { target: 'place' });
    expect(result.manifest).toMatchObject({ task: 'classification', classes: ['east', 'north', 'south'], notes: [expect.stringContaining('"place" has 3 different texts')] });
    const { holdout, outOfBag, baseline } = classificationOf(result.metrics);
    expect(holdout?.logLoss).toBeGreaterThan(0);
    expect(holdout?.intervals?.accuracy[0]).toBeLessThanOrEqual(holdout?.accuracy ?? 0);
    expect(outOfBag?.rows).toBe(result.manifest.rows.trained);
    expect(baseline.accuracy).toBeLessThan(0.6);
    expect(result.evaluation).toMatchObject({ task: 'classification', classes: ['east', 'north', 'south'] });
    expect(result.evaluation?.task === 'classification' ? result.evaluation.probabilities.length : 0).toBe(3 * (holdout?.rows ?? 0));
  });

  test('are not predicted because of a few words among the numbers: these are bad rows', async () => {
    const rows = shopRows(300).map((row, index) => (index % 50 === 0 ? row.replace(/,[^,]*$/, ',unknown yet') : row.replace(/\.(\d+)$/, ',$1').replace(/,([^,]*),(\d+)$/, ',"$1,$2"')));
    const { manifest, rejectedRows } = await train([shopFile(rows)], { maxBadRows: 10 });
    expect(manifest.task).toBe('regression');
    expect(rejectedRows.map(({ reason, column }) => [reason, column])).toEqual(Array.from({ length: 6 }, () => ['not-a-number', 'sales']));
  });

  test('never have probability 0: something that no row has shown may come all the same', async () => {
    const rows = Array.from({ length: 200 }, (_, row) => `${row % 20},${row % 20 < 10 ? 'low' : 'high'}`);
    const { metrics, evaluation } = await train([file(`x,y\n${rows.join('\n')}\n`)], { evaluation: { holdout: 0.3 } });
    const { probabilities } = evaluation?.task === 'classification' ? evaluation : { probabilities: new Float64Array(0) };
    expect(Math.min(...probabilities)).toBeGreaterThan(0);
    expect(Math.max(...probabilities)).toBeLessThan(1);
    expect(classificationOf(metrics).holdout?.logLoss).toBeLessThan(0.2);
  });

  test('are a number where dataset.json says so, and the other way round', async () => {
    const rows = shopRows(300).map((row, index) => `${row.slice(0, row.lastIndexOf(','))},${index % 4}`);
    expect((await train([shopFile(rows)])).manifest.classes).toEqual(['0', '1', '2', '3']);
    expect((await train([shopFile(rows)], { task: 'regression' })).manifest.task).toBe('regression');
  });
});

describe('the manifest', () => {
  test('has the profile of the training rows and the coverage of the intervals', async () => {
    const { manifest } = await train([shopFile(shopRows(3000))], { evaluation: { holdout: 0.3 } });
    expect(manifest.profile.map(({ name }) => name)).toEqual(expect.arrayContaining(['price', 'place', 'weight']));
    expect(manifest.profile.find(({ name }) => name === 'price')?.quantiles).toHaveLength(7);
    expect(manifest.profile.find(({ name }) => name === 'place')?.levels).toHaveLength(3);
    const { coverage } = regressionOf(manifest.metrics);
    expect(Math.abs((coverage?.share ?? 0) - 0.9)).toBeLessThan(0.04);
  });
});

describe('the holdout', () => {
  test('cannot influence anything that is fitted: without its rows the model is the same', async () => {
    const steps = [{ step: 'impute', column: 'weight', strategy: 'mean', by: 'place' }, { step: 'encode', columns: ['place'], method: 'ordinal-by-target' }];
    const all = await train([shopFile()], { steps });
    expect(all.manifest.rows.heldOut).toBeGreaterThan(20);
    const rows = shopRows(400);
    const sources = [shopFile()];
    const { rowHash } = await readTable(sources, await inferSchema(sources), { seed: 0 });
    const kept = rows.filter((_, row) => (rowHash[row] ?? 0) >= 0.1);
    expect(kept).toHaveLength(all.manifest.rows.trained);
    const without = await train([shopFile(kept)], { steps });
    expect(textOf(without, 'neighbours.json')).toBe(textOf(all, 'neighbours.json'));
    expect(without.manifest.preprocessing).toEqual(all.manifest.preprocessing);
  });

  test('is the same rows when the data set grows and when rows or columns change places', async () => {
    const salesHeldOut = async (files: CsvSource[]): Promise<number[]> => Array.from((await train(files, { target: 'sales' })).evaluation?.actual ?? []);
    const before = await salesHeldOut([shopFile()]);
    const turned = ['sales,weight,place,price', ...shopRows(400).map((row) => row.split(',').reverse().join(','))];
    expect(await salesHeldOut([file(turned.join('\n'))])).toEqual(before);
    expect(await salesHeldOut([shopFile(shopRows(400).reverse())])).toEqual([...before].reverse());
    expect((await salesHeldOut([shopFile(shopRows(600))])).slice(0, before.length)).toEqual(before);
  });

  test('gives way to out-of-bag figures where it is too small, and says so', async () => {
    const { metrics, evaluation, notes, manifest } = await train([shopFile(shopRows(60))]);
    expect(manifest.rows.heldOut).toBeLessThan(20);
    expect(metrics.holdout).toBeUndefined();
    expect(evaluation?.source).toBe('out-of-bag');
    expect(metrics.baseline.rows).toBe(metrics.outOfBag?.rows);
    expect(notes).toEqual([expect.stringMatching(/rows? (was|were) held out, too few to judge by: out-of-bag figures stand in/)]);
  });

  test('is used however small where there are no out-of-bag predictions, and says that it says little', async () => {
    const { metrics, notes } = await train([shopFile(shopRows(60))], { hyperparameters: { outOfBag: false } });
    expect(metrics.holdout?.rows).toBeGreaterThan(0);
    expect(notes).toEqual([expect.stringMatching(/the figures say little/)]);
  });

  test('may be none: then nothing is said of a model without out-of-bag predictions', async () => {
    const result = await train([shopFile()], { evaluation: { holdout: 0 }, hyperparameters: { outOfBag: false } });
    expect(result.evaluation).toBeUndefined();
    expect(result.notes).toEqual([expect.stringMatching(/nothing is known/)]);
  });
});

describe('rows that cannot be learned from', () => {
  const rows = [...shopRows(50), '1,north', '2,south,heavy,3', '4,east,5,many', '6,north,7,', '8,south,9,NA'];

  test('are left out and listed; those without a target are not bad', async () => {
    const { rejectedRows, manifest } = await train([shopFile(rows)], { maxBadRows: 3, columns: { weight: 'numeric' } });
    expect(rejectedRows.map(({ line, reason }) => [line, reason])).toEqual([
      [52, 'too-few-fields'],
      [53, 'not-a-number'],
      [54, 'not-a-number'],
      [55, 'missing-value'],
      [56, 'missing-value'],
    ]);
    expect(manifest.rows).toMatchObject({ read: 55, leftOut: 5 });
  });

  test('fail the training beyond maxBadRows, with the first of them', async () => {
    await expect(train([shopFile(rows)], { maxBadRows: 2, columns: { weight: 'numeric' } })).rejects.toThrow(
      '3 rows cannot be read, at most 2 may be left out ("maxBadRows"): shop.csv line 52: 2 fields where 4 are expected; shop.csv line 53: column "weight" needs a number, not "heavy"; shop.csv line 54: column "sales" needs a number, not "many"',
    );
  });
});

describe('what the user can repair', () => {
  const REFUSED: readonly (readonly [what: string, files: CsvSource[], config: DatasetConfigInput, code: ModelErrorCode, message: RegExp])[] = [
    ['no file', [], {}, 'no-files', /no file to train on/],
    ['a target that is not there', [shopFile()], { target: 'Sales' }, 'missing-target', /no column "Sales".*did you mean "sales"\?/],
    ['a target of words', [shopFile()], { target: 'place', task: 'regression' }, 'target-not-numeric', /"place" is no number in 400 rows, "north" in line 2 for one/],
    ['too many classes', [shopFile()], { task: 'classification' }, 'too-many-classes', /at most 200 classes/],
    ['a target that never varies', [file('a,b\n1,x\n2,x\n3,x\n')], {}, 'one-class', /"x" in every row/],
    ['an algorithm that is not offered', [shopFile()], { algorithm: 'nearest-neighbors' }, 'unknown-algorithm', /did you mean "nearest-neighbours"/],
    ['a mistyped id column', [shopFile()], { idColumns: ['Place'] }, 'unknown-column', /"idColumns" in dataset\.json: the file has no column "Place".*did you mean "place"/],
    ['a mistyped column override', [shopFile()], { columns: { weigth: 'numeric' } }, 'unknown-column', /"columns" in dataset\.json.*did you mean "weight"/],
    ['one row', [shopFile(shopRows(1))], {}, 'too-few-rows', /at least 2/],
  ];

  test.each(REFUSED)('%s', async (_what, files, config, code, message) => {
    const error: unknown = await train(files, config).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code });
    expect(String(error)).toMatch(message);
    expect(kindOfError(error)).toBe('user');
  });

  test('a training that would take too long, which is for the user to shorten', () => {
    expect(kindOfError(new BudgetError('too long'))).toBe('user');
  });

  test('a hyperparameter out of range, before any file is read', async () => {
    const error: unknown = await train([file('')], { hyperparameters: { k: 0 } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HyperparameterError);
    expect(String(error)).toMatch(/hyperparameter k: got 0, allowed: a whole number from 1/);
    expect(kindOfError(error)).toBe('user');
  });

  test('a wrong recipe and an unreadable file', async () => {
    const wrongStep: unknown = await train([shopFile()], { steps: [{ step: 'impute', column: 'wieght', strategy: 'mean' }] }).catch((thrown: unknown) => thrown);
    expect(String(wrongStep)).toMatch(/step 1 \(impute\): there is no column "wieght" here, did you mean "weight"\?/);
    const noCsv: unknown = await train([file('%PDF-1.7')]).catch((thrown: unknown) => thrown);
    expect([kindOfError(wrongStep), kindOfError(noCsv), kindOfError(new TypeError('a mistake of ours'))]).toEqual(['user', 'user', 'system']);
  });
});

test('an aborted training rejects with the reason of the signal', async () => {
  const reason = new Error('SIGTERM');
  await expect(trainModel({ ...optionsOf([shopFile()]), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('progress is told as the algorithm tells it', async () => {
  const seen: unknown[] = [];
  await trainModel({ ...optionsOf([shopFile()]), onProgress: (progress) => seen.push(progress) });
  expect(seen).toEqual([{ done: 1, total: 1, unit: 'memories' }]);
});
