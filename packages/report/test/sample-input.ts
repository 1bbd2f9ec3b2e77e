import { meanBaseline, regressionMetrics } from '@dropforest/metrics';
import type { ReportInput } from '../src/index.ts';

/** A plausible report over `rows` evaluated rows: a skewed target, predictions that are right on average. */
export function sampleInput(rows: number): ReportInput {
  const next = uniform(7);
  const actual = Float64Array.from({ length: rows }, () => 8000 * next() ** 2 * (0.4 + next()));
  const predicted = actual.map((value) => 0.65 * value + 600 + 1400 * (next() + next() - 1));
  return {
    dataset: 'bigmart',
    job: 'df-bigmart-3f9c2ab81d04-1',
    createdAt: '2026-11-22T16:39:12.345Z',
    task: 'regression',
    target: 'Item_Outlet_Sales',
    rows: { read: 8523, trained: 7668, heldOut: 853, leftOut: 2 },
    columns: [
      { name: 'Item_Identifier', kind: 'id', missing: 0, use: 'not used' },
      { name: 'Item_Weight', kind: 'number', missing: 0.1717, use: 'feature; missing values filled with the mean of its Item_Type' },
      { name: 'Item_Fat_Content', kind: 'category', missing: 0, use: 'feature; spellings unified, then encoded' },
      { name: 'Item_Visibility', kind: 'number', missing: 0, use: 'feature' },
      { name: 'Item_MRP', kind: 'number', missing: 0, use: 'feature' },
      { name: 'Outlet_Size', kind: 'category', missing: 0.2828, use: 'feature; missing values filled from Outlet_Type, then encoded' },
      { name: 'Item_Outlet_Sales', kind: 'number', missing: 0, use: 'target' },
    ],
    algorithm: 'forest',
    hyperparameters: { nEstimators: 500, maxDepth: null, minSamplesSplit: 2, minSamplesLeaf: 1, maxFeatures: 1, bootstrap: true },
    metrics: { holdout: regressionMetrics(actual, predicted), outOfBag: regressionMetrics(actual, predicted.map((value) => value * 1.01)), baseline: meanBaseline(actual, actual) },
    evaluation: { source: 'holdout', actual, predicted },
    importances: [
      { name: 'Item_MRP', share: 0.532 }, { name: 'Outlet_Type', share: 0.237 }, { name: 'Item_Visibility', share: 0.0871 }, { name: 'Item_Weight', share: 0.051 },
      { name: 'Outlet_Establishment_Year_Of_The_First_Branch', share: 0.038 }, { name: 'Item_Type', share: 0.0307 }, { name: 'Outlet_Size', share: 0.0132 }, { name: 'Item_Fat_Content', share: 0.011 },
    ],
    files: [{ key: 'snapshots/bigmart/1f3870be274f6c49b3e31a0c6728957f/train.csv', etag: '1f3870be274f6c49b3e31a0c6728957f', rows: 8523 }],
    notes: ['2 rows were left out: Item_Outlet_Sales is no number in line 17 and line 4,020.'],
  };
}

function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
