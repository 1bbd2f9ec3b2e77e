/** Reading in one call, for the tests. */
import { bytesSource, inferSchema, readTable } from '../src/index.ts';
import type { Column, CsvSource, InferOptions, InferredSchema, ReadTable, Table } from '../src/index.ts';

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A source that gives a file in pieces of the size asked for, each in a buffer that is used again, as streams may do. */
export function sourceInPieces(bytes: Uint8Array, size: number, name?: string): CsvSource {
  return {
    ...(name === undefined ? {} : { name }),
    *open() {
      const buffer = new Uint8Array(size);
      for (let at = 0; at < bytes.length; at += size) {
        const piece = bytes.subarray(at, at + size);
        buffer.set(piece);
        yield buffer.subarray(0, piece.length);
      }
    },
  };
}

/** Values as a person sees them; `null` for a missing one. */
export function plainColumn(column: Column): readonly (number | string | null)[] {
  if ('values' in column) return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
  return Array.from(column.codes, (code) => column.levels[code] ?? null);
}

export function columnNamed(table: Table, name: string): readonly (number | string | null)[] {
  return table.columns.flatMap((column) => (column.name === name ? plainColumn(column) : []));
}

/** Infers and reads. */
export async function readAll(content: string | Uint8Array, options: InferOptions = {}): Promise<ReadTable & { readonly schema: InferredSchema }> {
  const source = bytesSource(typeof content === 'string' ? utf8(content) : content);
  const schema = await inferSchema([source], options);
  return { schema, ...(await readTable([source], schema, options.reading === undefined ? {} : { reading: options.reading })) };
}
