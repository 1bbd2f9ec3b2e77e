/** A node's impurity and that of its sides, by criterion: what ../src/twin/variance.ts, gini.ts and entropy.ts compute. */
import * as context from './context';
import { ENTROPY, VARIANCE } from './context';
import { log2, xlogx } from './log2';
import { classLeft, classTotals, pairs, ranks } from './workspace';

export let weight: f64 = 0;
export let sum: f64 = 0;
export let leftWeight: f64 = 0;
let leftSum: f64 = 0;
let middle: f64 = 0;
let rest: f64 = 0;
let leftSquares: f64 = 0;
let rightSquares: f64 = 0;
let squares: f64 = 0;
let largest: u32 = 0;
let most: f64 = 0;

/** The score of the left side as it stands, as a fraction. */
export let numerator: f64 = 0;
export let denominator: f64 = 1;

/** Enters the node whose samples are at [from, to). */
export function enter(from: usize, to: usize): void {
  squares = 0;
  if (context.criterion != VARIANCE) memory.fill(classTotals, 0, <usize>context.classes << 3);
  clear();
  add(from, to);
  weight = leftWeight;
  if (context.criterion == VARIANCE) {
    sum = leftSum;
    middle = floor(sum / weight + 0.5);
    rest = sum - middle * weight;
    return;
  }
  squares = leftSquares;
  memory.copy(classTotals, classLeft, <usize>context.classes << 3);
  largest = 0;
  for (let label: u32 = 1; label < context.classes; label++) {
    if (classAt(classTotals, label) > classAt(classTotals, largest)) largest = label;
  }
  if (context.criterion == ENTROPY) most = xlogx(weight);
}

@inline
function classAt(weights: usize, label: u32): f64 {
  return load<f64>(weights + (<usize>label << 3));
}

/** Empties the left side. */
export function clear(): void {
  leftWeight = 0;
  leftSum = 0;
  if (context.criterion == VARIANCE) return;
  memory.fill(classLeft, 0, <usize>context.classes << 3);
  leftSquares = 0;
  rightSquares = squares;
}

/** Moves the samples at [from, to) to the left side. */
export function add(from: usize, to: usize): void {
  if (context.criterion == VARIANCE) {
    for (let at = from; at < to; at += 4) {
      const pair = pairs + (<usize>load<u32>(at) << 4);
      leftWeight += load<f64>(pair);
      leftSum += load<f64>(pair, 8);
    }
  } else {
    for (let at = from; at < to; at += 4) addToClass(<usize>load<u32>(at));
  }
}

/** Moves one sample to the left side. */
@inline
export function addToClass(sample: usize): void {
  const added = load<f64>(pairs + (sample << 4));
  const place = <usize>load<u32>(ranks + (sample << 2)) << 3;
  const before = load<f64>(classLeft + place);
  const right = load<f64>(classTotals + place) - before;
  store<f64>(classLeft + place, before + added);
  leftWeight += added;
  leftSquares += added * (2 * before + added);
  rightSquares -= added * (2 * right - added);
}

/** Sets `numerator` and `denominator`. */
export function score(): void {
  if (context.criterion == ENTROPY) {
    scoreEntropy();
    return;
  }
  const rightWeight = weight - leftWeight;
  denominator = leftWeight * rightWeight;
  if (context.criterion == VARIANCE) {
    const difference = (leftSum - middle * leftWeight) * weight - rest * leftWeight;
    numerator = difference * difference;
  } else {
    numerator = leftSquares * rightWeight + rightSquares * leftWeight;
  }
}

function scoreEntropy(): void {
  let onLeft: f64 = 0;
  let onRight: f64 = 0;
  for (let label: u32 = 0; label < context.classes; label++) {
    const left = classAt(classLeft, label);
    onLeft += xlogx(left);
    onRight += xlogx(classAt(classTotals, label) - left);
  }
  const kept = onLeft - xlogx(leftWeight) + (onRight - xlogx(weight - leftWeight));
  numerator = max<f64>(0, kept + most);
  denominator = 1;
}

/** The weighted impurity that the left side as it stands takes away. */
export function reduction(): f64 {
  if (context.criterion == VARIANCE) {
    score();
    return numerator / denominator / weight;
  }
  return context.criterion == ENTROPY ? reductionOfEntropy() : reductionOfGini();
}

function reductionOfGini(): f64 {
  let total: f64 = 0;
  for (let label: u32 = 0; label < context.classes; label++) {
    const difference = weight * classAt(classLeft, label) - classAt(classTotals, label) * leftWeight;
    total += difference * difference;
  }
  return total / leftWeight / (weight - leftWeight) / weight;
}

function reductionOfEntropy(): f64 {
  const rightWeight = weight - leftWeight;
  let total: f64 = 0;
  for (let label: u32 = 0; label < context.classes; label++) {
    const all = classAt(classTotals, label);
    const left = classAt(classLeft, label);
    const right = all - left;
    if (left > 0) total += left * log2((left * weight) / (all * leftWeight));
    if (right > 0) total += right * log2((right * weight) / (all * rightWeight));
  }
  return max<f64>(0, total);
}

/** What the levels of a categorical feature are put in order by: the mean, or the share of the node's largest class. */
export function rankOf(from: usize, to: usize): f64 {
  let groupWeight: f64 = 0;
  let groupSum: f64 = 0;
  const isRegression = context.criterion == VARIANCE;
  for (let at = from; at < to; at += 4) {
    const sample = <usize>load<u32>(at);
    const added = load<f64>(pairs + (sample << 4));
    groupWeight += added;
    if (isRegression) {
      groupSum += load<f64>(pairs + (sample << 4), 8);
    } else if (load<u32>(ranks + (sample << 2)) == largest) {
      groupSum += added;
    }
  }
  return groupSum / groupWeight;
}
