/**
 * The conformance kit: a vitest suite that every algorithm package runs in a test of its own. An algorithm that passes
 * can be trained, saved, loaded and compared by the model without anything being known about it.
 */
import { describe, expect, it } from 'vitest';
import type { Algorithm, Feature, Files, FitContext, FitProgress, Predictor, Task, Training } from './algorithm.ts';
import { createConformanceData } from './conformance-data.ts';
import { baselineLoss, lossOf } from './conformance-loss.ts';
import { ArtifactError, HyperparameterError, TaskError } from './errors.ts';

export { createConformanceData };

/** What a suite may be given; an algorithm that is slow asks for less. */
export interface ConformanceOptions {
  /** Hyperparameters of every fit; the algorithm's defaults where not given. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Rows to learn from, and as many unseen ones. Default 200. */
  readonly rows?: number;
}

const TASKS: readonly Task[] = ['regression', 'classification'];

/** Declares the suite, once for every task that the algorithm can do; call it at the top of a test file. */
export function describeConformance(algorithm: Algorithm, { settings = {}, rows = 200 }: ConformanceOptions = {}): void {
  const { tasks } = algorithm.capabilities;
  describe(`algorithm ${algorithm.name} conforms`, () => {
    it('can do at least one task, none twice', () => {
      expect(tasks.length).toBeGreaterThan(0);
      expect(new Set(tasks).size).toBe(tasks.length);
    });

    it.each(TASKS.filter((task) => !tasks.includes(task)))('refuses %s, which it cannot do', async (task) => {
      const fit = algorithm.fit(createConformanceData(task, rows, 1).training, settings, { seed: 1, threads: 1 });
      await expect(fit).rejects.toThrow(TaskError);
      await expect(fit).rejects.toThrow(`algorithm "${algorithm.name}" cannot do ${task}`);
    });

    it('fills in every hyperparameter and takes its own answer unchanged', () => {
      const resolved = algorithm.resolveHyperparameters(settings);
      expect(resolved).toMatchObject(settings);
      expect(algorithm.resolveHyperparameters(resolved)).toEqual(resolved);
      expect(JSON.parse(JSON.stringify(resolved))).toEqual(resolved);
    });
  });
  for (const task of tasks) describeTask(algorithm, task, settings, rows);
}

function describeTask(algorithm: Algorithm, task: Task, settings: Readonly<Record<string, unknown>>, rows: number): void {
  const { training, unseen, unseenTarget } = createConformanceData(task, rows, 1);
  const outputs = training.task === 'regression' ? 1 : training.classCount;
  const fit = (context: Partial<FitContext> = {}): Promise<Predictor> =>
    algorithm.fit(training, settings, { seed: 1, threads: 1, ...context });

  describe(`algorithm ${algorithm.name} conforms in ${task}`, () => {
    it('saves the same files for the same seed and other files for another', async () => {
      const first = (await fit()).save();
      expect(plain((await fit()).save())).toEqual(plain(first));
      expect(plain((await fit({ seed: 2 })).save())).not.toEqual(plain(first));
    });

    it('saves the same files for every number of threads', async () => {
      const first = (await fit()).save();
      expect(plain((await fit({ threads: 2 })).save())).toEqual(plain(first));
    });

    it('saves named, relative files and predicts bit-equal once loaded', async () => {
      const predictor = await fit();
      const files = predictor.save();
      expect(files.size).toBeGreaterThan(0);
      for (const name of files.keys()) expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
      const loaded = await algorithm.load(copy(files));
      expect(loaded.predict(unseen)).toEqual(predictor.predict(unseen));
      expect(plain(loaded.save())).toEqual(plain(files));
    });

    it('is closer to unseen rows than the naive prediction is', async () => {
      const predictor = await fit();
      expect(lossOf(training, unseenTarget, predictor.predict(unseen))).toBeLessThan(0.8 * baselineLoss(training, unseenTarget));
    });

    it('predicts finite numbers, as many a row as there are outputs, and nothing for no rows', async () => {
      const predictor = await fit();
      const predicted = predictor.predict(unseen);
      expect(predicted).toHaveLength(rows * outputs);
      expect(predicted.every(Number.isFinite)).toBe(true);
      if (task === 'classification') expectProbabilities(predicted, outputs);
      const none = unseen.map(({ name }) => ({ name, values: new Float64Array(0) }));
      expect(predictor.predict(none)).toEqual(new Float64Array(0));
    });

    it('leaves the data that it was given as it was', async () => {
      const before = structuredClone(training);
      await fit();
      expect(training).toEqual(before);
    });

    it('gives importances, where it does, as shares that add up to 1', async () => {
      const shares = (await fit()).featureImportances;
      if (shares === undefined) return;
      expect(shares).toHaveLength(training.features.length);
      expect(shares.every((share) => share >= 0)).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    });

    it('gives out-of-bag predictions, where it does, for every training row and only after a fit', async () => {
      const predictor = await fit();
      if (predictor.oobPrediction !== undefined) expectOutOfBag(predictor.oobPrediction, rows, outputs);
      expect((await algorithm.load(copy(predictor.save()))).oobPrediction).toBeUndefined();
    });

    it('refuses a hyperparameter that it does not have, by name, at both doors', async () => {
      const unknown = { ...settings, 'no-such-setting': 1 };
      expect(() => algorithm.resolveHyperparameters(unknown)).toThrow(HyperparameterError);
      expect(() => algorithm.resolveHyperparameters(unknown)).toThrow(`algorithm "${algorithm.name}": it has no hyperparameter "no-such-setting"`);
      await expect(algorithm.fit(training, unknown, { seed: 1, threads: 1 })).rejects.toThrow(HyperparameterError);
    });

    it('reports its progress upwards to the total, one unit after the other', async () => {
      const reports: FitProgress[] = [];
      await fit({ onProgress: (progress) => reports.push(progress) });
      expect(reports.length).toBeGreaterThan(0);
      const parts = Object.values(Object.groupBy(reports, ({ unit }) => unit)).map((part) => part ?? []);
      expect(parts.flat()).toEqual(reports);
      for (const part of parts) {
        expect(part.at(-1)?.done).toBe(part.at(-1)?.total);
        expect(new Set(part.map(({ total }) => total)).size).toBe(1);
        expect(part.map(({ done }) => done)).toEqual(part.map(({ done }) => done).toSorted((a, b) => a - b));
      }
    });

    it('says what it tried, where it does, in its own hyperparameters, which give the same model again', async () => {
      const predictor = await fit();
      expect((await algorithm.load(copy(predictor.save()))).tuning).toBeUndefined();
      if (predictor.tuning === undefined) return;
      const { chosen, trials } = predictor.tuning;
      expect(trials.map(({ hyperparameters }) => hyperparameters)).toContainEqual(chosen);
      const again = await algorithm.fit(training, { ...algorithm.resolveHyperparameters(settings), ...chosen }, { seed: 1, threads: 1 });
      expect(again.tuning).toBeUndefined();
      expect(plain(again.save())).toEqual(plain(predictor.save()));
    });

    it('does not start for a signal that is already aborted', async () => {
      const reason = new Error('stopped before the start');
      await expect(fit({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('stops with the reason of an abort while it reports progress', async () => {
      const controller = new AbortController();
      const reason = new Error('stopped on the way');
      await expect(fit({ signal: controller.signal, onProgress: () => { controller.abort(reason); } })).rejects.toBe(reason);
    });

    it('names the file that it misses in a model', async () => {
      const [name = ''] = (await fit()).save().keys();
      const load = algorithm.load(new Map([['other.txt', new Uint8Array(1)]]));
      await expect(load).rejects.toThrow(ArtifactError);
      await expect(load).rejects.toThrow(`got other.txt, expected ${name}`);
    });

    it('refuses a file that is cut off', async () => {
      const files = [...(await fit()).save()].map(([name, bytes]) => [name, bytes.slice(0, bytes.length >> 1)] as const);
      await expect(algorithm.load(new Map(files))).rejects.toThrow(ArtifactError);
    });

    it('learns one row', async () => {
      const one = { ...training, features: training.features.map(firstRow), target: training.target.slice(0, 1) };
      const predictor = await algorithm.fit(one, settings, { seed: 1, threads: 1 });
      const answer = one.target[0] ?? NaN;
      const predicted = predictor.predict(one.features);
      if (task === 'regression') expect(predicted[0]).toBeCloseTo(answer, 6);
      else expect(predicted.indexOf(Math.max(...predicted))).toBe(answer);
    });

    if (training.task === 'classification') describeRareClass(algorithm, training, settings);
  });
}

/** Classes that a data set names but a training does not hold, as happens when rows are held out. */
function describeRareClass(algorithm: Algorithm, training: Training & { task: 'classification' }, settings: Readonly<Record<string, unknown>>): void {
  it('keeps a place for a class without rows', async () => {
    const outputs = training.classCount + 2;
    const predictor = await algorithm.fit({ ...training, classCount: outputs }, settings, { seed: 1, threads: 1 });
    const predicted = predictor.predict(training.features);
    expect(predicted).toHaveLength(training.target.length * outputs);
    expectProbabilities(predicted, outputs);
  });
}

function expectProbabilities(predicted: Float64Array, outputs: number): void {
  expect(predicted.every((probability) => probability >= 0 && probability <= 1)).toBe(true);
  for (let start = 0; start < predicted.length; start += outputs) {
    expect(predicted.subarray(start, start + outputs).reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9);
  }
}

/** A row has a whole prediction or none. */
function expectOutOfBag(prediction: Float64Array, rows: number, outputs: number): void {
  expect(prediction).toHaveLength(rows * outputs);
  const known = Array.from({ length: rows }, (_, row) => prediction.slice(row * outputs, (row + 1) * outputs)).filter((values) => !values.every(Number.isNaN));
  expect(known.every((values) => values.every(Number.isFinite))).toBe(true);
  if (outputs > 1) for (const values of known) expectProbabilities(values, outputs);
}

function firstRow({ name, values }: Feature): Feature {
  return { name, values: values.slice(0, 1) };
}

function plain(files: Files): Record<string, number[]> {
  return Object.fromEntries([...files].map(([name, bytes]) => [name, [...bytes]]));
}

/** The files as they come out of an archive: in other memory, at an odd offset. */
function copy(files: Files): Files {
  return new Map([...files].map(([name, bytes]) => {
    const moved = new Uint8Array(bytes.length + 3).subarray(3);
    moved.set(bytes);
    return [name, moved];
  }));
}
