/** Ranks rows by a score, so that the area under the ROC curve can be had again for every resample in one pass. */

/** Rows by rising score. */
export interface Ranking {
  readonly rows: Uint32Array;
  /** 1 where the row has the same score as the one before it. */
  readonly tied: Uint8Array;
  /** 1 where the row belongs to the class. */
  readonly positive: Uint8Array;
}

/** @param scores one a row: the probability of the class `positive` */
export function rankBy(scores: Float64Array, codes: ArrayLike<number>, positive: number): Ranking {
  const rows = Uint32Array.from(scores, (_, row) => row).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  return {
    rows,
    tied: Uint8Array.from(rows, (row, place) => (place > 0 && scores[row] === scores[rows[place - 1] ?? 0] ? 1 : 0)),
    positive: Uint8Array.from(rows, (row) => (codes[row] === positive ? 1 : 0)),
  };
}

/**
 * The share of pairs of a row of the class and a row of another in which the former has the higher score; a tie counts
 * half (Mann and Whitney, 1947). `NaN` where there is no such pair.
 * @param counts how often each row counts
 */
export function areaUnderRoc({ rows, tied, positive }: Ranking, counts: ArrayLike<number>): number {
  let won = 0;
  let negativesBelow = 0;
  let positives = 0;
  let tiedPositives = 0;
  let tiedNegatives = 0;
  for (let place = 0; place < rows.length; place++) {
    if (tied[place] === 0) {
      won += tiedPositives * (negativesBelow + tiedNegatives / 2);
      negativesBelow += tiedNegatives;
      positives += tiedPositives;
      tiedPositives = 0;
      tiedNegatives = 0;
    }
    const count = counts[rows[place] ?? 0] ?? 0;
    if (positive[place] === 1) tiedPositives += count;
    else tiedNegatives += count;
  }
  won += tiedPositives * (negativesBelow + tiedNegatives / 2);
  return won / ((positives + tiedPositives) * (negativesBelow + tiedNegatives));
}
