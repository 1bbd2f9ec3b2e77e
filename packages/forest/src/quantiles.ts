/**
 * Quantile regression forests (Meinshausen, 2006, Journal of Machine Learning Research 7): instead of the mean of the
 * targets in a row's leaves, their whole distribution. The forest keeps the targets of each leaf whose targets differ:
 *
 *   leafTargetStarts   u32 × (m + 1): the first entry of each of the m such leaves, in the order of their numbers
 *   leafTargetRanks    u32: target levels, ascending within a leaf, one entry a row
 *   leafTargetWeights  f32: weights of the rows, repeats counted
 *   calibration        f64: see quantile-calibration.ts
 */
import type { Column } from './columns.ts';
import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { forEachBatch, leafNumbers } from './predict.ts';
import { openCalibration } from './quantile-calibration.ts';
import { TargetDistribution } from './target-distribution.ts';

/**
 * The quantiles of each row's target, rows × levels, in the order of `levels`; a higher level never has a lower quantile.
 * A forest with a calibration moves what its leaves say so that it holds for rows it has not seen.
 * @param columns checked columns of `rows` rows
 * @param levels from 0 to 1: 0.5 is the median
 * @throws ForestError `not-kept` for a forest that was fitted without `quantiles`, `invalid-option` for other levels
 */
export function predictQuantiles(forest: FlatForest, columns: readonly Column[], rows: number, levels: readonly number[]): Float64Array {
  const { leafTargets, targetLevels, trees } = forest;
  if (leafTargets === undefined) {
    throw new ForestError('not-kept', 'quantiles: got a forest without the targets of its leaves, expected one fitted with quantiles: true');
  }
  const wrong = levels.find((level) => !(level >= 0 && level <= 1));
  if (wrong !== undefined) throw new ForestError('invalid-option', `levels: got ${wrong}, allowed: numbers from 0 to 1`);
  const distribution = new TargetDistribution(targetLevels, leafTargets);
  const read = quantileReader(forest, levels);
  const result = new Float64Array(rows * levels.length);
  forEachBatch(forest, columns, rows, (batch, start) => {
    const leaves = leafNumbers(forest, batch);
    for (let row = 0; row < batch.rows; row++) {
      distribution.clear();
      for (let tree = 0; tree < trees; tree++) distribution.add(leaves[row * trees + tree] ?? 0);
      result.set(read(distribution), (start + row) * levels.length);
    }
  });
  return result;
}

/** Reads the levels of a distribution, calibrated where the forest can; the returned memory is used again. */
function quantileReader({ leafValues, calibration }: FlatForest, levels: readonly number[]): (distribution: TargetDistribution) => Float64Array {
  const valueOf = (rank: number): number => leafValues[rank] ?? NaN;
  if (calibration !== undefined) {
    const calibrated = openCalibration(calibration);
    const grid = new Float64Array(calibrated.levels.length);
    const ranks = new Uint32Array(grid.length);
    const quantiles = new Float64Array(levels.length);
    return (distribution) => {
      distribution.ranksAt(calibrated.levels, ranks);
      for (let i = 0; i < grid.length; i++) grid[i] = valueOf(ranks[i] ?? 0);
      calibrated.move(grid);
      for (let i = 0; i < quantiles.length; i++) quantiles[i] = calibrated.interpolate(grid, levels[i] ?? 0);
      return quantiles;
    };
  }
  const order = Array.from(levels.keys()).sort((a, b) => (levels[a] ?? 0) - (levels[b] ?? 0));
  const ascending = order.map((i) => levels[i] ?? 0);
  const ranks = new Uint32Array(levels.length);
  const quantiles = new Float64Array(levels.length);
  return (distribution) => {
    distribution.ranksAt(ascending, ranks);
    order.forEach((i, place) => { quantiles[i] = valueOf(ranks[place] ?? 0); });
    return quantiles;
  };
}
