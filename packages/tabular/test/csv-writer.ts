/** A CSV writer for the tests, independent of the reader: RFC 4180 with any delimiter, line ending and encoding. */
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { DELIMITERS } from '../src/index.ts';
import type { Dialect, Encoding } from '../src/index.ts';

export interface WrittenAs extends Dialect {
  readonly encoding: Encoding;
  readonly bom: boolean;
  readonly gzip: boolean;
  readonly quoteAll: boolean;
  readonly endWithLineEnding: boolean;
}

export const writtenAs: fc.Arbitrary<WrittenAs> = fc
  .record({
    delimiter: fc.constantFrom(...DELIMITERS),
    lineEnding: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const),
    encoding: fc.constantFrom('utf-8' as const, 'utf-8' as const, 'utf-16le' as const, 'utf-16be' as const, 'windows-1252' as const),
    bom: fc.boolean(),
    gzip: fc.boolean(),
    quoteAll: fc.boolean(),
    endWithLineEnding: fc.boolean(),
  })
  // UTF-16 without a mark is told by its NUL bytes, which a file of few ASCII letters does not have.
  .map((as) => ({ ...as, bom: as.encoding.startsWith('utf-16') || (as.bom && as.encoding === 'utf-8') }));

/** A file's text in pieces, so that a test knows what each row's own text is. */
export interface Written {
  readonly bytes: Uint8Array;
  /** The bytes before they were packed. */
  readonly plain: Uint8Array;
  readonly header: string;
  readonly rows: readonly string[];
}

export function writeCsv(header: readonly string[], rows: readonly (readonly string[])[], as: WrittenAs): Written {
  const line = (cells: readonly string[]): string => cells.map((cell) => quoted(cell, as.quoteAll)).join(as.delimiter);
  const lines = [header, ...rows].map(line);
  const text = (as.bom ? '\ufeff' : '') + lines.join(as.lineEnding) + (as.endWithLineEnding ? as.lineEnding : '');
  const plain = encoded(text, as.encoding);
  return { plain, bytes: as.gzip ? gzipSync(plain) : plain, header: lines[0] ?? '', rows: lines.slice(1) };
}

function encoded(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(text.replaceAll('€', '\u0080'), 'latin1');
  }
}

/** What Windows-1252 can say of a text; the tests' other characters are left out. */
export function sayable(text: string, { encoding }: WrittenAs): string {
  return encoding === 'windows-1252' ? text.replace(/[^\u0000-\u007f\u00a0-\u00ff€]/gu, '') : text;
}

function quoted(cell: string, always: boolean): string {
  return always || /[",;|\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Cells that try a parser: every delimiter, quotes, line breaks, missing marks, numbers, characters beyond the BMP. */
export const cell: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom('a', 'Z', '0', '9', '.', '-', ' ', ',', ';', '|', '\t', '"', '\n', '\r', 'ä', '€', '😀'), maxLength: 8 }) },
  fc.constantFrom('', 'NA', 'n/a', 'null', 'NaN', '?', '-', ' '),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
);

/** Column names without delimiters: which delimiter a header means must be clear. */
export const headerOf = (width: number): fc.Arbitrary<string[]> =>
  fc.array(fc.string({ unit: fc.constantFrom('a', 'B', '1', '_', '"', 'ö', ' '), maxLength: 5 }), { minLength: width, maxLength: width }).map((names) => names.map((name, index) => `c${index}${name}x`));

/** A header and rows that fit it. */
export const cells: fc.Arbitrary<{ header: string[]; rows: string[][] }> = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.record({ header: headerOf(width), rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }) }));
