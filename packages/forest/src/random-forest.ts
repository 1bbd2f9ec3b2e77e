import { contributions } from './contributions.ts';
import { checkPredictColumns } from './columns.ts';
import type { Column } from './columns.ts';
import type { FittedForest } from './fit-forest.ts';
import type { FlatForest } from './flat-forest.ts';
import type { PermutationImportances } from './permutation.ts';
import { permutationImportances } from './permutation-importance.ts';
import type { PermutationOptions } from './permutation-importance.ts';
import { applyForest } from './predict.ts';
import { toMlRandomForestJson } from './to-ml-random-forest.ts';
import type { MlRandomForest } from './to-ml-random-forest.ts';
import { toOnnx } from './to-onnx.ts';
import type { OnnxOptions } from './to-onnx.ts';

/** What forests of both tasks have in common. Columns are one typed array a feature, in the order of the fit, of one length. */
export abstract class RandomForest {
  /**
   * The forest in one flat buffer, as described in flat-forest.ts; `from` reads it. The same data, options and seed give
   * the same bytes on every machine, for every number of threads and for both kernels. It is the memory in use, not a copy.
   */
  readonly data: ArrayBuffer;
  /** Number of trees. */
  readonly nEstimators: number;
  /** Number of nodes of all trees. */
  readonly nodeCount: number;
  /** Impurity decrease by feature, a mean over the trees: not negative, sum 1; all 0 where no split reduced anything. */
  readonly featureImportances: Float64Array;
  /** R² or accuracy of the out-of-bag predictions; `NaN` where the fit was not asked for it or no row was out of bag. */
  readonly oobScore: number;
  /** `oobScore` after each tree, which shows whether more trees would help; where the fit was asked for `oobScore`. */
  readonly oobCurve: Float64Array | undefined;
  /** Permutation importances on out-of-bag rows. Only right after a fit that was asked for `oobImportances`. */
  readonly oobImportances: PermutationImportances | undefined;
  /** @internal */
  protected readonly forest: FlatForest;

  /** @internal */
  protected constructor(forest: FlatForest, { oobImportances }: Partial<FittedForest>) {
    this.forest = forest;
    this.data = forest.buffer;
    this.nEstimators = forest.trees;
    this.nodeCount = forest.nodeCount;
    this.featureImportances = forest.importances;
    this.oobScore = forest.oobScore;
    this.oobCurve = forest.oobCurve;
    this.oobImportances = oobImportances;
  }

  /**
   * The leaf of each row in each tree, rows × trees, as scikit-learn's `apply`: a node's number, counted in preorder from its
   * tree's root.
   * @throws ForestError `invalid-data` for another number of columns or uneven lengths
   */
  apply(columns: readonly Column[]): Uint32Array {
    return applyForest(this.forest, columns, this.check(columns));
  }

  /**
   * How much each feature adds to each row's prediction, by Shapley's rule (TreeSHAP; Lundberg et al., 2020): rows ×
   * (features + 1), for a classifier rows × classes × (features + 1). The last number is what is predicted when nothing is
   * known; all together add up to the prediction.
   * @throws ForestError `not-kept` for a forest that was fitted without `nodeWeights`; `invalid-data`
   */
  contributions(columns: readonly Column[]): Float64Array {
    return contributions(this.forest, columns);
  }

  /**
   * By how much the score falls when a feature's values are permuted among the rows: mean and standard deviation by
   * feature. See permutation-importance.ts.
   * @throws ForestError `invalid-data`, `invalid-option`
   */
  permutationImportances(columns: readonly Column[], target: Float64Array, options: PermutationOptions = {}): PermutationImportances {
    return permutationImportances(this.forest, columns, target, options);
  }

  /**
   * The forest as an ONNX model, to be run without this package. See to-onnx.ts.
   * @throws ForestError `not-exportable`, `invalid-option`
   */
  toOnnx(options: OnnxOptions = {}): Uint8Array<ArrayBuffer> {
    return toOnnx(this.forest, options);
  }

  /**
   * The forest as the JSON of the npm package ml-random-forest, for its `load`. See to-ml-random-forest.ts.
   * @throws ForestError `not-exportable`
   */
  toMlRandomForest(): MlRandomForest {
    return toMlRandomForestJson(this.forest);
  }

  /**
   * The number of rows.
   * @internal
   */
  protected check(columns: readonly Column[]): number {
    return checkPredictColumns(columns, this.forest.features);
  }
}
