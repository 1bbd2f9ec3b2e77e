/** Random forests, written as literals, and random rows for them: thresholds hit exactly, missing values, unknown levels. */
import fc from 'fast-check';
import type { FeatureLiteral, ForestLiteral, TreeLiteral } from './build-forest.ts';

export interface ForestCase {
  readonly literal: ForestLiteral;
  readonly rows: readonly (readonly number[])[];
}

export interface CaseLimits {
  readonly features: fc.Arbitrary<FeatureLiteral>;
  /** 0 for regression. */
  readonly classes: number;
  readonly depth: number;
}

/** Thresholds that 32-bit floats can hold and some that they cannot. */
const threshold = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constantFrom(0.1, 1 / 3, -2.7, 1e-40, 16_777_217, 1e39, -1e39));
export const numericFeature = fc.uniqueArray(threshold, { minLength: 1, maxLength: 5 }).map((values) => values.sort((a, b) => a - b));
export const categoricalFeature = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(31, 32, 40));
export const anyFeature: fc.Arbitrary<FeatureLiteral> = fc.oneof(numericFeature, categoricalFeature);

/** One to three trees over one to four features, and one to twelve rows. Every leaf has rows that come to it, as in trees that were grown. */
export function forestCases(limits: CaseLimits): fc.Arbitrary<ForestCase> {
  return fc.array(limits.features, { minLength: 1, maxLength: 4 }).chain((features) => {
    const tree = trees(features.map(codesOf), { features, classes: limits.classes }, limits.depth);
    const row = fc.tuple(...features.map(valueOf));
    return fc.record({
      literal: fc.record({
        features: fc.constant(features),
        classes: fc.constant(limits.classes),
        trees: fc.array(tree, { minLength: 1, maxLength: 3 }),
      }),
      rows: fc.array(row, { minLength: 1, maxLength: 12 }),
    });
  });
}

/** All codes of a feature, that of missing values last. */
function codesOf(feature: FeatureLiteral): number[] {
  return Array.from({ length: typeof feature === 'number' ? feature + 1 : feature.length + 2 }, (_, code) => code);
}

/** @param codes of each feature, those that rows in this node may have */
function trees(codes: readonly (readonly number[])[], forest: Omit<ForestLiteral, 'trees'>, depth: number): fc.Arbitrary<TreeLiteral> {
  const leaf = fc.record({ weight: fc.integer({ min: 1, max: 9 }), value: forest.classes === 0 ? leafNumber : shares(forest.classes) });
  const splittable = [...codes.keys()].filter((feature) => (codes[feature]?.length ?? 0) > 1);
  if (depth === 0 || splittable.length === 0) return leaf;
  const split = fc.constantFrom(...splittable).chain((feature) => splits(feature, codes, forest, depth));
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 6, arbitrary: split });
}

function splits(feature: number, codes: readonly (readonly number[])[], forest: Omit<ForestLiteral, 'trees'>, depth: number): fc.Arbitrary<TreeLiteral> {
  const here = codes[feature] ?? [];
  const given = forest.features[feature] ?? 0;
  const below = (side: readonly number[]): fc.Arbitrary<TreeLiteral> => trees(codes.with(feature, side), forest, depth - 1);
  const children = (isLeft: (code: number) => boolean) =>
    ({ feature: fc.constant(feature), left: below(here.filter(isLeft)), right: below(here.filter((code) => !isLeft(code))) });
  const divides = (isLeft: (code: number) => boolean): boolean => here.some(isLeft) && !here.every(isLeft);
  if (typeof given === 'number') {
    return fc.subarray([...here], { minLength: 1, maxLength: here.length - 1 }).chain((left) =>
      fc.boolean().chain((absentLeft) => {
        const set = codesOf(given).filter((code) => (here.includes(code) ? left.includes(code) : absentLeft));
        return fc.record({ set: fc.constant(set), ...children((code) => set.includes(code)) });
      }));
  }
  const goLeft = (cut: number, missingLeft: boolean) => (code: number): boolean => (code > given.length ? missingLeft : code <= cut);
  const ways = given.concat(0).flatMap((_, cut) => [true, false].map((missingLeft) => ({ cut, missingLeft })));
  return fc.constantFrom(...ways.filter(({ cut, missingLeft }) => divides(goLeft(cut, missingLeft)))).chain(({ cut, missingLeft }) =>
    fc.record({ cut: fc.constant(cut), missingLeft: fc.constant(missingLeft), ...children(goLeft(cut, missingLeft)) }));
}

const leafNumber = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 8);

function shares(classes: number): fc.Arbitrary<readonly number[]> {
  return fc.array(fc.integer({ min: 0, max: 4 }), { minLength: classes, maxLength: classes }).map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total === 0 ? counts.map((_, label) => (label === 0 ? 1 : 0)) : counts.map((count) => count / total);
  });
}

/** A value at or beside a threshold, a level, or something the feature has never had. */
function valueOf(feature: FeatureLiteral): fc.Arbitrary<number> {
  if (typeof feature === 'number') return fc.oneof(fc.nat(feature), fc.constantFrom(NaN, -1, 0.5, 1e9));
  return fc.oneof(fc.constantFrom(...feature.flatMap((cut) => [cut, Math.fround(cut), cut + 1, cut - 0.5])), fc.constantFrom(NaN, Infinity, -Infinity, 0));
}

/** One typed array a feature. */
export function columnsOf({ rows, literal }: ForestCase): Float64Array[] {
  return literal.features.map((_, feature) => Float64Array.from(rows, (row) => row[feature] ?? NaN));
}
