import { parseNumber } from './number.ts';
import type { Column, ColumnKind } from './table.ts';

/** What a cell's text turned out to be. `invalid`: it does not fit the column's kind, and nothing was written. */
export type CellState = 'value' | 'missing' | 'invalid';

/** Fills one column cell by cell. Rows may be written again until `finish`; room grows by doubling. */
export interface ColumnBuilder {
  set(row: number, text: string): CellState;
  clear(row: number): void;
  finish(rowCount: number): Column;
}

const FIRST_CAPACITY = 1024;

export function createColumnBuilder(name: string, kind: ColumnKind): ColumnBuilder {
  return kind === 'numeric' ? new NumericBuilder(name) : new CategoricalBuilder(name);
}

class NumericBuilder implements ColumnBuilder {
  readonly #name: string;
  #values = new Float64Array(FIRST_CAPACITY);

  constructor(name: string) {
    this.#name = name;
  }

  set(row: number, text: string): CellState {
    const value = parseNumber(text.trim());
    if (value === undefined) return 'invalid';
    this.#write(row, value);
    return Number.isNaN(value) ? 'missing' : 'value';
  }

  clear(row: number): void {
    this.#write(row, Number.NaN);
  }

  finish(rowCount: number): Column {
    return { name: this.#name, kind: 'numeric', values: this.#values.slice(0, rowCount) };
  }

  #write(row: number, value: number): void {
    if (row >= this.#values.length) {
      const larger = new Float64Array(2 * row);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[row] = value;
  }
}

class CategoricalBuilder implements ColumnBuilder {
  readonly #name: string;
  readonly #codeOf = new Map<string, number>();
  #codes = new Int32Array(FIRST_CAPACITY);

  constructor(name: string) {
    this.#name = name;
  }

  set(row: number, text: string): CellState {
    const level = text.trim();
    this.#write(row, level === '' ? -1 : this.#code(level));
    return level === '' ? 'missing' : 'value';
  }

  clear(row: number): void {
    this.#write(row, -1);
  }

  finish(rowCount: number): Column {
    return { name: this.#name, kind: 'categorical', codes: this.#codes.slice(0, rowCount), levels: [...this.#codeOf.keys()] };
  }

  #code(level: string): number {
    const known = this.#codeOf.get(level);
    if (known !== undefined) return known;
    this.#codeOf.set(level, this.#codeOf.size);
    return this.#codeOf.size - 1;
  }

  #write(row: number, code: number): void {
    if (row >= this.#codes.length) {
      const larger = new Int32Array(2 * row);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    this.#codes[row] = code;
  }
}
