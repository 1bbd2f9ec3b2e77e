/**
 * Bytes to text, piece by piece: UTF-8, UTF-16 and Windows-1252. Nothing is replaced silently: every text that comes out
 * can be encoded to the same bytes again.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { TabularError } from './errors.ts';
import { recogniseBinary, recogniseText } from './file-signatures.ts';
import type { FileProblem } from './problems.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Enough bytes to tell UTF-16 by its NUL pattern and another format by its signature. */
const SNIFFED_BYTES = 4096;
const LF = 0x0a;
/** Of a text in UTF-16 with few letters beyond ASCII, every other byte is NUL. */
const NUL_SHARE = 0.3;
/** C0 controls that no text has, and the five bytes that Windows-1252 does not use. */
const NOT_WINDOWS_1252 = /[\u0001-\u0008\u000e-\u0019\u007f\u0081\u008d\u008f\u0090\u009d]/;
const AS_UTF8 = 'save the file again with the encoding UTF-8 (in Excel: "CSV UTF-8")';
const EXPORT_AS_CSV = 'export the table as CSV (UTF-8)';

/**
 * Decodes one file. The encoding is told by a byte-order mark, else by the NUL bytes of UTF-16, else it is UTF-8; if the
 * first character beyond ASCII is no valid UTF-8, the file is Windows-1252. A file that begins as UTF-8 and breaks later
 * is refused: reading it as Windows-1252 would garble what was right.
 */
export class Decoder {
  encoding: Encoding = 'utf-8';
  bom = false;
  readonly #linesBefore: () => number;
  #sniffed = false;
  /** Bytes that wait for the ones behind them: the file's first, or the start of a character. */
  #pending: Uint8Array = new Uint8Array(0);
  /** UTF-8 only: whether no character beyond ASCII has come yet. */
  #asciiOnly = true;
  #started = false;

  /** @param linesBefore line breaks in all the text given out so far, for the messages */
  constructor(linesBefore: () => number) {
    this.#linesBefore = linesBefore;
  }

  /**
   * The text of the next bytes, as far as it is certain.
   * @throws TabularError `not-csv`, `unsupported-encoding`
   */
  push(bytes: Uint8Array): string {
    const all = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    if (!this.#sniffed && all.length < SNIFFED_BYTES) {
      // A caller may use its buffer again.
      this.#pending = Uint8Array.from(all);
      return '';
    }
    return this.#decode(this.#sniffed ? all : this.#sniff(all), 'piece');
  }

  /**
   * The text of the bytes that still wait.
   * @param complete whether the file ends here; otherwise a character cut at the end is left out
   * @throws TabularError as `push`
   */
  finish(complete: boolean): string {
    return this.#decode(this.#sniffed ? this.#pending : this.#sniff(this.#pending), complete ? 'file' : 'head');
  }

  /** Tells the encoding from the file's first bytes. @returns the bytes without a byte-order mark */
  #sniff(bytes: Uint8Array): Uint8Array {
    this.#sniffed = true;
    const format = recogniseBinary(bytes);
    if (format !== undefined) throw new TabularError(notCsv(format));
    const mark = byteOrderMark(bytes);
    this.bom = mark !== undefined;
    this.encoding = mark?.encoding ?? utf16ByNuls(bytes.subarray(0, SNIFFED_BYTES)) ?? 'utf-8';
    return bytes.subarray(mark?.length ?? 0);
  }

  /** @param end what the bytes' end is: of a piece (more will come), of a head (nothing more will), or of the file */
  #decode(bytes: Uint8Array, end: 'piece' | 'head' | 'file'): string {
    const whole = bytes.length - (end === 'file' ? 0 : cutTail(bytes, this.encoding, end === 'piece'));
    this.#pending = Uint8Array.from(bytes.subarray(whole));
    const text = this.#text(bytes.subarray(0, whole));
    this.#check(text);
    return text;
  }

  #text(bytes: Uint8Array): string {
    if (this.encoding === 'utf-8') {
      if (this.#asciiOnly && isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
      if (!isUtf8(bytes)) this.#leaveUtf8(bytes);
      this.#asciiOnly = false;
    }
    try {
      return new TextDecoder(this.encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new TabularError(
        { code: 'unsupported-encoding', message: `the file is ${this.encoding.toUpperCase()} by its first bytes, but not all of it is`, remedy: AS_UTF8 },
        undefined,
        { cause },
      );
    }
  }

  /** The bytes are no valid UTF-8: from the first character beyond ASCII on, or only further down? */
  #leaveUtf8(bytes: Uint8Array): void {
    const first = bytes.findIndex((byte) => byte >= 0x80);
    if (!this.#asciiOnly || this.bom || isUtf8(bytes.subarray(first, first + sequenceLength(bytes[first] ?? 0)))) {
      const line = this.#linesBefore() + firstInvalidLine(bytes);
      throw new TabularError({ code: 'unsupported-encoding', message: `line ${line} is not valid UTF-8, though the file begins as UTF-8`, remedy: AS_UTF8, line });
    }
    this.encoding = 'windows-1252';
  }

  #check(text: string): void {
    const nul = text.indexOf('\0');
    if (nul !== -1) throw new TabularError(this.#nulByte(text.slice(0, nul)));
    if (this.encoding === 'windows-1252') {
      const at = text.search(NOT_WINDOWS_1252);
      if (at !== -1) throw new TabularError(this.#noText(text.slice(0, at)));
    }
    if (this.#started || text === '') return;
    this.#started = true;
    const format = recogniseText(text);
    if (format !== undefined) throw new TabularError(notCsv(format));
  }

  #nulByte(before: string): FileProblem {
    const line = this.#linesBefore() + lineBreaks(before) + 1;
    return { code: 'not-csv', message: `the file is no text: line ${line} has a NUL byte`, remedy: EXPORT_AS_CSV, line };
  }

  #noText(before: string): FileProblem {
    const line = this.#linesBefore() + lineBreaks(before) + 1;
    return { code: 'unsupported-encoding', message: `line ${line} is neither UTF-8 nor Windows-1252`, remedy: AS_UTF8, line };
  }
}

/** Line breaks of any kind in a text. */
export function lineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function notCsv(format: { readonly what: string; readonly remedy: string }): FileProblem {
  return { code: 'not-csv', message: `the file is ${format.what}, not CSV`, remedy: format.remedy };
}

function byteOrderMark(bytes: Uint8Array): { readonly encoding: Encoding; readonly length: number } | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) throw new TabularError({ code: 'unsupported-encoding', message: 'the file is UTF-32', remedy: AS_UTF8 });
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', length: 2 };
  return a === 0xfe && b === 0xff ? { encoding: 'utf-16be', length: 2 } : undefined;
}

function utf16ByNuls(bytes: Uint8Array): Encoding | undefined {
  const nuls = [0, 0];
  for (const [index, byte] of bytes.entries()) if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const enough = (NUL_SHARE * bytes.length) / 2;
  if (odd > enough && even === 0) return 'utf-16le';
  return even > enough && odd === 0 ? 'utf-16be' : undefined;
}

/**
 * Bytes at the end that are the beginning of a character only; with them the beginning of a line, where that is known:
 * joining bytes costs less than joining strings.
 */
function cutTail(bytes: Uint8Array, encoding: Encoding, keepLines: boolean): number {
  if (encoding === 'windows-1252' || encoding === 'utf-8') {
    const lineBreak = keepLines ? bytes.lastIndexOf(LF) : -1;
    if (lineBreak !== -1) return bytes.length - lineBreak - 1;
    return encoding === 'utf-8' ? cutUtf8(bytes) : 0;
  }
  const odd = bytes.length % 2;
  const end = bytes.length - odd;
  const high = bytes[encoding === 'utf-16le' ? end - 1 : end - 2] ?? 0;
  return odd + (high >= 0xd8 && high <= 0xdb ? 2 : 0);
}

function cutUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** Bytes of the UTF-8 character that begins with this one. */
function sequenceLength(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** Line breaks are single bytes in UTF-8 and never part of another character, so each line can be tried alone. */
function firstInvalidLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const lineEnd = bytes.indexOf(LF, start);
    const end = lineEnd === -1 ? bytes.length : lineEnd + 1;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end;
  }
  return line;
}
