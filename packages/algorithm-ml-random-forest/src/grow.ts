/**
 * Growing with ml-random-forest, one tree at a time. The package trains all its trees in one synchronous call; here each
 * tree is a forest of one with a seed of its own, and the trees are put together in the package's JSON model. That gives
 * what the package lacks: progress and an end on request, at the boundary between two trees (never within one).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FitContext, Training } from '@dropforest/algorithm';
import { RandomForestRegression } from 'ml-random-forest';
import { z } from 'zod';
import { estimateSeconds, formatSeconds, overBudget } from './budget.ts';
import type { JsonModel } from './model-file.ts';
import type { MlRandomForestHyperparameters } from './schema.ts';

/** A grown forest and, where any tree has a split, the features' shares in what the splits explain. */
export interface GrownModel {
  readonly model: JsonModel;
  readonly importances: Float64Array;
}

/** Rows of features and their targets, as the package wants them. */
interface Rows {
  readonly rows: number[][];
  readonly target: number[];
}

/** `NaN` included, which `z.number` would refuse. */
const Shares = z.array(z.custom<number>((share) => typeof share === 'number'));

/**
 * Grows the model, unless it is estimated to take too long.
 * @param now milliseconds
 * @throws BudgetError
 * @throws the signal's reason when it is aborted
 */
export async function growModel(training: Training, hyperparameters: MlRandomForestHyperparameters, context: FitContext, now: () => number): Promise<GrownModel> {
  const { nEstimators: total } = hyperparameters;
  const data: Rows = { rows: toRows(training.features.map(({ values }) => values)), target: [...training.target] };
  const trees: JsonModel[] = [];
  const importances = new Float64Array(training.features.length);
  context.signal?.throwIfAborted();
  checkBudget(data, hyperparameters, context, now);
  while (trees.length < total) {
    const tree = growTree(data, hyperparameters, treeSeed(context.seed, trees.length));
    addShares(importances, sharesOf(tree));
    trees.push(tree.toJSON());
    context.onProgress?.({ done: trees.length, total, unit: 'trees' });
    await nextTurn();
    context.signal?.throwIfAborted();
  }
  return { model: mergeTrees(trees), importances: normalise(importances) };
}

function growTree({ rows, target }: Rows, hyperparameters: MlRandomForestHyperparameters, seed: number): RandomForestRegression {
  const tree = new RandomForestRegression(treeOptions(hyperparameters, rows[0]?.length ?? 0, seed));
  tree.train(rows, target);
  return tree;
}

function checkBudget({ rows, target }: Rows, hyperparameters: MlRandomForestHyperparameters, { seed, onMessage }: FitContext, now: () => number): void {
  const { nEstimators, budgetSeconds, force } = hyperparameters;
  const probe = (picked: readonly number[]): void => {
    growTree({ rows: picked.map((row) => rows[row] ?? []), target: picked.map((row) => target[row] ?? NaN) }, hyperparameters, treeSeed(seed, 0));
  };
  const estimate = nEstimators * estimateSeconds(rows.length, probe, now);
  if (estimate > budgetSeconds && !force) throw overBudget(estimate, nEstimators, budgetSeconds);
  onMessage?.(`ml-random-forest: ${nEstimators} ${nEstimators === 1 ? 'tree' : 'trees'} of ${rows.length} rows will take about ${formatSeconds(estimate)}`);
}

/** The rows of columns, as the package wants them. */
export function toRows(columns: readonly Float64Array[]): number[][] {
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => columns.map((column) => column[row] ?? NaN));
}

type TreeOptions = Exclude<ConstructorParameters<typeof RandomForestRegression>[0], true>;

function treeOptions(hyperparameters: MlRandomForestHyperparameters, features: number, seed: number): TreeOptions {
  const { maxFeatures, maxDepth, minNumSamples } = hyperparameters;
  return {
    nEstimators: 1,
    // The package rounds the number of features down, to none: half a feature more than one stays one.
    maxFeatures: Math.min(1, Math.max(maxFeatures, 1.5 / features)),
    treeOptions: { minNumSamples, ...(maxDepth === null ? {} : { maxDepth }) },
    // Its out-of-bag figures fail where a row is in every bag, as with few trees.
    noOOB: true,
    seed,
  };
}

/** A 32-bit seed for each tree: different trees of a forest never share one. */
function treeSeed(seed: number, tree: number): number {
  const high = Math.floor(seed / 2 ** 32);
  return (Math.imul(seed ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) + tree) | 0;
}

/** One forest of all trees; predictions average them in this order. */
function mergeTrees(trees: readonly JsonModel[]): JsonModel {
  const [first] = trees;
  if (first === undefined) throw new RangeError('a forest has at least one tree');
  return {
    ...first,
    baseModel: {
      ...first.baseModel,
      nEstimators: trees.length,
      indexes: trees.flatMap(({ baseModel }) => baseModel.indexes),
      estimators: trees.flatMap(({ baseModel }): unknown[] => baseModel.estimators),
    },
  };
}

/** The package has `featureImportance()`; its type declarations do not. */
function sharesOf(tree: RandomForestRegression): readonly number[] {
  if (!('featureImportance' in tree) || typeof tree.featureImportance !== 'function') return [];
  return Shares.parse(Reflect.apply(tree.featureImportance, tree, []));
}

/** A tree without a split has shares of `NaN`; it has nothing to say. */
function addShares(importances: Float64Array, shares: readonly number[]): void {
  if (!shares.every(Number.isFinite)) return;
  shares.forEach((share, feature) => { importances[feature] = (importances[feature] ?? 0) + Math.max(0, share); });
}

function normalise(importances: Float64Array): Float64Array {
  const total = importances.reduce((sum, share) => sum + share, 0);
  return total > 0 ? importances.map((share) => share / total) : importances;
}
