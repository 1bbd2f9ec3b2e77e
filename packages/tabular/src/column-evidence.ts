/** What all rows of all files tell about one column. No row is kept: sets of formats that shrink, counts, and hashes. */
import { ALL_PAIRS, pairOf } from './boolean.ts';
import { ALL_DATE_FORMATS, dateFormatsOf } from './date.ts';
import { DistinctCounter } from './distinct.ts';
import { MissingMarks } from './missing.ts';
import { ALL_FORMATS, COMMA_FORMATS, formatsOf, POINT_FORMATS, takeApart } from './number-format.ts';
import { parsePlainNumber } from './number.ts';

const POINT = 46;
const COMMA = 44;
const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;

export interface EvidenceOptions {
  readonly missing?: readonly string[] | undefined;
  /**
   * The kind is decided already, and only how values are written is asked for: values that do not fit the others are bad
   * cells and have no say.
   */
  readonly isForced: boolean;
}

export class ColumnEvidence {
  blanks = 0;
  /** Cells that are a missing-value mark. */
  marks = 0;
  /** Cells that are neither blank nor a mark. */
  values = 0;
  /** Formats that read every value so far, as sets; an empty set is never left. */
  numbers = ALL_FORMATS;
  dates = ALL_DATE_FORMATS;
  booleans = ALL_PAIRS;
  /** Cells that are a number: a plain one, once not all of them are. */
  plainNumbers = 0;
  /** The first value that is no number in a column that had only numbers before, or the other way round. */
  strayWord: string | undefined;
  /** Signs that stand at its numbers. */
  readonly currencies = new Set<string>();
  /** Whether some of its numbers have a percent sign, and whether some have none. */
  hasPercents = false;
  hasUnsigned = false;
  uuids = true;
  /** Whether all values are one and the same. */
  isConstant = true;
  /** Whether the values count the rows: 0 or 1, then always one more, anew in each file or going on. */
  isRowNumber = true;
  /** Different values; marks count too, for in a column of words they are words. */
  readonly distinct = new DistinctCounter();
  readonly #marks: MissingMarks;
  /** Marks that someone chose may be numbers: -999. */
  readonly #hasOwnMarks: boolean;
  readonly #marksSeen = new Set<number>();
  readonly #isForced: boolean;
  #firstNumber = Number.NaN;
  #firstHash = 0;
  #expected = Number.NaN;
  #fileBegins = true;
  #texts = 0;
  #words = 0;

  constructor({ missing, isForced }: EvidenceOptions) {
    this.#marks = new MissingMarks(missing);
    this.#hasOwnMarks = missing !== undefined;
    this.#isForced = isForced;
  }

  /** Mean number of words in the values that were looked at. */
  get wordsPerValue(): number {
    return this.#texts === 0 ? 0 : this.#words / this.#texts;
  }

  /** The rows of another file follow: their numbers may begin anew. */
  startFile(): void {
    this.#fileBegins = true;
  }

  /** Takes the cell between two offsets; `hash` is of its text. */
  add(text: string, start: number, end: number, hash: number): void {
    if (start === end) {
      this.blanks++;
      this.isRowNumber = false;
      return;
    }
    if (this.numbers !== 0 && !(this.#hasOwnMarks && this.#marks.has(text, start, end))) {
      const value = parsePlainNumber(text, start, end, POINT);
      if (!Number.isNaN(value)) {
        this.#addPlainNumber(value, text, start, end, hash);
        return;
      }
    }
    this.isRowNumber = false;
    if (this.numbers === 0 && isPlain(text, start, end)) this.plainNumbers++;
    if (this.#marksSeen.has(hash)) {
      this.marks++;
    } else if (this.distinct.has(hash) && !this.#isForced) {
      // The text has had its say.
      this.values++;
      if (this.numbers !== 0) this.plainNumbers++;
    } else if (this.#marks.has(text, start, end)) {
      this.marks++;
      this.#marksSeen.add(hash);
      this.distinct.add(hash);
    } else {
      this.#addText(text.slice(start, end), hash);
    }
  }

  #addPlainNumber(value: number, text: string, start: number, end: number, hash: number): void {
    if (this.values === 0) {
      this.#firstNumber = value;
      this.#firstHash = hash;
    } else if (value !== this.#firstNumber) {
      this.isConstant = false;
    }
    this.values++;
    this.plainNumbers++;
    this.distinct.add(hash);
    this.hasUnsigned = true;
    this.uuids = false;
    if ((this.numbers & COMMA_FORMATS) !== 0 && hasPoint(text, start, end)) {
      this.#narrowNumbers(POINT_FORMATS | formatsOf(text.slice(start, end).replace(/^[+-]/, ''), this.numbers & COMMA_FORMATS));
    }
    if (this.isRowNumber) this.#countRow(value);
    if (this.#isForced) return;
    this.dates = 0;
    this.booleans = 0;
  }

  #countRow(value: number): void {
    const fits = value === this.#expected || (this.#fileBegins && (value === 0 || value === 1));
    this.#fileBegins = false;
    this.#expected = value + 1;
    if (!fits) this.isRowNumber = false;
  }

  #addText(cell: string, hash: number): void {
    if (this.values === 0) this.#firstHash = hash;
    else if (hash !== this.#firstHash) this.isConstant = false;
    this.values++;
    this.distinct.add(hash);
    if (this.numbers !== 0) this.#addNumber(cell);
    if (this.numbers !== 0) this.plainNumbers++;
    else if (!isPlain(cell, 0, cell.length)) this.strayWord ??= cell;
    if (this.dates !== 0) this.dates = this.#narrow(this.dates, dateFormatsOf(cell, this.dates));
    if (this.booleans !== 0) this.booleans = this.#narrow(this.booleans, pairOf(cell));
    if (this.uuids) this.uuids = UUID.test(cell);
    this.#texts++;
    this.#words += countWords(cell);
  }

  #addNumber(cell: string): void {
    const parts = takeApart(cell);
    this.#narrowNumbers(parts === undefined ? 0 : formatsOf(parts.body, this.numbers));
    if (parts === undefined || this.numbers === 0) return;
    if (parts.currency !== undefined) this.currencies.add(parts.currency);
    if (parts.percent) this.hasPercents = true;
    else this.hasUnsigned = true;
  }

  #narrowNumbers(mask: number): void {
    this.numbers = this.#narrow(this.numbers, mask);
  }

  #narrow(set: number, by: number): number {
    const next = set & by;
    return next === 0 && this.#isForced ? set : next;
  }
}

function hasPoint(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === POINT) return true;
  return false;
}

function countWords(text: string): number {
  let words = 0;
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    const isSpace = text.charCodeAt(at) <= 32;
    if (!isSpace && !inside) words++;
    inside = !isSpace;
  }
  return words;
}

/** A number with either decimal mark, without anything around it. */
function isPlain(text: string, start: number, end: number): boolean {
  return !Number.isNaN(parsePlainNumber(text, start, end, POINT)) || !Number.isNaN(parsePlainNumber(text, start, end, COMMA));
}
