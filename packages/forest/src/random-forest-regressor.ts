import { checkData } from './columns.ts';
import type { Column, ForestData } from './columns.ts';
import { fitForest } from './fit-forest.ts';
import type { FittedForest } from './fit-forest.ts';
import type { FlatForest } from './flat-forest.ts';
import { openForestOf } from './open-forest.ts';
import type { ForestOptions } from './options.ts';
import { predictMeans } from './predict.ts';
import { predictQuantiles } from './quantiles.ts';
import { RandomForest } from './random-forest.ts';

/** A fitted random forest that predicts a number: the mean of its trees' predictions. */
export class RandomForestRegressor extends RandomForest {
  /** Out-of-bag prediction of each training row, `NaN` where every tree had seen it. Only right after a fit that was asked for `oobScore`. */
  readonly oobPrediction: Float64Array | undefined;

  private constructor(forest: FlatForest, fitted: Partial<FittedForest> = {}) {
    super(forest, fitted);
    this.oobPrediction = fitted.oobPrediction;
  }

  /**
   * Grows a forest: splits by variance reduction (Breiman, 2001), fully grown unless an option says otherwise. Values are
   * used as doubles, thresholds lie between neighbouring values, rows with `x <= threshold` go left; at each split missing
   * values go to the side where they fit better.
   * @throws ForestError `invalid-data` or `invalid-option` (before any work), `too-large`, `worker-failed`; `invalid-buffer`
   *   or `other-fit` for finished trees that are none of this fit
   * @throws the signal's reason when it is aborted
   */
  static async fit(data: ForestData, options: ForestOptions = {}): Promise<RandomForestRegressor> {
    checkData(data);
    const fitted = await fitForest(data, 0, options);
    return new RandomForestRegressor(fitted.forest, fitted);
  }

  /**
   * A forest from the bytes of `data`; the buffer is used as it is, not copied.
   * @throws ForestError `invalid-buffer` naming what was got and what is expected; a classification forest is refused
   */
  static from(buffer: ArrayBuffer): RandomForestRegressor {
    return new RandomForestRegressor(openForestOf('regression', buffer));
  }

  /**
   * One prediction a row.
   * @param columns one typed array a feature, in the order of the fit, all of the same length; `NaN` is a missing value
   * @throws ForestError `invalid-data` for another number of columns or uneven lengths
   */
  predict(columns: readonly Column[]): Float64Array {
    return predictMeans(this.forest, columns, this.check(columns));
  }

  /**
   * Quantiles of each row's target, rows × levels: `predictQuantiles(columns, [0.05, 0.95])` is an interval that holds about
   * 90 % of the targets of unseen rows. See quantiles.ts.
   * @throws ForestError `not-kept` for a forest that was fitted without `quantiles`; `invalid-data`, `invalid-option`
   */
  predictQuantiles(columns: readonly Column[], levels: readonly number[]): Float64Array {
    return predictQuantiles(this.forest, columns, this.check(columns), levels);
  }
}
