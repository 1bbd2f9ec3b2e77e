import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForestError } from '../src/errors.ts';
import type { FlatForest } from '../src/flat-forest.ts';
import { forestTask } from '../src/forest-task.ts';
import { openForest, openForestOf } from '../src/open-forest.ts';
import { packForest } from '../src/pack-forest.ts';
import { applyForest, predictMeans } from '../src/predict.ts';
import { validateForest } from '../src/validate-forest.ts';
import { packTwins } from './pack-twins.ts';
import { classes, synthesize } from './synthetic.ts';
import { classificationData, regressionData, treeLimits } from './tree-arbitraries.ts';

const numbers = synthesize(400, 1);
const labels = classes(synthesize(400, 1), 3);

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ForestError) return `${error.code} | ${error.message}`;
    throw error;
  }
  return 'nothing was refused';
}

describe('an artifact', () => {
  it('opens as the forest that was packed, over the same memory', () => {
    fc.assert(
      fc.property(fc.oneof(regressionData(), classificationData()), treeLimits, fc.boolean(), (data, limits, nodeWeights) => {
        const quantiles = data.classCount === undefined;
        const { forest } = packTwins(data, { ...limits, nEstimators: 3, nodeWeights, quantiles });
        const opened = openForest(forest.buffer);
        expect(opened).toEqual(forest);
        expect(opened.nodes.buffer).toBe(forest.buffer);
        expect(opened.nodeWeights === undefined).toBe(!nodeWeights);
        expect(opened.leafTargets === undefined).toBe(!quantiles);
        validateForest(forest.buffer);
      }),
      { numRuns: 200 },
    );
  });

  it('holds the words of large trees as they were grown, and all thresholds', () => {
    const { forest, trees, set } = packTwins(numbers, { nEstimators: 120 });
    expect(forest.cuts).toEqual(Float64Array.from(set.features.flatMap(({ cuts }) => [...cuts])));
    expect(forest.leafValues.slice(0, forest.targetLevels)).toEqual(set.targetLevels);
    trees.forEach((tree, index) => {
      if (tree.mixed.length > 0) return;
      expect(forest.nodes.slice(2 * (forest.treeStarts[index] ?? 0), 2 * (forest.treeStarts[index + 1] ?? 0))).toEqual(tree.nodes);
    });
    expect(forest.buffer.byteLength).toBeLessThan(8.5 * forest.nodeCount + 4_000);
  });

  it('keeps of large tables only what small trees use, and predicts the same', () => {
    const { forest, trees, set } = packTwins(numbers, { nEstimators: 2, maxDepth: 2 });
    const splits = trees.flatMap(({ nodes }) => Array.from({ length: nodes.length / 2 }, (_, node) => nodes[2 * node + 1] ?? 0)).filter((link) => link >>> forest.columnBits > 0);
    expect(forest.cuts.length).toBeLessThanOrEqual(splits.length);
    expect(forest.targetLevels).toBe(0);
    // The same trees among so many copies of themselves that the tables are small beside them.
    const whole = packForest({ set, trees: Array.from({ length: 10_000 }, () => trees).flat(), importances: forest.importances, oobScore: NaN });
    expect(whole.cuts.length).toBeGreaterThan(500);
    const some = numbers.columns.map((column) => column.subarray(0, 50));
    expect(applyForest(forest, some, 50)).toEqual(applyForest(whole, some, 50).filter((_, at) => at % 20_000 < 2));
    const small = predictMeans(forest, some, 50);
    predictMeans(whole, some, 50).forEach((value, row) => { expect(value).toBeCloseTo(small[row] ?? NaN, 6); });
  });

  it('says what it predicts', () => {
    const regression = packTwins(numbers, { nEstimators: 1 }).forest.buffer;
    const classification = packTwins(labels, { nEstimators: 1 }).forest.buffer;
    expect([forestTask(regression), forestTask(classification)]).toEqual(['regression', 'classification']);
    expect(refusal(() => openForestOf('regression', classification))).toBe(
      'invalid-buffer | forest buffer: got a classification forest, expected a regression forest; RandomForestClassifier.from reads this one',
    );
    expect(openForestOf('classification', classification).classes).toBe(3);
  });
});

describe('bytes that are no artifact', () => {
  const { forest } = packTwins(numbers, { nEstimators: 2, quantiles: true, minSamplesLeaf: 5 });
  const withWord = (index: number, word: number): ArrayBuffer => {
    const buffer = forest.buffer.slice();
    new Uint32Array(buffer, 0, 10)[index] = word;
    return buffer;
  };
  const withTable = (entry: number, field: number, value: number): ArrayBuffer => {
    const buffer = forest.buffer.slice();
    new Float64Array(buffer, 40, 33)[3 * entry + field] = value;
    return buffer;
  };

  it.each<[string, ArrayBuffer, RegExp]>([
    ['nothing', new ArrayBuffer(0), /got 0 bytes, expected at least 32/],
    ['another format', withWord(0, 0x04034b50), /got magic 0x4034b50, expected 0x46524644: these bytes are no forest/],
    ['a later version', withWord(1, 4), /got version 4, expected 1, 2 or 3: the forest was saved by another release/],
    ['no features', withWord(2, 0), /got 0 features, expected from 1/],
    ['too many features', withWord(2, 11), /got section importances of length 10, expected 11/],
    ['too many trees', withWord(3, 2 ** 32 - 1), /section treeStarts of length 3, expected 4294967296/],
    ['too many nodes', withWord(4, 2 ** 32 - 1), /section nodes of length \d+, expected 8589934590/],
    ['classes without shares', withWord(5, 7), /leaf values, \d+ of them target levels, for 7 classes/],
    ['more target levels than leaf values', withWord(6, 1_000_000), /1000000 of them target levels/],
    ['a table that is longer than the file', withWord(7, 2 ** 32 - 1), /a table of 4294967295 sections: the file is cut off/],
    ['a head without a table', forest.buffer.slice(0, 36), /got 36 bytes, expected at least \d+ for a table/],
    ['a file that is cut off', forest.buffer.slice(0, -8), /got \d+ bytes, expected \d+: the file is cut off or damaged/],
    ['a file with something behind it', new Uint8Array([...new Uint8Array(forest.buffer), 0]).buffer, /cut off or damaged/],
    ['a section within another', withTable(1, 1, 320), /got section 2 at byte 320, expected it at byte \d+, where the one before it ends/],
    ['a section at no multiple of 8', withTable(0, 1, 305), /section 1 at byte 305/],
    ['a section of no whole length', withTable(0, 2, 80.5), /section 1 of 80.5 bytes, expected a whole number/],
    ['a section of negative length', withTable(0, 2, -80), /section 1 of -80 bytes/],
    ['a section of NaN bytes', withTable(0, 2, NaN), /section 1 of NaN bytes/],
    ['a section of half a number', withTable(0, 2, 78), /section importances of 78 bytes, expected a multiple of 8/],
    ['a section twice', withTable(1, 0, 1), /section importances twice/],
    ['no importances', withTable(0, 0, 1e300), /got no section importances/],
  ])('%s: is refused with what was got and what is expected', (_, buffer, message) => {
    const got = refusal(() => openForest(buffer));
    expect(got).toMatch(/^invalid-buffer \| forest buffer: got /);
    expect(got).toMatch(message);
  });

  it.each<[string, (copy: FlatForest) => void, RegExp]>([
    ['trees that begin out of order', ({ treeStarts }) => { treeStarts[1] = treeStarts[2] ?? 0; }, /a tree that starts at \d+ after one at \d+/],
    ['a first tree that begins late', ({ treeStarts }) => { treeStarts[0] = 1; }, /starts of a tree, from 1 to/],
    ['thresholds beyond the table', ({ cutStarts }) => { cutStarts[10] = 1e6; }, /starts of a feature, from 0 to 1000000/],
  ])('%s: are refused', (_, damage, message) => {
    const copy = openForest(forest.buffer.slice());
    damage(copy);
    expect(refusal(() => openForest(copy.buffer))).toMatch(message);
  });

  it('never make opening throw anything but a ForestError, wherever they were damaged', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.nat(500), (changes, cut) => {
        const bytes = new Uint8Array(forest.buffer.slice(0, cut > 400 ? undefined : -cut));
        for (const [at, byte] of changes) bytes[at] = byte;
        expect(refusal(() => validateForest(bytes.buffer))).toMatch(/^invalid-|^nothing/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('validateForest', () => {
  const mixed = packTwins(
    { ...numbers, columns: numbers.columns.map((column, feature) => (feature === 0 ? column.map((value) => (value % 7 === 0 ? NaN : value)) : column)), categoricalFeatures: [5] },
    { nEstimators: 3, nodeWeights: true, quantiles: true, minSamplesLeaf: 5 },
  ).forest;
  const inner = (forest: FlatForest, isWanted: (column: number) => boolean): number => {
    for (let node = 0; node < forest.nodeCount; node++) {
      const link = forest.nodes[2 * node + 1] ?? 0;
      if (link >>> forest.columnBits > 0 && isWanted(link & (2 ** forest.columnBits - 1))) return node;
    }
    throw new Error('no such node');
  };
  const isCategorical = (column: number): boolean => column >> 1 === 5;
  const leafOf = (forest: FlatForest): number => forest.nodes.findIndex((link, at) => at % 2 === 1 && link === 2 * forest.features) - 1;

  it.each<[string, (forest: FlatForest) => void, RegExp]>([
    ['a right child beyond the tree', (forest) => { forest.nodes[1] = (forest.nodes[1] ?? 0) + 2 ** 30; }, /tree 0, node 0: got a right child \d+ nodes further/],
    ['a right child that is the left one', (forest) => { forest.nodes[1] = 2 ** forest.columnBits; }, /a right child 1 nodes further, expected from 2/],
    ['a leaf at the root of other nodes', (forest) => { forest.nodes[1] = 20; }, /a leaf over \d+ nodes, expected 1/],
    ['a leaf of a feature', (forest) => { forest.nodes[leafOf(forest) + 1] = 3; }, /a leaf of column 3, expected 20/],
    ['a leaf without a value', (forest) => { forest.nodes[leafOf(forest)] = forest.leafValues.length; }, /leaf value \d+, expected less than/],
    ['a feature that is not there', (forest) => { forest.nodes[1] = (forest.nodes[1] ?? 0) | 31; }, /column 31, expected less than 20/],
    ['a threshold that is not there', (forest) => { forest.nodes[2 * inner(forest, (column) => !isCategorical(column))] = 1e6; }, /cut 1000000, expected at most/],
    ['a categorical feature by its odd column', (forest) => { const at = 2 * inner(forest, isCategorical) + 1; forest.nodes[at] = (forest.nodes[at] ?? 0) | 1; }, /an even one/],
    ['a set beyond the sets', (forest) => { forest.nodes[2 * inner(forest, isCategorical)] = forest.sets.length; }, /a set from word/],
    ['a set of all levels', (forest) => { forest.sets.fill(2 ** 11 - 1); }, /expected one that leaves both sides something/],
    ['a set of unknown levels', (forest) => { forest.sets.fill(2 ** 31); }, /levels that the feature does not have/],
    ['thresholds that do not ascend', (forest) => { forest.cuts[1] = forest.cuts[0] ?? 0; }, /feature 0: got threshold/],
    ['an infinite threshold', (forest) => { forest.cuts[0] = -Infinity; }, /threshold -Infinity/],
    ['an infinite leaf value', (forest) => { forest.leafValues[forest.leafValues.length - 1] = Infinity; }, /leaf value \d+: got Infinity/],
    ['target levels that do not ascend', (forest) => { forest.leafValues[1] = forest.leafValues[0] ?? 0; }, /target level 1/],
    ['negative importances', (forest) => { forest.importances[0] = -1; }, /importances: got a sum of -1/],
    ['node weights that do not add up', (forest) => { forest.nodeWeights?.fill(2, 0, 1); }, /node 0: got a weight of 2 over children of/],
    ['nodes without weight', (forest) => { forest.nodeWeights?.fill(0); }, /a weight of 0/],
    ['targets in descending order', (forest) => { forest.leafTargets?.ranks.fill(399, 0, 1); }, /mixed leaf 0: got target level/],
    ['targets without weight', (forest) => { forest.leafTargets?.weights.fill(0); }, /a target of weight 0/],
    ['leaves without targets', (forest) => { forest.leafTargets?.starts.fill(0, 0, 2); }, /targets 0 to 0, expected at least one/],
  ])('finds %s', (_, damage, message) => {
    const forest = openForest(mixed.buffer.slice());
    validateForest(forest.buffer);
    damage(forest);
    const got = refusal(() => { validateForest(forest.buffer); });
    expect(got).toMatch(/^invalid-forest/);
    expect(got).toMatch(message);
  });

  it('finds class shares that do not add up', () => {
    const { forest } = packTwins(labels, { nEstimators: 2, minSamplesLeaf: 9 });
    forest.leafValues[0] = 0.9;
    forest.leafValues[1] = 0.9;
    expect(refusal(() => { validateForest(forest.buffer); })).toMatch(/class shares, row 0: got a sum of/);
    expect(predictMeans(forest, labels.columns, 400)).toHaveLength(1_200);
  });
});
