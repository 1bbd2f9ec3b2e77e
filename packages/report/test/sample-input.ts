import { classShareBaseline, classificationIntervals, classificationMetrics, meanBaseline, regressionIntervals, regressionMetrics } from '@dropforest/metrics';
import type { ColumnSummary, ReportInput } from '../src/index.ts';

const COLUMNS: readonly ColumnSummary[] = [
  { name: 'Item_Identifier', kind: 'identifier', explanation: '1,559 different words in 8,523 rows, 5 rows each: they name things', use: 'left-out', detail: 'an identifier says nothing of rows with other identifiers' },
  { name: 'Item_Weight', kind: 'numeric', explanation: 'all values are numbers', missing: 0.1717, use: 'feature', detail: 'missing values filled with the mean of its Item_Type', summary: { quantiles: [4.555, 5.94, 8.77, 12.6, 16.85, 20.25, 21.35] } },
  { name: 'Item_Fat_Content', kind: 'categorical', explanation: '5 different words', missing: 0, use: 'feature', detail: 'spellings unified: LF, low fat → Low Fat, reg → Regular; then each category replaced by the mean of the target over its training rows', summary: { levels: [{ value: 'Low Fat', share: 0.597 }, { value: 'Regular', share: 0.339 }, { value: 'LF', share: 0.037 }, { value: 'reg', share: 0.014 }] } },
  { name: 'Opened', kind: 'date', explanation: 'days written as DD.MM.YYYY', missing: 0.004, use: 'feature', detail: 'year, month, day, weekday and days since 1970', summary: { quantiles: [5478, 6000, 10000, 12000, 14000, 14400, 14548] } },
  { name: 'Refrigerated', kind: 'boolean', explanation: 'yes and no', missing: 0, use: 'feature', detail: 'as it is', summary: { quantiles: [0, 0, 0, 0, 1, 1, 1] } },
  { name: 'Outlet_Size', kind: 'categorical', missing: 0.2828, use: 'feature', detail: 'missing values filled from Outlet_Type', summary: { levels: [{ value: 'Medium', share: 0.328 }, { value: 'Small', share: 0.28 }] } },
  { name: 'Item_Outlet_Sales', kind: 'numeric', missing: 0, use: 'target', detail: 'the column to predict' },
];

/** A plausible report over `rows` evaluated rows: a skewed target, predictions that are right on average. */
export function sampleInput(rows: number): ReportInput {
  const next = uniform(7);
  const actual = Float64Array.from({ length: rows }, () => 8000 * next() ** 2 * (0.4 + next()));
  const predicted = actual.map((value) => 0.65 * value + 600 + 1400 * (next() + next() - 1));
  return {
    dataset: 'bigmart',
    job: 'df-bigmart-3f9c2ab81d04-1',
    createdAt: '2026-11-22T16:39:12.345Z',
    target: 'Item_Outlet_Sales',
    rows: { read: 8523, trained: 7668, heldOut: 853, leftOut: 2 },
    columns: COLUMNS,
    algorithm: 'forest',
    hyperparameters: { nEstimators: 500, maxDepth: null, minSamplesSplit: 2, minSamplesLeaf: 1, maxFeatures: 'auto', bootstrap: true },
    metrics: {
      task: 'regression',
      holdout: { ...regressionMetrics(actual, predicted), ...rangesOf(regressionIntervals(actual, predicted)) },
      outOfBag: regressionMetrics(actual, predicted.map((value) => value * 1.01)),
      baseline: meanBaseline(actual, actual),
      coverage: { level: 0.9, share: 0.896, rows },
    },
    evaluation: { task: 'regression', source: 'holdout', actual, predicted },
    importances: [
      { name: 'Item_MRP', share: 0.532 }, { name: 'Outlet_Type', share: 0.237 }, { name: 'Item_Visibility', share: 0.0871 }, { name: 'Item_Weight', share: 0.051 },
      { name: 'Outlet_Establishment_Year_Of_The_First_Branch', share: 0.038 }, { name: 'Item_Type', share: 0.0307 }, { name: 'Outlet_Size', share: 0.0132 }, { name: 'Item_Fat_Content', share: 0.011 },
    ],
    files: [{ key: 'snapshots/bigmart/1f3870be274f6c49b3e31a0c6728957f/train.csv', etag: '1f3870be274f6c49b3e31a0c6728957f', rows: 8523 }],
    notes: [
      '2 rows were left out: Item_Outlet_Sales is no number in line 17 and line 4,020.',
      'Item_Outlet_Sales holds numbers with many different values: the task is regression. Set "task" in dataset.json to say otherwise.',
    ],
  };
}

/** As `sampleInput`, for classes whose probabilities are right on average. */
export function sampleClasses(rows: number, classes: readonly string[]): ReportInput {
  const next = uniform(11);
  const probabilities = new Float64Array(rows * classes.length);
  const actual = Float64Array.from({ length: rows }, (_, row) => {
    const weights = classes.map((_name, code) => next() ** 6 / (code + 1));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = weights.map((weight) => weight / total);
    probabilities.set(shares, row * classes.length);
    return pick(shares, next());
  });
  const figures = { ...classificationMetrics(actual, probabilities, classes.length), ...rangesOf(classificationIntervals(actual, probabilities, classes.length)) };
  return {
    ...sampleInput(2),
    target: 'Outlet_Type',
    notes: ['Outlet_Type holds words: the task is classification. Set "task" in dataset.json to say otherwise.'],
    metrics: { task: 'classification', holdout: figures, outOfBag: figures, baseline: classShareBaseline(actual, actual, classes.length) },
    evaluation: { task: 'classification', source: 'holdout', actual, probabilities, classes },
  };
}

/** The place at which the running sum of shares passes `at`. */
function pick(shares: readonly number[], at: number): number {
  let sum = 0;
  const place = shares.findIndex((share) => (sum += share) > at);
  return place === -1 ? shares.length - 1 : place;
}

function rangesOf<T extends object>(intervals: T | undefined): { intervals?: T } {
  return intervals === undefined ? {} : { intervals: { ...intervals } };
}

function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
