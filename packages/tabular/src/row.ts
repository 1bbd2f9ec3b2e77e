import { mixText } from './hash.ts';

const FIRST_CAPACITY = 32;
const QUOTE = 34;
const LF = 10;
const CR = 13;
/** Answers of `setSimple` that are no offset. */
const GOES_ON = -1;
export const NOT_SIMPLE = -2;

/**
 * One row as it stands in the text. A scanner fills the same object again for the next row: no cell is a string until
 * somebody asks for it, which is what makes reading twice affordable.
 */
export class Row {
  /** The string that the cells' offsets are of. */
  text = '';
  /** Number of cells; 0 where quotes are broken. */
  count = 0;
  /** Offsets in `text` of each cell without the white space around it. */
  starts = new Int32Array(FIRST_CAPACITY);
  ends = new Int32Array(FIRST_CAPACITY);
  /** A hash of each cell's text, by `mixText`. */
  hashes = new Int32Array(FIRST_CAPACITY);
  /** Offsets in the file's text: the row's own characters, without its line ending. */
  start = 0;
  end = 0;
  /** Line on which the row starts, counted from 1. */
  line = 1;
  broken: 'unclosed-quote' | 'misplaced-quote' | undefined = undefined;

  /** The text of a cell, '' where the row has none there. */
  cell(index: number): string {
    return index < this.count ? this.text.slice(this.starts[index], this.ends[index]) : '';
  }

  cells(): string[] {
    return Array.from({ length: this.count }, (_, index) => this.cell(index));
  }

  /** Takes unquoted fields. */
  setFields(fields: readonly string[]): void {
    this.text = fields.join('');
    this.count = 0;
    let at = 0;
    for (const field of fields) {
      this.#addTrimmed(at, at + field.length);
      at += field.length;
    }
  }

  /**
   * Takes the row that begins at `from`, if it is a simple one: a cell that begins with a quote ends with the next quote,
   * on the same line. One pass finds the cells and hashes them: this loop sees every character of most files twice, and
   * makes no string.
   * @param atEnd whether the text ends here: the row may end without a line break
   * @returns the offset behind the row and its line break; `GOES_ON` where the text ends before the row does, `NOT_SIMPLE`
   */
  setSimple(text: string, from: number, delimiter: number, newline: number, atEnd: boolean): number {
    this.text = text;
    this.count = 0;
    const limit = text.length;
    const highestBreak = Math.max(delimiter, newline);
    let at = from;
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        const end = this.#addQuoted(at, newline);
        if (end === NOT_SIMPLE) return NOT_SIMPLE;
        at = end;
        if (at < limit && newline === LF && text.charCodeAt(at) === CR) at++;
        if (at >= limit) return atEnd ? limit : GOES_ON;
        const code = text.charCodeAt(at++);
        if (code === newline) return at;
        if (code !== delimiter) return NOT_SIMPLE;
        continue;
      }
      const start = at;
      let hash = 0;
      let code = newline;
      for (; at < limit; at++) {
        code = text.charCodeAt(at);
        // Most characters are above a comma: one comparison is enough for them.
        if (code <= highestBreak && (code === delimiter || code === newline)) break;
        hash = Math.imul(hash ^ code, 0x01000193);
      }
      if (at >= limit && !atEnd) return GOES_ON;
      if (at > start && (isSpace(text.charCodeAt(start)) || isSpace(text.charCodeAt(at - 1)))) this.#addTrimmed(start, at);
      else this.#add(start, at, hash);
      if (at >= limit) return limit;
      at++;
      if (code === newline) return at;
    }
  }

  /** @returns the offset behind the closing quote */
  #addQuoted(from: number, newline: number): number {
    const { text } = this;
    let hash = 0;
    let at = from + 1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === newline) return NOT_SIMPLE;
      hash = Math.imul(hash ^ code, 0x01000193);
    }
    if (at === text.length) return NOT_SIMPLE;
    if (at > from + 1 && (isSpace(text.charCodeAt(from + 1)) || isSpace(text.charCodeAt(at - 1)))) this.#addTrimmed(from + 1, at);
    else this.#add(from + 1, at, hash);
    return at + 1;
  }

  #addTrimmed(from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && isSpace(this.text.charCodeAt(start))) start++;
    while (end > start && isSpace(this.text.charCodeAt(end - 1))) end--;
    this.#add(start, end, mixText(this.text, start, end));
  }

  #add(start: number, end: number, hash: number): void {
    if (this.count === this.starts.length) this.#grow();
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.hashes[this.count] = hash;
    this.count++;
  }

  #grow(): void {
    const larger = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const next = new Int32Array(2 * old.length);
      next.set(old);
      return next;
    };
    this.starts = larger(this.starts);
    this.ends = larger(this.ends);
    this.hashes = larger(this.hashes);
  }
}

/** White space as `String.trim` has it. */
function isSpace(code: number): boolean {
  if (code > 32 && code < 160) return false;
  return code === 32 || (code >= 9 && code <= 13) || (code >= 160 && isWideSpace(code));
}

function isWideSpace(code: number): boolean {
  return code === 160 || code === 0xfeff || code === 0x3000 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f;
}
