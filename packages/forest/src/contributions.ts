import { checkPredictColumns } from './columns.ts';
import type { Column } from './columns.ts';
import type { EncodedRows } from './encoded-rows.ts';
import { ForestError } from './errors.ts';
import type { FlatForest } from './flat-forest.ts';
import { forEachBatch } from './predict.ts';
import { TreeExplainer } from './tree-explainer.ts';

/**
 * How much each feature moves each prediction away from the mean over the training rows: SHAP values, see
 * tree-explainer.ts.
 * @param columns one typed array a feature, in the order of the fit, all of the same length
 * @returns rows × outputs × (features + 1); one output for a number, one a class for probabilities: the contribution of
 * each feature, then the mean that they start from. They add up to the prediction.
 * @throws ForestError `invalid-data` as `predict`, `not-kept` for a forest fitted without `nodeWeights`
 */
export function contributions(forest: FlatForest, columns: readonly Column[]): Float64Array {
  const rows = checkPredictColumns(columns, forest.features);
  if (forest.nodeWeights === undefined) {
    throw new ForestError('not-kept', 'contributions: got a forest without node weights, expected one fitted with nodeWeights: true');
  }
  const explainer = new TreeExplainer(forest, forest.nodeWeights);
  const width = Math.max(1, forest.classes) * (forest.features + 1);
  const result = new Float64Array(rows * width);
  forEachBatch(forest, columns, rows, (batch, start) => {
    explainBatch(forest, explainer, batch, result.subarray(start * width, (start + batch.rows) * width));
  });
  return result;
}

function explainBatch({ trees }: FlatForest, explainer: TreeExplainer, batch: EncodedRows, result: Float64Array): void {
  for (let tree = 0; tree < trees; tree++) {
    explainer.load(tree);
    explainer.explain(batch, result);
  }
  for (let at = 0; at < result.length; at++) result[at] = (result[at] ?? 0) / trees;
}
