import { parseBoolean } from './boolean.ts';
import { createDateParser } from './date.ts';
import type { DateParser } from './date.ts';
import { GrowingFloats, GrowingIntegers } from './growing.ts';
import { LevelDictionary } from './level-dictionary.ts';
import { MissingMarks, NO_MARKS } from './missing.ts';
import { readBody, takeApart } from './number-format.ts';
import type { NumberFormat } from './number-format.ts';
import { parsePlainNumber } from './number.ts';
import { isNumberKind } from './table.ts';
import type { Column, ColumnSchema, LevelKind, NumberKind } from './table.ts';

/** What a cell's text turned out to be. `invalid`: it does not fit the column's kind, and nothing was written. */
export type CellState = 'value' | 'missing' | 'invalid';

/** Fills one column cell by cell. Rows may be written again until `finish`. */
export interface ColumnBuilder {
  /** Takes the cell between two offsets, without white space around it; `hash` is of its text. */
  set(row: number, text: string, start: number, end: number, hash: number): CellState;
  clear(row: number): void;
  /** The column; the builder is used up. */
  finish(rowCount: number): Column;
}

export function createColumnBuilder(schema: ColumnSchema): ColumnBuilder {
  const { name, kind } = schema;
  const { missing } = schema;
  if (!isNumberKind(kind)) return new LevelBuilder(name, kind, missing === undefined ? NO_MARKS : new MissingMarks(missing));
  return new NumberBuilder(name, kind, parserOf(schema), new MissingMarks(missing), missing !== undefined);
}

/** The number that a cell stands for; `NaN` where it is none. */
type CellParser = (text: string, start: number, end: number) => number;

function parserOf(schema: ColumnSchema): CellParser {
  if (schema.kind === 'boolean') return (text, start, end) => parseBoolean(text.slice(start, end)) ?? Number.NaN;
  if (schema.kind === 'date') return dateParser(createDateParser(schema.dateFormat ?? 'YYYY-MM-DD'));
  return numberParser(schema);
}

function dateParser(parse: DateParser): CellParser {
  return (text, start, end) => parse(text.slice(start, end)) ?? Number.NaN;
}

function numberParser({ decimal = '.', grouping, currency, percent = false }: ColumnSchema): CellParser {
  const format: NumberFormat = grouping === undefined ? { decimal } : { decimal, grouping };
  const mark = decimal.charCodeAt(0);
  const readDecorated: CellParser = (text, start, end) => {
    const parts = takeApart(text.slice(start, end));
    if (parts === undefined || parts.percent !== percent || (parts.currency !== undefined && parts.currency !== currency)) return Number.NaN;
    const value = readBody(parts.body, format);
    return parts.negative ? -value : value;
  };
  // Without its percent sign a number could be a hundred times as large.
  if (percent) return readDecorated;
  return (text, start, end) => {
    const plain = parsePlainNumber(text, start, end, mark);
    return Number.isNaN(plain) ? readDecorated(text, start, end) : plain;
  };
}

class NumberBuilder implements ColumnBuilder {
  readonly #name: string;
  readonly #kind: NumberKind;
  readonly #parse: CellParser;
  readonly #marks: MissingMarks;
  /** Marks that someone chose may be numbers: -999. */
  readonly #marksFirst: boolean;
  readonly #values = new GrowingFloats();

  constructor(name: string, kind: NumberKind, parse: CellParser, marks: MissingMarks, marksFirst: boolean) {
    this.#name = name;
    this.#kind = kind;
    this.#parse = parse;
    this.#marks = marks;
    this.#marksFirst = marksFirst;
  }

  set(row: number, text: string, start: number, end: number): CellState {
    if (start === end || (this.#marksFirst && this.#marks.has(text, start, end))) return this.#miss(row);
    const value = this.#parse(text, start, end);
    if (Number.isNaN(value)) return this.#marks.has(text, start, end) ? this.#miss(row) : 'invalid';
    this.#values.set(row, value);
    return 'value';
  }

  clear(row: number): void {
    this.#values.set(row, Number.NaN);
  }

  finish(rowCount: number): Column {
    return { name: this.#name, kind: this.#kind, values: this.#values.finish(rowCount) };
  }

  #miss(row: number): CellState {
    this.#values.set(row, Number.NaN);
    return 'missing';
  }
}

class LevelBuilder implements ColumnBuilder {
  readonly #name: string;
  readonly #kind: LevelKind;
  readonly #marks: MissingMarks;
  readonly #dictionary = new LevelDictionary();
  readonly #codes = new GrowingIntegers();

  constructor(name: string, kind: LevelKind, marks: MissingMarks) {
    this.#name = name;
    this.#kind = kind;
    this.#marks = marks;
  }

  set(row: number, text: string, start: number, end: number, hash: number): CellState {
    if (start === end || (this.#marks.size > 0 && this.#marks.has(text, start, end))) {
      this.#codes.set(row, -1);
      return 'missing';
    }
    this.#codes.set(row, this.#dictionary.codeOf(text, start, end, hash));
    return 'value';
  }

  clear(row: number): void {
    this.#codes.set(row, -1);
  }

  finish(rowCount: number): Column {
    return { name: this.#name, kind: this.#kind, codes: this.#codes.finish(rowCount), levels: this.#dictionary.levels };
  }
}
