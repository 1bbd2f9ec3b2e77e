import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoreGroups } from '../src/target.ts';

const column = (values: readonly number[]): Float64Array => Float64Array.from(values);
const codesOf = (values: readonly number[]): Int32Array => Int32Array.from(values);

/** Ranks 0, 1, 2 … of the scores. */
const order = (scores: Float64Array): number[] => [...scores.keys()].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));

describe('the score of a group', () => {
  test('of a number is its mean, drawn towards the mean of all as if by ten rows of it', () => {
    // Mean of all: 6. Group 0: 2 rows of 1; group 1: 3 rows of 8, 9 and 11.
    const { scores, overall } = scoreGroups(codesOf([0, 0, 1, 1, 1]), 2, { name: 'y', task: 'regression', values: column([1, 1, 8, 9, 11]) });
    expect(Array.from(scores, (score) => score + 6 - overall)).toEqual([expect.closeTo((2 + 60) / 12, 12), expect.closeTo((28 + 60) / 13, 12)]);
  });

  test('trusts many rows more than one', () => {
    const values = column([...Array.from({ length: 40 }, () => 10), 12, ...Array.from({ length: 40 }, () => 0)]);
    const codes = codesOf(Array.from(values, (value) => (value === 10 ? 0 : value === 12 ? 1 : 2)));
    expect(order(scoreGroups(codes, 3, { name: 'y', task: 'regression', values }).scores)).toEqual([2, 1, 0]);
  });

  test('of two classes is the share of class 1: the same as of the numbers 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(1)), { minLength: 1, maxLength: 50 }), (rows) => {
        const codes = codesOf(rows.map(([code]) => code));
        const values = column(rows.map(([, value]) => value));
        expect(scoreGroups(codes, 4, { name: 'y', task: 'classification', values })).toEqual(scoreGroups(codes, 4, { name: 'y', task: 'regression', values }));
      }),
    );
  });

  test('of three classes puts groups in the order in which one class gives way to another', () => {
    // Group g has g rows of class 0 for every 9 − g of class 2, and class 1 always makes up a third: whatever the classes are called, the groups lie on a line.
    const rows = [0, 3, 6, 9].flatMap((share, group) => [...Array.from({ length: share * 10 }, () => [group, 0]), ...Array.from({ length: (9 - share) * 10 }, () => [group, 2]), ...Array.from({ length: 45 }, () => [group, 1])]);
    for (const names of [[0, 1, 2], [1, 2, 0], [2, 0, 1]]) {
      const values = column(rows.map(([, value]) => names[value ?? 0] ?? 0));
      const { scores, overall } = scoreGroups(codesOf(rows.map(([group]) => group ?? 0)), 4, { name: 'y', task: 'classification', values });
      expect([[0, 1, 2, 3], [3, 2, 1, 0]]).toContainEqual(order(scores));
      expect(scores.filter((score) => score < overall)).toHaveLength(2);
    }
  });

  test('is the first principal component that the covariance matrix has', () => {
    // The direction that explains most is found by trying 3,600 on the plane in which shares add up to 1.
    const rows = Array.from({ length: 600 }, (_, row) => [row % 6, (row * row + 3 * (row % 6)) % 7 > (row % 6) ? (row % 2) : 2]);
    const codes = codesOf(rows.map(([group]) => group ?? 0));
    const { scores, overall, counts } = scoreGroups(codes, 6, { name: 'y', task: 'classification', values: column(rows.map(([, value]) => value ?? 0)) });
    const shares = [0, 1, 2, 3, 4, 5].map((group) => [0, 1, 2].map((value) => (rows.filter((row) => row[0] === group && row[1] === value).length + (10 * rows.filter((row) => row[1] === value).length) / 600) / 110));
    const center = [0, 1, 2].map((value) => rows.filter((row) => row[1] === value).length / 600);
    const explained = (direction: readonly number[]): number => shares.reduce((sum, share, group) => sum + (counts[group] ?? 0) * share.reduce((dot, each, place) => dot + (each - (center[place] ?? 0)) * (direction[place] ?? 0), 0) ** 2, 0);
    const best = Math.max(...Array.from({ length: 3600 }, (_, step) => {
      const angle = (step * Math.PI) / 3600;
      const [u, v] = [Math.cos(angle), Math.sin(angle)];
      return explained([u / Math.SQRT2 + v / Math.sqrt(6), -u / Math.SQRT2 + v / Math.sqrt(6), (-2 * v) / Math.sqrt(6)]);
    }));
    const found = scores.reduce((sum, score, group) => sum + (counts[group] ?? 0) * (score - overall) ** 2, 0);
    expect(found / best).toBeCloseTo(1, 5);
  });

  test('does not mind classes of which every group has the same share', () => {
    const codes = codesOf([0, 0, 0, 1, 1, 1]);
    const { scores, overall } = scoreGroups(codes, 2, { name: 'y', task: 'classification', values: column([0, 1, 2, 0, 1, 2]) });
    for (const score of scores) expect(score).toBeCloseTo(overall, 12);
  });
});
