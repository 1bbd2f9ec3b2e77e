import { checkClasses, checkData } from './columns.ts';
import type { ClassificationData, Column } from './columns.ts';
import { fitForest } from './fit-forest.ts';
import type { FittedForest } from './fit-forest.ts';
import type { FlatForest } from './flat-forest.ts';
import { likeliest } from './likeliest.ts';
import { openForestOf } from './open-forest.ts';
import type { ForestOptions } from './options.ts';
import { predictMeans } from './predict.ts';
import { RandomForest } from './random-forest.ts';

/** A fitted random forest that predicts a class: probabilities are the mean of the class shares in its trees' leaves. */
export class RandomForestClassifier extends RandomForest {
  /** Number of classes; their codes are 0 to `classCount` − 1. */
  readonly classCount: number;
  /**
   * Out-of-bag probabilities of the training rows, rows × classes; those of a row are `NaN` where every tree had seen it.
   * Only right after a fit that was asked for `oobScore`.
   */
  readonly oobProba: Float64Array | undefined;

  private constructor(forest: FlatForest, fitted: Partial<FittedForest> = {}) {
    super(forest, fitted);
    this.classCount = forest.classes;
    this.oobProba = fitted.oobPrediction;
  }

  /**
   * Grows a forest: splits by Gini impurity (Breiman et al., 1984) or entropy, fully grown unless an option says otherwise.
   * As in scikit-learn, `maxFeatures` is `'sqrt'` by default. Values are used as doubles, thresholds lie between
   * neighbouring values, rows with `x <= threshold` go left; at each split missing values go to the side where they fit better.
   * @throws ForestError `invalid-data` or `invalid-option` (before any work), `too-large`, `worker-failed`; `invalid-buffer`
   *   or `other-fit` for finished trees that are none of this fit
   * @throws the signal's reason when it is aborted
   */
  static async fit(data: ClassificationData, options: ForestOptions = {}): Promise<RandomForestClassifier> {
    checkData(data);
    const fitted = await fitForest(data, checkClasses(data), options);
    return new RandomForestClassifier(fitted.forest, fitted);
  }

  /**
   * A forest from the bytes of `data`; the buffer is used as it is, not copied.
   * @throws ForestError `invalid-buffer` naming what was got and what is expected; a regression forest is refused
   */
  static from(buffer: ArrayBuffer): RandomForestClassifier {
    return new RandomForestClassifier(openForestOf('classification', buffer));
  }

  /**
   * The probability of each class, rows × classes: that of class `k` for `row` stands at `row × classCount + k`.
   * @param columns one typed array a feature, in the order of the fit, all of the same length; `NaN` is a missing value
   * @throws ForestError `invalid-data` for another number of columns or uneven lengths
   */
  predictProba(columns: readonly Column[]): Float64Array {
    return predictMeans(this.forest, columns, this.check(columns));
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
