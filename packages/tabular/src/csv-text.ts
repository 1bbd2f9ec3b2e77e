/** A file in memory as a whole: what is needed to answer it row by row in its own bytes. */
import { constants } from 'node:buffer';
import { belowHeader } from './csv-stream.ts';
import { Decoder, lineBreaks } from './decode.ts';
import type { Encoding } from './decode.ts';
import { TabularError } from './errors.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { cutHeader, detectLayout, SAMPLE_CHARACTERS } from './layout.ts';
import type { Layout, ReadingOptions } from './layout.ts';
import { emptyFile } from './problems.ts';
import type { FileProblem } from './problems.ts';
import { RowScanner } from './row-scanner.ts';
import type { OnRow } from './row-scanner.ts';

/** One file as it comes. `name` stands in error messages and in row problems. */
export interface CsvFile {
  readonly name?: string;
  readonly bytes: Uint8Array;
}

/** A decoded file whose dialect and header are known and sound. */
export interface CsvText extends Layout {
  readonly name?: string;
  /** The whole text, without the byte-order mark. */
  readonly text: string;
  readonly encoding: Encoding;
  readonly bom: boolean;
}

/**
 * Unpacks and decodes a file and reads its header.
 * @throws TabularError for everything that makes the file as a whole unreadable
 */
export function openCsv({ name, bytes }: CsvFile, reading: ReadingOptions = {}): CsvText {
  try {
    const csv = openText(bytes, true, reading);
    return name === undefined ? csv : { ...csv, name };
  } catch (error) {
    throw error instanceof TabularError && name !== undefined ? new TabularError(error.problem, name, { cause: error }) : error;
  }
}

/** As `openCsv` for a file that may go on behind `bytes`. @throws TabularError */
export function openText(bytes: Uint8Array, complete: boolean, reading: ReadingOptions): CsvText {
  const plain = isGzip(bytes) ? gunzip(bytes, complete) : bytes;
  if (plain.length > constants.MAX_STRING_LENGTH) throw new TabularError(tooLarge(plain.length));
  let begun = '';
  const decoder = new Decoder(() => lineBreaks(begun));
  begun = decoder.push(plain);
  const decoded = begun + decoder.finish(complete);
  // A head may end between CR and LF.
  const text = complete ? decoded : decoded.replace(/\r$/, '');
  if (text.trim() === '') throw new TabularError(emptyFile(bytes.length));
  const layout = layoutOf(text, complete, reading);
  return { ...layout, text, encoding: decoder.encoding, bom: decoder.bom };
}

/** The same sample as a stream would be told by. */
function layoutOf(text: string, complete: boolean, reading: ReadingOptions): Layout {
  for (let characters = SAMPLE_CHARACTERS; ; characters *= 2) {
    const isAll = characters >= text.length;
    const sample = text.slice(0, characters);
    const layout = sample.trim() === '' ? undefined : detectLayout(sample, complete && isAll, reading);
    if (layout !== undefined) return layout;
    if (isAll) throw cutHeader(text);
  }
}

/** Calls `onRow` for each row below the header, or for all rows where there is none. @throws TabularError `unbalanced-quotes` */
export function scanDataRows(csv: CsvText, onRow: OnRow): void {
  const scanner = new RowScanner(csv.dialect, belowHeader(csv, onRow));
  scanner.push(csv.text);
  scanner.finish();
}

/** Where the header's own characters end in the text; 0 where there is no header. */
export function headerEnd(csv: CsvText): number {
  let end = 0;
  if (!csv.hasHeader) return end;
  const scanner = new RowScanner(csv.dialect, (row) => {
    end = row.end;
    return false;
  });
  scanner.push(csv.text);
  scanner.finish();
  return end;
}

function tooLarge(bytes: number): FileProblem {
  return {
    code: 'too-large',
    message: `the file has ${bytes} bytes; at most ${constants.MAX_STRING_LENGTH} can be read in one piece`,
    remedy: 'split it into several files, each with the header',
  };
}
