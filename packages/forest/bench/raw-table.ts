/**
 * Tables as files that every peer reads without parsing: in a folder `columns.f32`, one column after the other, and
 * `target.f64`. Features are 32-bit floats because scikit-learn's trees hold them so: all peers see the same values.
 */
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RawTable {
  readonly columns: readonly Float32Array[];
  readonly target: Float64Array;
}

/** @param columns may be made one at a time while they are written */
export function writeTable(folder: string, columns: Iterable<ArrayLike<number>>, target: Float64Array): string {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, 'columns.f32'), 'w');
  for (const column of columns) writeFileSync(file, column instanceof Float32Array ? column : Float32Array.from(column));
  closeSync(file);
  writeFileSync(join(folder, 'target.f64'), target);
  return folder;
}

export function readTable(folder: string): RawTable {
  const target = new Float64Array(readAligned(join(folder, 'target.f64')));
  const values = new Float32Array(readAligned(join(folder, 'columns.f32')));
  const rows = target.length;
  return { columns: Array.from({ length: values.length / rows }, (_, column) => values.subarray(column * rows, (column + 1) * rows)), target };
}

/** The bytes of a file in a buffer of their own, which typed arrays can lie over. */
export function readAligned(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;
}
