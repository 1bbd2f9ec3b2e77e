/** Marks that stand for a missing value in columns of numbers, dates and booleans; the blank cell is one in every column. */
const USUAL: ReadonlySet<string> = new Set(['na', 'n/a', 'null', 'nan', 'none', '?', '-', '–']);

/** The spellings of "no value" in one column. */
export class MissingMarks {
  readonly #marks: ReadonlySet<string>;
  readonly #longest: number;

  /** @param marks in place of the usual ones; case does not matter */
  constructor(marks?: readonly string[]) {
    this.#marks = marks === undefined ? USUAL : new Set(marks.map((mark) => mark.trim().toLowerCase()));
    this.#longest = Math.max(0, ...Array.from(this.#marks, (mark) => mark.length));
  }

  get size(): number {
    return this.#marks.size;
  }

  /** Whether the text between two offsets is a mark. */
  has(text: string, start: number, end: number): boolean {
    return end - start <= this.#longest && this.#marks.has(text.slice(start, end).toLowerCase());
  }
}

export const NO_MARKS = new MissingMarks([]);
