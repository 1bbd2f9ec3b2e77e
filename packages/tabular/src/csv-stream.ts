/** Rows of a source, with no more of its text in memory than the row that is being read and the piece it stands in. */
import { Decoder, lineBreaks } from './decode.ts';
import type { Encoding } from './decode.ts';
import { TabularError } from './errors.ts';
import { gunzipStream, isGzip } from './gunzip.ts';
import { cutHeader, detectLayout, SAMPLE_CHARACTERS } from './layout.ts';
import type { Layout, ReadingOptions } from './layout.ts';
import { emptyFile } from './problems.ts';
import { RowScanner } from './row-scanner.ts';
import type { OnRow } from './row-scanner.ts';
import type { CsvSource } from './sources.ts';

/** Is told the layout once; what it answers takes the rows below the header. */
export type OnLayout = (layout: Layout) => OnRow;

/**
 * Reads one source from its beginning.
 * @returns the encoding, which is only certain once all has been read
 * @throws TabularError for everything that makes the file as a whole unreadable, with the source's name
 */
export async function streamRows(source: CsvSource, reading: ReadingOptions, onLayout: OnLayout): Promise<Encoding> {
  const reader = new StreamReader(reading, onLayout);
  try {
    for await (const piece of unpackedPieces(source)) if (!reader.push(piece)) return reader.encoding;
    reader.finish();
    return reader.encoding;
  } catch (error) {
    if (error instanceof TabularError && source.name !== undefined && error.file === undefined) throw new TabularError(error.problem, source.name, { cause: error });
    throw error;
  }
}

/** The layout of a source; no more of it is read than that takes. @throws TabularError as `streamRows` */
export async function readLayout(source: CsvSource, reading: ReadingOptions = {}): Promise<Layout> {
  const found: Layout[] = [];
  await streamRows(source, reading, (layout) => {
    found.push(layout);
    return () => false;
  });
  const [layout] = found;
  if (layout === undefined) throw new TabularError(emptyFile(0), source.name);
  return layout;
}

async function* unpackedPieces(source: CsvSource): AsyncGenerator<Uint8Array> {
  const pieces = source.open();
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < 2) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(Uint8Array.from(next.value));
    length += next.value.length;
  }
  const head = first.length === 1 ? (first[0] ?? new Uint8Array(0)) : Buffer.concat(first);
  const all = chained(head, iterator);
  yield* isGzip(head) ? gunzipStream(all) : all;
}

async function* chained(head: Uint8Array, rest: Iterator<Uint8Array> | AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    // Whoever stops early leaves no file open.
    await rest.return?.();
  }
}

class StreamReader {
  readonly #reading: ReadingOptions;
  readonly #onLayout: OnLayout;
  readonly #decoder = new Decoder(() => this.#scanner?.lines ?? lineBreaks(this.#sample));
  /** The text until the layout is known. */
  #sample = '';
  #sampleCharacters = SAMPLE_CHARACTERS;
  #bytes = 0;
  #scanner: RowScanner | undefined;
  #isWanted = true;

  constructor(reading: ReadingOptions, onLayout: OnLayout) {
    this.#reading = reading;
    this.#onLayout = onLayout;
  }

  get encoding(): Encoding {
    return this.#decoder.encoding;
  }

  /** @returns whether more is wanted */
  push(bytes: Uint8Array): boolean {
    this.#bytes += bytes.length;
    return this.#take(this.#decoder.push(bytes));
  }

  finish(): void {
    if (!this.#take(this.#decoder.finish(true))) return;
    if (this.#scanner === undefined && this.#sample.trim() === '') throw new TabularError(emptyFile(this.#bytes));
    const scanner = this.#scanner ?? this.#start(true);
    scanner?.finish();
  }

  #take(text: string): boolean {
    if (this.#scanner !== undefined) return this.#scanner.push(text);
    this.#sample += text;
    while (this.#scanner === undefined && this.#sample.length >= this.#sampleCharacters) {
      if (this.#sample.trim() !== '' && this.#start(false) !== undefined) return this.#isWanted;
      this.#sampleCharacters *= 2;
    }
    return true;
  }

  #start(complete: boolean): RowScanner | undefined {
    const sample = complete ? this.#sample : this.#sample.slice(0, this.#sampleCharacters);
    const layout = detectLayout(sample, complete, this.#reading);
    if (layout === undefined) {
      if (complete) throw cutHeader(sample);
      return undefined;
    }
    this.#scanner = new RowScanner(layout.dialect, belowHeader(layout, this.#onLayout(layout)));
    this.#isWanted = this.#scanner.push(this.#sample);
    this.#sample = '';
    return this.#scanner;
  }
}

/** Passes on the rows below the header; where there is none, all rows. */
export function belowHeader({ hasHeader }: Layout, onRow: OnRow): OnRow {
  let isHeader = hasHeader;
  return (row) => {
    if (!isHeader) return onRow(row);
    isHeader = false;
    return undefined;
  };
}
