import { checkClasses, checkData, checkPredictColumns } from './columns.ts';
import type { ClassificationData, Column } from './columns.ts';
import { fitForest } from './fit-forest.ts';
import { openForestOf } from './flat-forest.ts';
import type { FlatForest } from './flat-forest.ts';
import { likeliest } from './likeliest.ts';
import type { ForestOptions } from './options.ts';
import { predictShares } from './predict.ts';

/** A fitted random forest that predicts a class: probabilities are the mean of the class shares in its trees' leaves. */
export class RandomForestClassifier {
  /**
   * The forest in one flat buffer, as described in flat-forest.ts; `from` reads it. The same data, options and seed give
   * the same bytes on every machine and for every number of threads. It is the memory in use, not a copy.
   */
  readonly data: ArrayBuffer;
  /** Number of classes; their codes are 0 to `classCount` − 1. */
  readonly classCount: number;
  /** Impurity decrease by feature, a mean over the trees: not negative, sum 1; all 0 where no split reduced anything. */
  readonly featureImportances: Float64Array;
  /** Accuracy of the out-of-bag predictions; `NaN` where the fit was not asked for it or no row was out of bag. */
  readonly oobScore: number;
  /**
   * Out-of-bag probabilities of the training rows, rows × classes; those of a row are `NaN` where every tree had seen it.
   * Only right after such a fit.
   */
  readonly oobProba: Float64Array | undefined;
  readonly #forest: FlatForest;

  private constructor(forest: FlatForest, oobProba?: Float64Array) {
    this.#forest = forest;
    this.data = forest.buffer;
    this.classCount = forest.classes;
    this.featureImportances = forest.importances;
    this.oobScore = forest.oobScore[0] ?? NaN;
    this.oobProba = oobProba;
  }

  /**
   * Grows a forest: exact splits by Gini impurity (Breiman et al., 1984), fully grown unless an option says otherwise.
   * As in scikit-learn, `maxFeatures` is `'sqrt'` by default. Values are used as doubles, thresholds lie halfway between
   * neighbouring values, rows with `x <= threshold` go left.
   * @throws ForestError `invalid-data` or `invalid-option` (before any work), `worker-failed`
   * @throws the signal's reason when it is aborted
   */
  static async fit(data: ClassificationData, options: ForestOptions = {}): Promise<RandomForestClassifier> {
    checkData(data);
    const { forest, oobPrediction } = await fitForest(data, checkClasses(data), { ...options, maxFeatures: options.maxFeatures ?? 'sqrt' });
    return new RandomForestClassifier(forest, oobPrediction);
  }

  /**
   * A forest from the bytes of `data`; the buffer is used as it is, not copied.
   * @throws ForestError `invalid-buffer` naming what was got and what is expected; a regression forest is refused
   */
  static from(buffer: ArrayBuffer): RandomForestClassifier {
    return new RandomForestClassifier(openForestOf('classification', buffer));
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
   * The probability of each class, rows × classes: that of class `k` for `row` stands at `row × classCount + k`.
   * @param columns one typed array a feature, in the order of the fit, all of the same length
   * @throws ForestError `invalid-data` for another number of columns, uneven lengths or `NaN`
   */
  predictProba(columns: readonly Column[]): Float64Array {
    const rows = checkPredictColumns(columns, this.#forest.features);
    return predictShares(this.#forest, columns, rows);
  }

  /**
   * The code of each row's most probable class; the lowest one where several are as probable.
   * @throws ForestError as `predictProba`
   */
  predict(columns: readonly Column[]): Int32Array {
    const probabilities = this.predictProba(columns);
    const { classCount } = this;
    return Int32Array.from({ length: probabilities.length / classCount }, (_, row) => likeliest(probabilities, row * classCount, classCount));
  }
}
