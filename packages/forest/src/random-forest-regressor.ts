import { checkData, checkPredictColumns } from './columns.ts';
import type { Column, ForestData } from './columns.ts';
import { fitForest } from './fit-forest.ts';
import { openForestOf } from './flat-forest.ts';
import type { FlatForest } from './flat-forest.ts';
import type { ForestOptions } from './options.ts';
import { predictNumbers } from './predict.ts';

/** A fitted random forest that predicts a number: the mean of its trees' predictions. */
export class RandomForestRegressor {
  /**
   * The forest in one flat buffer, as described in flat-forest.ts; `from` reads it. The same data, options and seed give
   * the same bytes on every machine and for every number of threads. It is the memory in use, not a copy.
   */
  readonly data: ArrayBuffer;
  /** Impurity decrease by feature, a mean over the trees: not negative, sum 1; all 0 where no split reduced anything. */
  readonly featureImportances: Float64Array;
  /** R² of the out-of-bag predictions; `NaN` where the fit was not asked for it or no row was out of bag. */
  readonly oobScore: number;
  /** Out-of-bag prediction of each training row, `NaN` where every tree had seen it. Only right after such a fit. */
  readonly oobPrediction: Float64Array | undefined;
  readonly #forest: FlatForest;

  private constructor(forest: FlatForest, oobPrediction?: Float64Array) {
    this.#forest = forest;
    this.data = forest.buffer;
    this.featureImportances = forest.importances;
    this.oobScore = forest.oobScore[0] ?? NaN;
    this.oobPrediction = oobPrediction;
  }

  /**
   * Grows a forest: exact splits by variance reduction (Breiman, 2001), fully grown unless an option says otherwise.
   * Values are used as doubles, thresholds lie halfway between neighbouring values, rows with `x <= threshold` go left.
   * @throws ForestError `invalid-data` or `invalid-option` (before any work), `worker-failed`
   * @throws the signal's reason when it is aborted
   */
  static async fit(data: ForestData, options: ForestOptions = {}): Promise<RandomForestRegressor> {
    checkData(data);
    const { forest, oobPrediction } = await fitForest(data, 0, options);
    return new RandomForestRegressor(forest, oobPrediction);
  }

  /**
   * A forest from the bytes of `data`; the buffer is used as it is, not copied.
   * @throws ForestError `invalid-buffer` naming what was got and what is expected; a classification forest is refused
   */
  static from(buffer: ArrayBuffer): RandomForestRegressor {
    return new RandomForestRegressor(openForestOf('regression', buffer));
  }

  /** Number of trees. */
  get nEstimators(): number {
    return this.#forest.trees;
  }

  /** Number of nodes of all trees. */
  get nodeCount(): number {
    return this.#forest.nodes;
  }

  /**
   * One prediction a row.
   * @param columns one typed array a feature, in the order of the fit, all of the same length
   * @throws ForestError `invalid-data` for another number of columns, uneven lengths or `NaN`
   */
  predict(columns: readonly Column[]): Float64Array {
    const rows = checkPredictColumns(columns, this.#forest.features);
    return predictNumbers(this.#forest, columns, rows);
  }
}
