/** The exhaustive search: every border between the groups of one feature, and both sides for missing values. */
import { hasMissing, splitAt } from './candidate.ts';
import type { Border, Candidate, NumberedFeature } from './candidate.ts';
import type { Criterion } from './criterion.ts';
import type { GroupedRows } from './grouped-rows.ts';

interface ScoredBorder extends Border {
  readonly numerator: number;
  readonly denominator: number;
}

/** Worse than every border. */
const NONE: ScoredBorder = { groups: 0, leftRows: 0, missingFirst: false, numerator: -1, denominator: 1 };

/** The best split of a node by one feature that leaves both sides enough rows; `undefined` where there is none. */
export function findBestSplit(feature: NumberedFeature, grouped: GroupedRows, criterion: Criterion, minSamplesLeaf: number): Candidate | undefined {
  const { isCategorical } = feature.coded;
  if (isCategorical) grouped.orderBy(criterion);
  let best = scan(grouped, criterion, minSamplesLeaf, false, NONE);
  if (!isCategorical && hasMissing(feature.coded, grouped)) best = scan(grouped, criterion, minSamplesLeaf, true, best);
  if (best === NONE) return undefined;
  return { split: splitAt(feature, grouped, best), score: best.numerator / best.denominator };
}

/**
 * Hot: moves one group after another to the left and scores each border. A later border must be strictly better. Long,
 * because it runs once for each feature of each node.
 * @param missingFirst whether the last group, that of missing values, goes left before all others
 */
function scan({ groups, rows, starts }: GroupedRows, criterion: Criterion, minSamplesLeaf: number, missingFirst: boolean, best: ScoredBorder): ScoredBorder {
  const count = starts[groups] ?? 0;
  const others = missingFirst ? groups - 1 : groups;
  let { numerator, denominator } = best;
  let bestGroups = 0;
  let bestRows = 0;
  let leftRows = 0;
  criterion.clear();
  if (missingFirst) {
    const start = starts[others] ?? 0;
    criterion.add(rows, start, count);
    leftRows = count - start;
  }
  for (let group = 1; group < others; group++) {
    const start = starts[group - 1] ?? 0;
    const end = starts[group] ?? 0;
    criterion.add(rows, start, end);
    leftRows += end - start;
    if (leftRows < minSamplesLeaf) continue;
    if (count - leftRows < minSamplesLeaf) break;
    criterion.score();
    if (criterion.numerator * denominator > numerator * criterion.denominator) {
      numerator = criterion.numerator;
      denominator = criterion.denominator;
      bestGroups = group;
      bestRows = leftRows;
    }
  }
  return bestGroups === 0 ? best : { groups: bestGroups, leftRows: bestRows, missingFirst, numerator, denominator };
}
