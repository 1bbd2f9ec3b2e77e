/** One feature's split of a node, in the running for the best of all features. */
import type { CodedFeature } from '../training-set.ts';
import type { GroupedRows } from './grouped-rows.ts';
import { bitsOf, bitsWithout } from './split.ts';
import type { Split } from './split.ts';

/** A split and how good it is, comparable within one node. */
export interface Candidate {
  readonly split: Split;
  readonly score: number;
}

/** A feature and its number. */
export interface NumberedFeature {
  readonly number: number;
  readonly coded: CodedFeature;
}

/** A place between two groups of rows. */
export interface Border {
  /** Groups on the left, not counting that of missing values where it was put first. */
  readonly groups: number;
  /** Rows on the left. */
  readonly leftRows: number;
  /** Whether missing values, the last group, were put to the left of all others. */
  readonly missingFirst: boolean;
}

/** Whether missing values are among a node's rows: as their code is the largest, theirs is the last group. */
export function hasMissing({ levels }: CodedFeature, { groups, codes }: GroupedRows): boolean {
  return codes[groups - 1] === levels;
}

/**
 * The split at a border. A numeric one lies halfway in rank between the neighbouring codes, so that trees depend on the
 * order of values alone.
 */
export function splitAt({ number, coded }: NumberedFeature, grouped: GroupedRows, border: Border): Split {
  if (coded.isCategorical) return setAt(number, coded.levels, grouped, border);
  const { codes } = grouped;
  const below = codes[border.groups - 1] ?? 0;
  const above = codes[border.groups] ?? 0;
  const cut = above === coded.levels ? coded.levels - 1 : (below + above - 1) >>> 1;
  const missingGoesLeft = hasMissing(coded, grouped) ? border.missingFirst : isLeftLarger(grouped, border);
  return { kind: 'numeric', feature: number, cut, missingGoesLeft };
}

/** Whether more rows are on the left: where to send what the node has not seen. */
export function isLeftLarger({ groups, starts }: GroupedRows, { leftRows }: Pick<Border, 'leftRows'>): boolean {
  return 2 * leftRows > (starts[groups] ?? 0);
}

function setAt(feature: number, levels: number, grouped: GroupedRows, border: Border): Split {
  const { groups, codes } = grouped;
  const set = isLeftLarger(grouped, border)
    ? bitsWithout(codes.subarray(border.groups, groups), levels)
    : bitsOf(codes.subarray(0, border.groups), levels);
  return { kind: 'categorical', feature, set };
}
