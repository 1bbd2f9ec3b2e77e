import { describe, expect, it } from 'vitest';
import { growSettings, resolveSettings } from '../src/options.ts';
import { createTrainingSet } from '../src/training-set.ts';
import { TrialRunner } from '../src/trial.ts';
import { TwinGrower } from '../src/twin/twin-grower.ts';
import { synthesize } from './synthetic.ts';

const data = synthesize(60, 2);
const settings = resolveSettings({ nEstimators: 50, seed: 4 }, { rows: 60, features: 10, classes: 0 });
const set = createTrainingSet(data, 0, settings, (bytes) => new ArrayBuffer(bytes));

/** Runs trials one after the other, each given by its leaf size, its first tree and its number of trees. */
function run(...trials: readonly (readonly [leaf: number, firstTree: number, trees: number])[]): Float64Array[] {
  const runner = new TrialRunner(set);
  return trials.map(([minSamplesLeaf, firstTree, trees]) => {
    const growing = { ...growSettings(settings, set), minSamplesLeaf };
    return runner.run({ settings: growing, firstTree, trees }, new TwinGrower(set, growing));
  });
}

const missing = (losses: Float64Array | undefined): number[] => [...(losses ?? []).keys()].filter((row) => Number.isNaN(losses?.[row]));

describe('a trial', () => {
  it('knows nothing of the trials before it', () => {
    expect(run([5, 0, 8], [1, 0, 8])[1]).toEqual(run([1, 0, 8])[0]);
  });

  it('has the bags of every other trial of the same trees, whatever its settings', () => {
    const [small, large, others] = run([1, 0, 5], [9, 0, 5], [1, 5, 5]);
    expect(missing(small).length).toBeGreaterThan(0);
    expect(missing(large)).toEqual(missing(small));
    expect(large).not.toEqual(small);
    expect(missing(others)).not.toEqual(missing(small));
  });
});
