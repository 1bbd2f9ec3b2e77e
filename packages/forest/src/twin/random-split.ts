/** One random split of each feature: extremely randomised trees (Geurts, Ernst and Wehenkel, 2006). */
import type { RandomStream } from '../random.ts';
import { hasMissing, isLeftLarger, splitAt } from './candidate.ts';
import type { Border, Candidate, NumberedFeature } from './candidate.ts';
import type { Criterion } from './criterion.ts';
import type { GroupedRows } from './grouped-rows.ts';
import type { Split } from './split.ts';

/** A drawn split of a node by one feature; `undefined` where it leaves a side too few rows. */
export function drawSplit(
  feature: NumberedFeature,
  grouped: GroupedRows,
  criterion: Criterion,
  minSamplesLeaf: number,
  random: RandomStream,
): Candidate | undefined {
  if (feature.coded.isCategorical) grouped.orderBy(criterion);
  const draw = feature.coded.isCategorical ? drawSet(grouped, random) : drawCut(feature, grouped, random);
  const border = { ...draw, leftRows: rowsLeftOf(grouped, draw) };
  const rightRows = (grouped.starts[grouped.groups] ?? 0) - border.leftRows;
  if (border.leftRows < minSamplesLeaf || rightRows < minSamplesLeaf) return undefined;
  moveLeft(grouped, criterion, border);
  criterion.score();
  return { split: drawnSplit(feature, grouped, border), score: criterion.numerator / criterion.denominator };
}

interface Draw extends Pick<Border, 'groups' | 'missingFirst'> {
  /** The cut that was drawn; none for a border between the only value there is and missing values. */
  readonly cut: number | undefined;
}

/** Some of the groups, not all. */
function drawSet({ groups }: GroupedRows, random: RandomStream): Draw {
  return { groups: 1 + random.below(groups - 1), missingFirst: false, cut: undefined };
}

/** A cut between the smallest and the largest code, evenly by rank, and then a side for missing values. */
function drawCut({ coded }: NumberedFeature, grouped: GroupedRows, random: RandomStream): Draw {
  const { groups, codes } = grouped;
  const isSomeMissing = hasMissing(coded, grouped);
  const others = isSomeMissing ? groups - 1 : groups;
  if (others === 1) return { groups: 1, missingFirst: false, cut: undefined };
  const lowest = codes[0] ?? 0;
  const cut = lowest + random.below((codes[others - 1] ?? 0) - lowest);
  const missingFirst = isSomeMissing && random.below(2) === 1;
  const above = codes.subarray(0, others).findIndex((code) => code > cut);
  return { groups: above, missingFirst, cut };
}

function rowsLeftOf({ groups, starts }: GroupedRows, draw: Draw): number {
  const missingRows = draw.missingFirst ? (starts[groups] ?? 0) - (starts[groups - 1] ?? 0) : 0;
  return (starts[draw.groups] ?? 0) + missingRows;
}

function moveLeft({ rows, starts, groups }: GroupedRows, criterion: Criterion, border: Border): void {
  criterion.clear();
  criterion.add(rows, 0, starts[border.groups] ?? 0);
  if (border.missingFirst) criterion.add(rows, starts[groups - 1] ?? 0, starts[groups] ?? 0);
}

function drawnSplit(feature: NumberedFeature, grouped: GroupedRows, border: Border & Draw): Split {
  if (border.cut === undefined) return splitAt(feature, grouped, border);
  const missingGoesLeft = hasMissing(feature.coded, grouped) ? border.missingFirst : isLeftLarger(grouped, border);
  return { kind: 'numeric', feature: feature.number, cut: border.cut, missingGoesLeft };
}
