/** The memory of one thread, laid out once a fit: nothing is allocated while trees grow. */
import * as context from './context';

/** Number of draws by row; after the bag is compacted, 1 + the row's sample number, 0 where it is not in the bag. */
export let counts: usize = 0;
/** Samples: their rows, ascending. */
export let bagRows: usize = 0;
/** Where the samples of the tree are. */
export let storage: usize = 0;
/** Samples: weight and weighted sum of each, two f64. */
export let pairs: usize = 0;
/** Samples: rank of the target, or class. */
export let ranks: usize = 0;
/** Wide features: u32 codes, one feature after the other, `stride` samples each. */
export let wideCodes: usize = 0;
/** Narrow features: u16 cells, sample by sample. */
export let cells: usize = 0;
/** Lists of sample ids, `stride` each: those without an order of their own, then one a wide feature in the order of its codes. */
export let lists: usize = 0;
export let listCount: u32 = 0;
/**
 * 1 where the first list has the samples in ascending order: where there is no wide feature, and where rows are so many that to
 * count them in the order of some feature would miss every cache. Else 0: the first wide feature's list serves.
 */
export let plainLists: u32 = 0;
/** Blocks: see block.ts. A capacity of 0 stands for no block. */
export let renumbered: usize = 0;
export let outerBlock: usize = 0;
export let outerCapacity: u32 = 0;
export let innerBlock: usize = 0;
export let innerCapacity: u32 = 0;
/** Samples that there is room for. */
export let stride: u32 = 0;
export let scratch: usize = 0;
/** Samples: 1 for those that go left. */
export let goesLeft: usize = 0;
/** Pending nodes. */
export let stack: usize = 0;
export let drawOrder: usize = 0;
export let drawn: usize = 0;
export let candidates: usize = 0;
export let importances: usize = 0;
/** What the tree becomes. */
export let nodes: usize = 0;
export let mixed: usize = 0;
export let sets: usize = 0;
export let setCapacity: u32 = 0;
export let histograms: usize = 0;
export let slotCount: u32 = 0;
export let slotStack: usize = 0;
/** A histogram that is empty between nodes, and a bit for each of its cells that is in use. */
export let sparse: usize = 0;
export let sparseBits: usize = 0;
/** Small nodes: keys in groups of four features, sixteen rows of 16 bytes a group. */
export let keys: usize = 0;
export let sorted: usize = 0;
export let smallPairs: usize = 0;
export let smallCentered: usize = 0;
export let smallRanks: usize = 0;
export let smallSorted: usize = 0;
export let smallOrder: usize = 0;
export let smallStack: usize = 0;
/** By lane: its feature, score and position of the best border; by feature: its lane. */
export let laneFeatures: usize = 0;
export let featureLanes: usize = 0;
export let scores: usize = 0;
export let positions: usize = 0;
/** The samples of a node in the order of a feature's codes, and those codes. */
export let sequence: usize = 0;
export let sequenceCodes: usize = 0;
export let bucketStarts: usize = 0;
export let spareSequence: usize = 0;
export let groupStarts: usize = 0;
export let groupCodes: usize = 0;
export let groupRanks: usize = 0;
export let groupOrder: usize = 0;
export let groupOtherOrder: usize = 0;
export let classTotals: usize = 0;
export let classLeft: usize = 0;
/** Nodes of best-first growth, and the heap of those that can be split. */
export let records: usize = 0;
/** Sets of the splits of best-first growth, `mostSetWords` each; depth first, of the split at hand. */
export let recordSets: usize = 0;
export let heap: usize = 0;

export const NODE_BYTES: usize = 48;
export const CANDIDATE_BYTES: usize = 64;
export const RECORD_BYTES: usize = 64;
export const SMALL: u32 = 16;
/** A part of what a processor's third cache holds, and about half of what a core's second one does. */
const OUTER_BYTES: u64 = 8 * 1024 * 1024;
const INNER_BYTES: u64 = 512 * 1024;
const MANY_SAMPLES: u64 = 32 * 1024;
/** Histograms kept for pending nodes; where none is free a node counts its rows anew. */
const MOST_SLOTS: u32 = 48;
const MOST_HISTOGRAM_BYTES: u64 = 64 * 1024 * 1024;
const MOST_SET_WORDS: u64 = 16 * 1024 * 1024;

let end: u64 = 0;

function take(bytes: u64): usize {
  const at = end;
  end = (end + bytes + 15) & ~15;
  return <usize>at;
}

/** Bytes of one histogram: weight and sum of each cell, and, where leaves must have several rows, their number. */
export function histogramBytes(): u64 {
  return <u64>context.cellCount * (context.minSamplesLeaf > 1 ? 20 : 16) + 16;
}

/** Bytes of the bits of `sparse`. */
export function sparseBytes(): usize {
  return (<usize>context.cellCount / 64 + 2) * 8;
}

/**
 * Lays the workspace out from `base` on.
 * @returns where it ends; nothing is written where that is beyond the memory
 */
export function layOut(base: f64): f64 {
  end = <u64>base;
  stride = min(context.drawableCount, context.draws);
  const samples = <u64>stride;
  const features = <u64>context.features;
  const classes = <u64>context.classes;
  plainLists = <u32>(context.wideCount == 0 || (context.narrowCount > 0 && samples >= MANY_SAMPLES));
  listCount = plainLists + context.wideCount;
  counts = take(<u64>context.rows * 4);
  bagRows = take((samples + 1) * 4);
  storage = take(storageBytes(samples));
  useStorage(storage, stride);
  layOutBlocks(samples);
  scratch = take(samples * 4);
  goesLeft = take(samples);
  stack = take((min(samples, <u64>context.maxDepth) + 2) * NODE_BYTES);
  drawOrder = take(features * 4);
  drawn = take(features * 4);
  candidates = take(features * CANDIDATE_BYTES);
  importances = take(features * 8);
  nodes = take(samples * 16);
  mixed = take(classes == 0 ? samples * 8 : (samples / 2 + 1) * classes * 8);
  layOutSets(samples);
  layOutHistograms();
  layOutSmall(features);
  layOutSequences(samples, classes);
  return <f64>end;
}

/** Bytes of what is kept of a sample while a tree grows. */
function sampleBytes(): u64 {
  return 16 + 4 + 4 * <u64>context.wideCount + 2 * <u64>context.narrowCount + 4 * <u64>listCount;
}

/** Some more, because samples are gathered without a look at where they end. */
function storageBytes(samples: u64): u64 {
  return (samples + 4) * sampleBytes();
}

/** Makes the arrays of samples those in the storage at `base`, which has room for `capacity` of them. */
export function useStorage(base: usize, capacity: u32): void {
  const samples = <usize>capacity;
  stride = capacity;
  pairs = base;
  ranks = pairs + (samples << 4);
  wideCodes = ranks + (samples << 2);
  cells = wideCodes + ((samples * context.wideCount) << 2);
  lists = (cells + ((samples * context.narrowCount) << 1) + 3) & ~3;
}

/** A block of all samples would gain nothing. */
function capacityOf(bytes: u64, samples: u64): u32 {
  const capacity = bytes / sampleBytes();
  return capacity < samples ? <u32>capacity : 0;
}

function layOutBlocks(samples: u64): void {
  renumbered = take(samples * 4);
  outerCapacity = capacityOf(OUTER_BYTES, samples);
  innerCapacity = capacityOf(INNER_BYTES, samples);
  outerBlock = take(storageBytes(outerCapacity));
  innerBlock = take(storageBytes(innerCapacity));
}

function layOutSets(samples: u64): void {
  setCapacity = <u32>min(samples * context.mostSetWords, MOST_SET_WORDS);
  sets = take(<u64>setCapacity * 4);
}

function layOutHistograms(): void {
  slotCount = <u32>min(<u64>MOST_SLOTS, max(3, MOST_HISTOGRAM_BYTES / histogramBytes()));
  histograms = take(histogramBytes() * slotCount);
  slotStack = take(<u64>slotCount * 4);
  sparse = take(histogramBytes());
  sparseBits = take(<u64>sparseBytes());
}

function layOutSmall(features: u64): void {
  // A feature that does not vary is written to the lane behind the last one.
  const bytes = (features / 4 + 1) * 16 * SMALL;
  keys = take(bytes);
  sorted = take(bytes);
  smallPairs = take(16 * SMALL);
  smallCentered = take(16 * SMALL);
  smallRanks = take(4 * SMALL);
  smallSorted = take((features + 3) / 4);
  smallOrder = take(SMALL);
  smallStack = take(NODE_BYTES * (SMALL + 1));
  laneFeatures = take((features + 1) * 4);
  featureLanes = take(features * 4);
  scores = take((features + 2) * 8);
  positions = take((features + 2) * 8);
}

function layOutSequences(samples: u64, classes: u64): void {
  sequence = take(samples * 4);
  sequenceCodes = take(samples * 4);
  spareSequence = take(samples * 4);
  bucketStarts = take(<u64>(min(context.mostCodes, 256) + 1) * 4);
  const groups = min(samples, <u64>context.mostCodes);
  groupStarts = take((groups + 1) * 4);
  groupCodes = take(groups * 4);
  const levels = context.hasCategorical ? groups : 0;
  groupRanks = take(levels * 8);
  groupOrder = take(levels * 4);
  groupOtherOrder = take(levels * 4);
  classTotals = take(classes * 8);
  classLeft = take(classes * 8);
  const leaves = context.maxLeafNodes == 0 ? 0 : min(<u64>context.maxLeafNodes, samples);
  records = take(leaves * 2 * RECORD_BYTES);
  heap = take(leaves * 2 * 4);
  recordSets = take(max<u64>(1, leaves * 2) * context.mostSetWords * 4);
}
