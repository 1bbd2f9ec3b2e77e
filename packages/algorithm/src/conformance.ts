/**
 * The conformance kit: a vitest suite that every algorithm package runs in a test of its own. An algorithm that passes
 * can be trained, saved, loaded and compared by the model without anything being known about it.
 */
import { describe, expect, it } from 'vitest';
import type { Algorithm, Files, FitContext, FitProgress, Predictor } from './algorithm.ts';
import { createConformanceData } from './conformance-data.ts';
import { ArtifactError, HyperparameterError } from './errors.ts';

/** What a suite may be given; an algorithm that is slow asks for less. */
export interface ConformanceOptions {
  /** Hyperparameters of every fit; the algorithm's defaults where not given. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Rows to learn from, and as many unseen ones. Default 200. */
  readonly rows?: number;
}

/** Declares the suite; call it at the top of a test file. */
export function describeConformance(algorithm: Algorithm, { settings = {}, rows = 200 }: ConformanceOptions = {}): void {
  const { training, unseen, unseenTarget } = createConformanceData(rows, 1);
  const fit = (context: Partial<FitContext> = {}): Promise<Predictor> =>
    algorithm.fit(training, settings, { seed: 1, threads: 1, ...context });

  describe(`algorithm ${algorithm.name} conforms`, () => {
    it('can do regression, which this suite checks', () => {
      expect(algorithm.capabilities.tasks).toContain('regression');
    });

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

    it('is closer to unseen rows than their mean would be', async () => {
      const predictor = await fit();
      const mean = training.target.reduce((sum, value) => sum + value, 0) / rows;
      const baseline = error(unseenTarget, new Float64Array(rows).fill(mean));
      expect(error(unseenTarget, predictor.predict(unseen))).toBeLessThan(0.8 * baseline);
    });

    it('predicts one finite number a row, and nothing for no rows', async () => {
      const predictor = await fit();
      expect(predictor.predict(unseen)).toHaveLength(rows);
      expect(predictor.predict(unseen).every(Number.isFinite)).toBe(true);
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
      if (predictor.oobPrediction !== undefined) expect(predictor.oobPrediction).toHaveLength(rows);
      expect((await algorithm.load(copy(predictor.save()))).oobPrediction).toBeUndefined();
    });

    it('fills in every hyperparameter and takes its own answer unchanged', () => {
      const resolved = algorithm.resolveHyperparameters(settings);
      expect(resolved).toMatchObject(settings);
      expect(algorithm.resolveHyperparameters(resolved)).toEqual(resolved);
      expect(JSON.parse(JSON.stringify(resolved))).toEqual(resolved);
    });

    it('refuses a hyperparameter that it does not have, by name, at both doors', async () => {
      const unknown = { ...settings, 'no-such-setting': 1 };
      expect(() => algorithm.resolveHyperparameters(unknown)).toThrow(HyperparameterError);
      expect(() => algorithm.resolveHyperparameters(unknown)).toThrow(`algorithm "${algorithm.name}": it has no hyperparameter "no-such-setting"`);
      await expect(algorithm.fit(training, unknown, { seed: 1, threads: 1 })).rejects.toThrow(HyperparameterError);
    });

    it('reports its progress upwards to the total', async () => {
      const reports: FitProgress[] = [];
      await fit({ onProgress: (progress) => reports.push(progress) });
      const last = reports.at(-1);
      expect(last?.done).toBe(last?.total);
      expect(new Set(reports.map(({ total }) => total)).size).toBe(1);
      expect(reports.map(({ done }) => done)).toEqual(reports.map(({ done }) => done).toSorted((a, b) => a - b));
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
      const one = { ...training, features: training.features.map(({ name, values }) => ({ name, values: values.slice(0, 1) })), target: training.target.slice(0, 1) };
      const predictor = await algorithm.fit(one, settings, { seed: 1, threads: 1 });
      expect(predictor.predict(one.features)[0]).toBeCloseTo(one.target[0] ?? NaN, 6);
    });
  });
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

function error(actual: Float64Array, predicted: Float64Array): number {
  return actual.reduce((sum, value, row) => sum + Math.abs(value - (predicted[row] ?? NaN)), 0) / actual.length;
}
