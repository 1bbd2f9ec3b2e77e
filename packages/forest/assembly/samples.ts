/** From the rows of a bag to samples: the rows of one tree, compacted, with whole-number weights. */
import * as context from './context';
import { codeBytesOf, codesOf, featureAt, isWide, orderOf, placeOf, slotOf } from './context';
import { below, seedRandom } from './random';
import * as workspace from './workspace';

/** Number of samples of the tree. */
export let sampleCount: u32 = 0;
export let totalWeight: f64 = 0;
export let totalSum: f64 = 0;

/** Draws the bag of a tree and compacts it; its random stream goes on to choose features. */
export function drawSamples(tree: i32): void {
  seedRandom(context.seedLow, context.seedHigh, tree);
  drawBag();
  compactRows();
  if (context.isBalancedSubsample) balanceClasses();
  sumUp();
  const features = context.features;
  for (let feature: u32 = 0; feature < features; feature++) {
    const record = featureAt(feature);
    if (isWide(record)) {
      compactWide(record);
    } else {
      compactNarrow(record);
    }
    store<u32>(workspace.drawOrder + (<usize>feature << 2), feature);
    store<f64>(workspace.importances + (<usize>feature << 3), 0);
  }
  if (workspace.plainLists > 0) listAll();
}

/** A row's code: u8, u16 or u32. */
@inline
function codeAt(codes: usize, bytes: u32, row: u32): u32 {
  if (bytes == 1) return load<u8>(codes + row);
  if (bytes == 2) return load<u16>(codes + (<usize>row << 1));
  return load<u32>(codes + (<usize>row << 2));
}

function drawBag(): void {
  const counts = workspace.counts;
  const drawable = context.drawable;
  const limit = context.drawableCount;
  memory.fill(counts, 0, <usize>context.rows << 2);
  if (context.isBootstrap) {
    for (let draw: u32 = 0, draws = context.draws; draw < draws; draw++) {
      const at = counts + (<usize>load<u32>(drawable + (<usize>below(limit) << 2)) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  } else {
    for (let index: u32 = 0; index < limit; index++) store<u32>(counts + (<usize>load<u32>(drawable + (<usize>index << 2)) << 2), 1);
  }
}

/** Numbers the rows in the bag and gathers what is known of them. Which rows are in it nobody can foresee: no branch asks. */
function compactRows(): void {
  const counts = workspace.counts;
  const bagRows = workspace.bagRows;
  let sample: u32 = 0;
  for (let row: u32 = 0, rows = context.rows; row < rows; row++) {
    store<u32>(bagRows + (<usize>sample << 2), row);
    sample += <u32>(load<u32>(counts + (<usize>row << 2)) != 0);
  }
  sampleCount = sample;
  const weights = context.weights;
  const sums = context.sums;
  const targetRanks = context.targetRanks;
  const ranks = workspace.ranks;
  let pair = workspace.pairs;
  for (let index: u32 = 0; index < sample; index++, pair += 16) {
    const row = <usize>load<u32>(bagRows + (<usize>index << 2));
    const at = counts + (row << 2);
    const count = <f64>load<u32>(at);
    store<f64>(pair, count * load<f64>(weights + (row << 3)));
    store<f64>(pair, count * load<f64>(sums + (row << 3)), 8);
    store<u32>(ranks + (<usize>index << 2), load<u32>(targetRanks + (row << 2)));
    store<u32>(at, index + 1);
  }
}

/** Weights each class of this bag alike, as scikit-learn's `balanced_subsample`. */
function balanceClasses(): void {
  const totals = workspace.classTotals;
  const classes = context.classes;
  memory.fill(totals, 0, <usize>classes << 3);
  // The number of draws by class: with all rows in the bag once, a row counts once.
  let present: f64 = 0;
  let draws: f64 = 0;
  const counts = workspace.counts;
  for (let row: u32 = 0, rows = context.rows; row < rows; row++) {
    const sample = load<u32>(counts + (<usize>row << 2));
    if (sample == 0) continue;
    const count = load<f64>(workspace.pairs + (<usize>(sample - 1) << 4)) / load<f64>(context.weights + (<usize>row << 3));
    const at = totals + (<usize>load<u32>(workspace.ranks + (<usize>(sample - 1) << 2)) << 3);
    if (load<f64>(at) == 0) present++;
    store<f64>(at, load<f64>(at) + count);
    draws += count;
  }
  for (let sample: u32 = 0; sample < sampleCount; sample++) {
    const pair = workspace.pairs + (<usize>sample << 4);
    const drawnOfClass = load<f64>(totals + (<usize>load<u32>(workspace.ranks + (<usize>sample << 2)) << 3));
    store<f64>(pair, max<f64>(1, floor(load<f64>(pair) * (draws / (present * drawnOfClass)) + 0.5)));
  }
}

function sumUp(): void {
  totalWeight = 0;
  totalSum = 0;
  for (let sample: u32 = 0; sample < sampleCount; sample++) {
    const pair = workspace.pairs + (<usize>sample << 4);
    totalWeight += load<f64>(pair);
    totalSum += load<f64>(pair, 8);
  }
}

/** Codes and the list of samples in their order: a pass over the rows in that order. */
function compactWide(record: usize): void {
  const counts = workspace.counts;
  const place = placeOf(record);
  let list = workspace.lists + ((<usize>(workspace.plainLists + place) * workspace.stride) << 2);
  let order = orderOf(record);
  for (const orderEnd = order + (<usize>context.rows << 2); order < orderEnd; order += 4) {
    const sample = load<u32>(counts + (<usize>load<u32>(order) << 2));
    // What is stored of a row that is not in the bag is written over by the next.
    store<u32>(list, sample - 1);
    list += <usize>(sample != 0) << 2;
  }
  const codes = workspace.wideCodes + ((<usize>place * workspace.stride) << 2);
  const rowCodes = codesOf(record);
  const bytes = codeBytesOf(record);
  const bagRows = workspace.bagRows;
  for (let at: usize = 0, end = <usize>sampleCount << 2; at < end; at += 4) store<u32>(codes + at, codeAt(rowCodes, bytes, load<u32>(bagRows + at)));
}

function compactNarrow(record: usize): void {
  const rowCodes = codesOf(record);
  const bytes = codeBytesOf(record);
  const first = placeOf(record);
  const step = <usize>context.narrowCount << 1;
  let cell = workspace.cells + (<usize>slotOf(record) << 1);
  for (let row = workspace.bagRows, end = row + (<usize>sampleCount << 2); row < end; row += 4, cell += step) {
    store<u16>(cell, <u16>(first + codeAt(rowCodes, bytes, load<u32>(row))));
  }
}

function listAll(): void {
  for (let sample: u32 = 0; sample < sampleCount; sample++) store<u32>(workspace.lists + (<usize>sample << 2), sample);
}
