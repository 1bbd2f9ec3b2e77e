/**
 * Splits CSV text into rows, piece by piece, and tells where in the text each of them lies. papaparse reads every row in
 * which a quote is doubled, a line break is quoted or quotes are broken; the others, which are most of the rows there are,
 * need no parser: `Row.setSimple` takes them as papaparse would. What is added to papaparse is the recovery
 * from broken quotes: a quote that is never closed would take the rest of the file with it, so the line it stands on is
 * given up and reading goes on with the next line.
 */
import Papa from 'papaparse';
import { rowBreak } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { TabularError } from './errors.ts';
import { NOT_SIMPLE, Row } from './row.ts';

/** A quote that is not closed within so many characters counts as never closed. */
const MAX_QUOTED_CHARACTERS = 1 << 24;
/** A row without end is no row; and no string is longer than twice this. */
const MAX_ROW_CHARACTERS = 1 << 28;
/** Each recovery may read that much again; beyond so many the file is no table worth the time. */
const MAX_RECOVERIES = 100;
const FIRST_PIECE_CHARACTERS = 1 << 16;
/** papaparse goes on with the rows behind a quoted one as long as the next quote is this near. */
const NEAR_CHARACTERS = 2048;
const QUOTE = 34;
const BYTE_ORDER_MARK = '\ufeff';

/** Takes the next row, which is the same object each time. `false` stops the scanning. */
export type OnRow = (row: Row) => boolean | undefined;

export class RowScanner {
  readonly #delimiter: string;
  readonly #newline: '\n' | '\r';
  readonly #onRow: OnRow;
  readonly #row = new Row();
  /** Text that no row has been made of yet, and the offset in the file's text at which it begins. */
  #text = '';
  #offset = 0;
  #line = 1;
  #quote = -1;
  #recoveries = 0;
  /** A row that goes on behind the text is tried again once the text is twice as long, so that a long field costs no square. */
  #enough = 0;
  #stopped = false;
  #isStuck = false;

  constructor({ delimiter, lineEnding }: Dialect, onRow: OnRow) {
    this.#delimiter = delimiter;
    this.#newline = rowBreak(lineEnding);
    this.#onRow = onRow;
  }

  /** Line breaks in all the text that has come so far. */
  get lines(): number {
    return this.#line - 1 + this.#breaksIn(this.#text);
  }

  /**
   * Calls `onRow` for each row that ends in the text so far; blank lines are passed over.
   * @returns whether more text is wanted
   * @throws TabularError `unbalanced-quotes` after a hundred rows with broken quotes, `not-csv` where a row has no end
   */
  push(text: string): boolean {
    if (this.#stopped) return false;
    if (this.#text.length > MAX_ROW_CHARACTERS) throw endlessRow(this.#line);
    // `join` makes one flat string, where `+` makes a rope that costs a step at every character read.
    this.#text = this.#text === '' ? text : [this.#text, text].join('');
    if (this.#text.length >= this.#enough) this.#scan(false);
    return !this.#stopped;
  }

  /** The text ends here: what is left is the last row. @throws TabularError as `push` */
  finish(): void {
    if (!this.#stopped) this.#scan(true);
  }

  #scan(final: boolean): void {
    const text = this.#text;
    let at = 0;
    this.#quote = -1;
    while (at < text.length && !this.#stopped) {
      const simpleEnd = this.#scanSimple(at, final);
      at = this.#isStuck ? this.#scanQuoted(simpleEnd, final) : simpleEnd;
      if (at === simpleEnd) break;
    }
    this.#enough = 2 * (text.length - at);
    this.#text = text.slice(at);
    this.#offset += at;
  }

  /** Rows up to one that papaparse must read (`#isStuck`), or that goes on behind the text. @returns where that one begins */
  #scanSimple(from: number, final: boolean): number {
    const row = this.#row;
    const text = this.#text;
    const [delimiter, newline] = [this.#delimiter.charCodeAt(0), this.#newline.charCodeAt(0)];
    row.broken = undefined;
    this.#isStuck = false;
    let at = from;
    while (at < text.length && !this.#stopped) {
      const next = row.setSimple(text, at, delimiter, newline, final);
      if (next < 0) {
        this.#isStuck = next === NOT_SIMPLE;
        return at;
      }
      const isBlank = row.count === 1 && row.starts[0] === row.ends[0] && text.charCodeAt(at) !== QUOTE;
      if (!isBlank) this.#emit(at, contentEnd(text, at, next));
      at = next;
      this.#line++;
    }
    return at;
  }

  /** Rows from one that has a quote, as long as more quotes are near. @returns where the first row begins that was not read */
  #scanQuoted(from: number, final: boolean): number {
    for (let characters = FIRST_PIECE_CHARACTERS; ; characters = Math.min(4 * characters, MAX_QUOTED_CHARACTERS)) {
      const next = this.#scanPiece(from, Math.min(from + characters, this.#text.length), characters === MAX_QUOTED_CHARACTERS, final);
      if (next !== from || from + characters >= this.#text.length || characters === MAX_QUOTED_CHARACTERS) return next;
    }
  }

  /** papaparse looks ahead to the end of what it is given, so it is given little, and more only where a row does not end in it. */
  #scanPiece(from: number, limit: number, isLargest: boolean, final: boolean): number {
    const characters = this.#text.slice(from, limit);
    const isCut = limit < this.#text.length || !final;
    const isHopeless = isLargest && characters.length === MAX_QUOTED_CHARACTERS;
    let at = from;
    // papaparse drops one byte-order mark without counting it: it gets one to drop.
    Papa.parse<string[]>(characters.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK + characters : characters, {
      delimiter: this.#delimiter,
      newline: this.#newline,
      fastMode: false,
      step: ({ data, errors, meta }, parser) => {
        const next = from + meta.cursor;
        const endsHere = next < limit || !isCut;
        // The cut itself can make one misplaced quote, not two.
        const misplaced = errors.filter(({ code }) => code === 'InvalidQuotes').length;
        const isBroken = (errors.length > 0 && (endsHere || misplaced > 1)) || (!endsHere && isHopeless && at === from);
        const isWaiting = isBroken && !final && !this.#text.includes(this.#newline, at);
        if (isWaiting) {
          parser.abort();
        } else if (isBroken) {
          at = this.#giveUpLine(at, errors[0]?.code === 'InvalidQuotes' ? 'misplaced-quote' : 'unclosed-quote');
        } else if (endsHere) {
          this.#takeFields(data, at, next);
          at = next;
        }
        if (isBroken || !endsHere || this.#stopped || !this.#isQuoteNear(at)) parser.abort();
      },
    });
    return at;
  }

  #takeFields(fields: readonly string[], start: number, next: number): void {
    const raw = this.#text.slice(start, next);
    if (fields.length > 1 || raw.trim() !== '') {
      this.#row.broken = undefined;
      this.#row.setFields(fields);
      this.#emit(start, contentEnd(this.#text, start, next));
    }
    this.#line += this.#breaksIn(raw);
  }

  #giveUpLine(start: number, broken: 'unclosed-quote' | 'misplaced-quote'): number {
    const lineEnd = this.#text.indexOf(this.#newline, start);
    const end = lineEnd === -1 ? this.#text.length : lineEnd;
    this.#row.broken = broken;
    this.#row.setFields([]);
    this.#emit(start, withoutCarriageReturn(this.#text, start, end));
    this.#line++;
    if (!this.#stopped && ++this.#recoveries > MAX_RECOVERIES) throw tooManyBrokenQuotes();
    return Math.min(end + 1, this.#text.length);
  }

  #emit(start: number, end: number): void {
    const row = this.#row;
    row.start = this.#offset + start;
    row.end = this.#offset + end;
    row.line = this.#line;
    if (this.#onRow(row) === false) this.#stopped = true;
  }

  /** Only the file's own kind of line break counts: two kinds could be one, cut apart. */
  #breaksIn(text: string): number {
    return text.split(this.#newline).length - 1;
  }

  #isQuoteNear(at: number): boolean {
    if (this.#quote < at) this.#quote = this.#text.indexOf('"', at);
    return this.#quote !== -1 && this.#quote - at < NEAR_CHARACTERS;
  }
}

function contentEnd(text: string, start: number, next: number): number {
  const last = text.charCodeAt(next - 1);
  const end = next > start && (last === 10 || last === 13) ? next - 1 : next;
  return last === 10 ? withoutCarriageReturn(text, start, end) : end;
}

function withoutCarriageReturn(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

function tooManyBrokenQuotes(): TabularError {
  return new TabularError({
    code: 'unbalanced-quotes',
    message: `more than ${MAX_RECOVERIES} rows have quotes that are never closed or stand in the middle of a field`,
    remedy: 'quote whole fields only and double the quotes inside them',
  });
}

function endlessRow(line: number): TabularError {
  return new TabularError({
    code: 'not-csv',
    message: `the row on line ${line} does not end within ${MAX_ROW_CHARACTERS} characters`,
    remedy: 'export the table as CSV, a line a row',
    line,
  });
}
