import { scanDataRows } from './csv-text.ts';
import type { CsvText } from './csv-text.ts';
import { TabularError } from './errors.ts';
import { checkColumns } from './header.ts';
import { parseNumber } from './number.ts';
import type { ColumnKind, TableSchema } from './table.ts';

/** What is known of a column so far: one number is needed to call it numeric, one other value to call it categorical. */
type Evidence = 'none' | 'numbers' | 'other';

/**
 * Tells the kind of every column from all rows of all files: numeric where every value is a number or a missing-value
 * mark (blank, NA, N/A, null, NaN, ?, -; case does not matter) and at least one is a number, else categorical. Rows with
 * broken quotes or a wrong number of fields have no say.
 * @param files at least one; they have the same columns, in any order
 * @param kinds the kinds of some columns, decided by someone who knows
 * @throws TabularError `missing-column` where a file lacks a column that another one has
 */
export function inferSchema(files: readonly CsvText[], kinds: ReadonlyMap<string, ColumnKind> = new Map()): TableSchema {
  const names = files[0]?.header ?? [];
  requireSameColumns(files);
  const evidence = new Map<string, Evidence>(names.map((name) => [name, 'none']));
  for (const file of files) gather(file, evidence, kinds);
  return {
    columns: names.map((name) => ({ name, kind: kinds.get(name) ?? (evidence.get(name) === 'numbers' ? 'numeric' : 'categorical') })),
  };
}

function requireSameColumns(files: readonly CsvText[]): void {
  const [first, ...others] = files;
  for (const other of others) {
    const problem = checkColumns(other.header, first?.header ?? []);
    if (problem !== undefined) throw new TabularError(problem, other.name);
    const extra = checkColumns(first?.header ?? [], other.header);
    if (extra !== undefined) throw new TabularError(extra, first?.name);
  }
}

function gather(file: CsvText, evidence: Map<string, Evidence>, kinds: ReadonlyMap<string, ColumnKind>): void {
  const { header } = file;
  const found = header.map((name) => evidence.get(name) ?? 'none');
  let open = header.flatMap((name, position) => (kinds.has(name) || found[position] === 'other' ? [] : [position]));
  scanDataRows(file, ({ fields }) => {
    if (fields.length !== header.length) return undefined;
    let decided = false;
    for (const position of open) {
      const value = parseNumber((fields[position] ?? '').trim());
      if (value === undefined) {
        found[position] = 'other';
        decided = true;
      } else if (!Number.isNaN(value)) {
        found[position] = 'numbers';
      }
    }
    if (decided) open = open.filter((position) => found[position] !== 'other');
    return open.length > 0;
  });
  for (const [position, name] of header.entries()) evidence.set(name, found[position] ?? 'none');
}
