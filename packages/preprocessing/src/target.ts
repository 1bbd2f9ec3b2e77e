/** The target as far as steps learn from it: how high each group of rows stands. */
import { mean } from './statistics.ts';

export interface Target {
  /** Name of the target's column; it need not be in the table. */
  readonly name: string;
  readonly task: 'regression' | 'classification';
  /** One a row: the number to predict, or the class as a code from 0. */
  readonly values: Float64Array;
}

/** The target of each group of rows, added up: one sum, or one count a class. */
interface Tally {
  /** groups × figures. */
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly figures: number;
}

/**
 * A group of so many rows counts as much as what is known of all rows: the mean of a smaller one is drawn towards the
 * mean of all, since a few rows' mean is mostly chance.
 */
const SMOOTHING = 10;
/** Enough for the direction to settle unless two are equally good, and then either will do. */
const ROUNDS = 100;

export interface GroupScores {
  /** One a group; meaningless for a group without rows. */
  readonly scores: Float64Array;
  readonly counts: Float64Array;
  /** Where all rows together stand. */
  readonly overall: number;
}

/**
 * One number a group of rows, by which they can be put in order. Regression: the mean of the target. Two classes: the
 * share of class 1. More classes: the shares of the classes, seen from the direction in which groups differ most (first
 * principal component; Coppersmith, Hong and Hosking, "Partitioning nominal attributes in decision trees", 1999). Each
 * drawn towards all rows' by as much as ten more rows would.
 * @param codes the group of each row, from 0
 */
export function scoreGroups(codes: Int32Array, groupCount: number, target: Target): GroupScores {
  const classCount = target.task === 'classification' ? 1 + target.values.reduce((highest, code) => Math.max(highest, code), 0) : 0;
  return classCount > 2 ? scoreByShares(codes, groupCount, target.values, classCount) : scoreByMean(codes, groupCount, target.values);
}

function scoreByMean(codes: Int32Array, groupCount: number, values: Float64Array): GroupScores {
  const tally: Tally = { sums: new Float64Array(groupCount), counts: new Float64Array(groupCount), figures: 1 };
  const overall = mean(values);
  // Distances from the mean of all: the sums stay small, and a group of one value everywhere scores the same as all.
  for (let row = 0; row < codes.length; row++) add(tally, codes[row] ?? 0, 0, (values[row] ?? 0) - overall);
  return { scores: smoothed(tally, [0]), counts: tally.counts, overall: 0 };
}

function scoreByShares(codes: Int32Array, groupCount: number, classes: Float64Array, classCount: number): GroupScores {
  const tally: Tally = { sums: new Float64Array(groupCount * classCount), counts: new Float64Array(groupCount), figures: classCount };
  const overall = new Float64Array(classCount);
  for (let row = 0; row < codes.length; row++) {
    const code = classes[row] ?? 0;
    add(tally, codes[row] ?? 0, code, 1);
    overall[code] = (overall[code] ?? 0) + 1 / codes.length;
  }
  const shares = smoothed(tally, overall);
  const direction = mainDirection(shares, tally.counts, overall);
  const scores = tally.counts.map((_, group) => dot(shares.subarray(group * classCount, (group + 1) * classCount), direction));
  return { scores, counts: tally.counts, overall: dot(overall, direction) };
}

function add({ sums, counts, figures }: Tally, group: number, figure: number, amount: number): void {
  const place = group * figures + figure;
  sums[place] = (sums[place] ?? 0) + amount;
  counts[group] = (counts[group] ?? 0) + 1;
}

/** Means of each group's figures, drawn towards `overall`. */
function smoothed({ sums, counts, figures }: Tally, overall: ArrayLike<number>): Float64Array {
  return sums.map((sum, place) => (sum + SMOOTHING * (overall[place % figures] ?? 0)) / ((counts[Math.floor(place / figures)] ?? 0) + SMOOTHING));
}

/**
 * The first principal component of the groups' shares, each group weighted by its rows, by power iteration. It starts
 * from class against class in their order, so that the same shares give the same direction and sign.
 */
function mainDirection(shares: Float64Array, counts: Float64Array, overall: Float64Array): Float64Array {
  const classCount = overall.length;
  let direction: Float64Array = Float64Array.from(overall, (_, code) => code + 1);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(classCount);
    for (let group = 0; group < counts.length; group++) {
      const away = overall.map((share, code) => (shares[group * classCount + code] ?? 0) - share);
      const weight = (counts[group] ?? 0) * dot(away, direction);
      for (let code = 0; code < classCount; code++) next[code] = (next[code] ?? 0) + weight * (away[code] ?? 0);
    }
    const length = Math.sqrt(dot(next, next));
    // No group differs from another as seen from here: any direction will do.
    if (length === 0) return direction;
    direction = next.map((part) => part / length);
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += (a[place] ?? 0) * (b[place] ?? 0);
  return sum;
}
