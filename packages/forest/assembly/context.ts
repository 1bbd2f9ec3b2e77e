/**
 * What the kernel works on. Pointers and settings are globals of the instance: each thread has an instance of its own
 * over the one memory, in which the training set is shared and a workspace is each thread's own.
 *
 * There is no static data in this module: instances would write it over one another.
 */

// The training set, as ../src/training-set.ts describes it.
export let rows: u32 = 0;
export let features: u32 = 0;
/** 0 for regression. */
export let classes: u32 = 0;
export let drawable: usize = 0;
export let drawableCount: u32 = 0;
export let weights: usize = 0;
export let sums: usize = 0;
export let targetRanks: usize = 0;
export let targetLevels: u32 = 0;
/** `features` records of FEATURE_BYTES. */
export let featureTable: usize = 0;

/** Bits of the low part of a node's second word. */
export let columnBits: u32 = 0;

export const FEATURE_BYTES: usize = 32;
// Offsets in a feature's record.
const CODES: usize = 0;
const CODE_BYTES: usize = 4;
const LEVELS: usize = 8;
const IS_CATEGORICAL: usize = 12;
/** Sorted row ids; 0 where the feature is narrow. */
const ORDER: usize = 16;
/** Narrow features: where its cells begin. Wide features: the number of its list. */
const PLACE: usize = 20;
/** Narrow features: its place in a sample's row of cells. */
const SLOT: usize = 24;

@inline export function featureAt(feature: u32): usize { return featureTable + <usize>feature * FEATURE_BYTES; }
@inline export function codesOf(record: usize): usize { return load<u32>(record, CODES); }
@inline export function codeBytesOf(record: usize): u32 { return load<u32>(record, CODE_BYTES); }
@inline export function levelsOf(record: usize): u32 { return load<u32>(record, LEVELS); }
@inline export function isCategorical(record: usize): bool { return load<u32>(record, IS_CATEGORICAL) != 0; }
@inline export function orderOf(record: usize): usize { return load<u32>(record, ORDER); }
@inline export function isWide(record: usize): bool { return load<u32>(record, ORDER) != 0; }
@inline export function placeOf(record: usize): u32 { return load<u32>(record, PLACE); }
@inline export function slotOf(record: usize): u32 { return load<u32>(record, SLOT); }

/** Number of wide features, which have sorted lists. */
export let wideCount: u32 = 0;
/** Number of narrow features, which have cells in histograms. */
export let narrowCount: u32 = 0;
/** Cells of all narrow features. */
export let cellCount: u32 = 0;
/** Largest number of codes of a feature, that of missing values included. */
export let mostCodes: u32 = 0;
/** The same, of the narrow features alone. */
export let mostNarrowCodes: u32 = 0;
export let hasCategorical: bool = false;
/** 32-bit words of the largest set of a categorical feature. */
export let mostSetWords: u32 = 0;

/** Says where the training set lies. */
export function setData(
  rowCount: u32, featureCount: u32, classCount: u32, drawablePointer: usize, drawableRows: u32, weightsPointer: usize, sumsPointer: usize,
  ranksPointer: usize, targetLevelCount: u32, tablePointer: usize, bits: u32,
): void {
  rows = rowCount;
  features = featureCount;
  classes = classCount;
  drawable = drawablePointer;
  drawableCount = drawableRows;
  weights = weightsPointer;
  sums = sumsPointer;
  targetRanks = ranksPointer;
  targetLevels = targetLevelCount;
  featureTable = tablePointer;
  columnBits = bits;
  countFeatures();
}

function countFeatures(): void {
  wideCount = 0;
  narrowCount = 0;
  cellCount = 0;
  mostCodes = 0;
  mostNarrowCodes = 0;
  mostSetWords = 0;
  hasCategorical = false;
  for (let feature: u32 = 0; feature < features; feature++) {
    const record = featureAt(feature);
    const codes = levelsOf(record) + 1;
    mostCodes = max(mostCodes, codes);
    if (isCategorical(record)) {
      hasCategorical = true;
      mostSetWords = max(mostSetWords, (codes + 31) / 32);
    }
    if (isWide(record)) {
      wideCount++;
    } else {
      narrowCount++;
      mostNarrowCodes = max(mostNarrowCodes, codes);
      cellCount += codes;
    }
  }
}

// Settings, as `GrowSettings` in ../src/options.ts.
export const VARIANCE: u32 = 0;
export const GINI: u32 = 1;
export const ENTROPY: u32 = 2;
export let criterion: u32 = VARIANCE;
export let isRandomSplitter: bool = false;
export let maxDepth: u32 = 0;
/** 0 for no limit. */
export let maxLeafNodes: u32 = 0;
export let minSamplesSplit: u32 = 2;
export let minSamplesLeaf: u32 = 1;
export let minImpurityDecrease: f64 = 0;
export let maxFeatures: u32 = 1;
export let isBootstrap: bool = true;
export let draws: u32 = 0;
export let isBalancedSubsample: bool = false;
export let seedLow: i32 = 0;
export let seedHigh: i32 = 0;
/** Whether any value of any feature is missing. */
export let hasMissing: bool = false;

export function setSettings(
  criterionNumber: u32, randomSplitter: bool, depth: u32, leafNodes: u32, samplesSplit: u32, samplesLeaf: u32, impurityDecrease: f64,
  featuresTried: u32, bootstrap: bool, rowsDrawn: u32, balancedSubsample: bool, seedLowWord: i32, seedHighWord: i32, anyMissing: bool,
): void {
  criterion = criterionNumber;
  isRandomSplitter = randomSplitter;
  maxDepth = depth;
  maxLeafNodes = leafNodes;
  minSamplesSplit = samplesSplit;
  minSamplesLeaf = samplesLeaf;
  minImpurityDecrease = impurityDecrease;
  maxFeatures = featuresTried;
  isBootstrap = bootstrap;
  draws = rowsDrawn;
  isBalancedSubsample = balancedSubsample;
  seedLow = seedLowWord;
  seedHigh = seedHighWord;
  hasMissing = anyMissing;
}
