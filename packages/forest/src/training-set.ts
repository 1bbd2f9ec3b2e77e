/**
 * The training data as growers read it: values replaced by codes, weights and targets by whole numbers whose sums are
 * exact. Read-only while trees grow, so that all threads share one copy.
 */
import { codeLevels, codeNumbers, writeRanks } from './codes.ts';
import type { Allocate, CodedFeature } from './codes.ts';
import type { ForestData } from './columns.ts';
import { distinctInOrder } from './distinct-values.ts';
import { ForestError } from './errors.ts';
import { createGrid, finestScale, toUnits } from './fixed-point.ts';
import type { Grid } from './fixed-point.ts';
import { drawsOf } from './options.ts';
import type { ForestSettings } from './options.ts';
import { rowWeights } from './row-weights.ts';
import { sortRows } from './sort-rows.ts';

export type { Allocate, CodedFeature, Codes } from './codes.ts';

/** Typed arrays over plain or shared memory. */
export interface TrainingSet {
  readonly rows: number;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
  readonly features: readonly CodedFeature[];
  /** Each row's weight as a whole number of steps of `1 / weightScale`; 0 for rows not learned from. */
  readonly weights: Float64Array;
  readonly weightScale: number;
  /** Regression: weight × target of each row, in whole steps of `grid`. Classification: all 0. */
  readonly sums: Float64Array;
  readonly grid: Grid;
  /** Regression: rank of each row's target among `targetLevels`, 0 for rows not learned from. Classification: its class. */
  readonly targetRanks: Uint32Array;
  /** Regression: the distinct targets of the rows learned from, ascending. Classification: empty. */
  readonly targetLevels: Float64Array;
  /** The rows with a weight above 0, ascending: those that a bootstrap sample draws from. */
  readonly drawable: Uint32Array;
}

/** The settings that decide how data become a training set. */
export type SetSettings = Pick<ForestSettings, 'bootstrap' | 'maxSamples' | 'classWeight' | 'maxBins'>;

/** Weights up to this are used as they are where all are whole numbers. */
const MOST_WHOLE_WEIGHT = 2 ** 20;

/**
 * Codes checked data once for all trees, in O(features × rows). Rows of weight 0 have no influence.
 * @param classes how many class codes the target has, 0 where it is a number
 * @throws ForestError `invalid-option` where the class weights leave no row to learn from
 */
export function createTrainingSet(data: ForestData, classes: number, settings: SetSettings, allocate: Allocate): TrainingSet {
  const { columns, target, categoricalFeatures } = data;
  const weightOf = rowWeights(data, classes, settings.classWeight);
  const drawable = findDrawable(target.length, weightOf, allocate);
  if (drawable.length === 0) {
    throw new ForestError('invalid-option', 'classWeight: got 0 for every class that has rows, allowed: a number above 0 for one of them');
  }
  return {
    rows: target.length,
    classes,
    features: columns.map((column, feature) =>
      categoricalFeatures?.includes(feature) ? codeLevels(column, drawable, allocate) : codeNumbers(column, drawable, settings.maxBins, allocate)),
    ...(classes === 0 ? weighTargets(target, weightOf, drawable, settings, allocate) : weighClasses(target.length, weightOf, drawable, settings, allocate)),
    ...(classes === 0 ? rankTargets(target, drawable, allocate) : copyClasses(target, allocate)),
    drawable,
  };
}

function findDrawable(rows: number, weightOf: (row: number) => number, allocate: Allocate): Uint32Array {
  let count = 0;
  for (let row = 0; row < rows; row++) count += weightOf(row) > 0 ? 1 : 0;
  const drawable = new Uint32Array(allocate(4 * count));
  for (let row = 0, next = 0; row < rows; row++) {
    if (weightOf(row) > 0) drawable[next++] = row;
  }
  return drawable;
}

type RankedTargets = Pick<TrainingSet, 'targetRanks' | 'targetLevels'>;

function rankTargets(target: Float64Array, drawable: Uint32Array, allocate: Allocate): RankedTargets {
  const order = sortRows(target, drawable.slice());
  const { values, ends } = distinctInOrder(target, order);
  const targetRanks = new Uint32Array(allocate(4 * target.length));
  writeRanks(order, ends, targetRanks);
  return { targetRanks, targetLevels: values };
}

function copyClasses(target: Float64Array, allocate: Allocate): RankedTargets {
  const targetRanks = new Uint32Array(allocate(4 * target.length));
  targetRanks.set(target);
  return { targetRanks, targetLevels: new Float64Array(0) };
}

type Weighed = Pick<TrainingSet, 'weights' | 'weightScale' | 'sums' | 'grid'>;

/** Regression: steps of weight, and a grid of targets, as fine as sums over any bag are exact. */
function weighTargets(target: Float64Array, weightOf: (row: number) => number, drawable: Uint32Array, settings: SetSettings, allocate: Allocate): Weighed {
  const { inUnits, whole, heaviest, total } = surveyWeights(weightOf, drawable);
  const most = settings.bootstrap ? heaviest * drawsOf(settings, drawable.length) : total;
  const weightScale = whole ? 1 : finestScale(most, 1);
  const grid = createGrid(extreme(target, drawable, Math.min), extreme(target, drawable, Math.max), most);
  const sums = new Float64Array(allocate(8 * target.length));
  for (const row of drawable) sums[row] = Math.round(inUnits(row) * toUnits(grid, target[row] ?? 0));
  return { weights: inSteps(target.length, inUnits, drawable, weightScale, allocate), weightScale, sums, grid };
}

/**
 * Classification: weights are used as they are where they are whole numbers, else rounded so that a bag weighs up to 2²⁶
 * steps: sums of squares over classes are exact then, and so are kernels that arrive at them in different orders.
 */
function weighClasses(rows: number, weightOf: (row: number) => number, drawable: Uint32Array, settings: SetSettings, allocate: Allocate): Weighed {
  const { inUnits, whole, heaviest, total } = surveyWeights(weightOf, drawable);
  const isWhole = whole && settings.classWeight !== 'balanced_subsample';
  const weightScale = isWhole ? 1 : finestScale(heaviestBag(heaviest, total, drawable.length, settings), 1) / 2 ** 26;
  return {
    weights: inSteps(rows, inUnits, drawable, weightScale, allocate),
    weightScale,
    sums: new Float64Array(allocate(8 * rows)),
    grid: { center: 0, scale: 1 },
  };
}

/**
 * What a bag may weigh. The heaviest row may be drawn every time, but a bag beyond twice the expected weight and 64 times
 * the heaviest row is not to be met: by Chernoff's bound its probability is below 10⁻³⁰. To allow for it would leave the
 * light rows of a large set too few steps. Balanced subsamples weigh their number of rows, times the heaviest at most.
 */
function heaviestBag(heaviest: number, total: number, drawable: number, settings: SetSettings): number {
  if (!settings.bootstrap && settings.classWeight !== 'balanced_subsample') return total;
  const draws = drawsOf(settings, drawable);
  const certain = heaviest * draws;
  return settings.classWeight === 'balanced_subsample' ? certain : Math.min(certain, (2 * total * draws) / drawable + 64 * heaviest);
}

interface WeightSurvey {
  /** Whether all weights are whole numbers to be used as they are. */
  readonly whole: boolean;
  /** The weight of a row. Only relative weights matter: where not whole they are scaled, by a power of two, to at most 1. */
  readonly inUnits: (row: number) => number;
  /** In these units, as `total`. */
  readonly heaviest: number;
  readonly total: number;
}

function surveyWeights(weightOf: (row: number) => number, drawable: Uint32Array): WeightSurvey {
  let heaviest = 0;
  let areWhole = true;
  for (const row of drawable) {
    const weight = weightOf(row);
    if (weight > heaviest) heaviest = weight;
    areWhole &&= Number.isInteger(weight);
  }
  const whole = areWhole && heaviest <= MOST_WHOLE_WEIGHT;
  const unit = whole ? 1 : finestScale(heaviest, 1) / 2 ** 52;
  const inUnits = (row: number): number => weightOf(row) * unit;
  let total = 0;
  for (const row of drawable) total += inUnits(row);
  return { whole, inUnits, heaviest: heaviest * unit, total };
}

/** Every weight above 0 is at least one step. */
function inSteps(rows: number, inUnits: (row: number) => number, drawable: Uint32Array, weightScale: number, allocate: Allocate): Float64Array {
  const weights = new Float64Array(allocate(8 * rows));
  for (const row of drawable) weights[row] = Math.max(1, Math.round(inUnits(row) * weightScale));
  return weights;
}

function extreme(target: Float64Array, rows: Uint32Array, pick: (a: number, b: number) => number): number {
  return rows.reduce((best, row) => pick(best, target[row] ?? 0), target[rows[0] ?? 0] ?? 0);
}
