import type { DatasetConfig } from '@dropforest/contracts';
import { checkColumns, closestName, inferSchema, openCsv, readTable } from '@dropforest/tabular';
import type { ColumnKind, CsvText, RowProblem, Table } from '@dropforest/tabular';
import { ModelError } from './errors.ts';

/** One file of the training channel. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TrainingData {
  /** Sound rows with a target, all columns of the files. */
  readonly table: Table;
  readonly target: string;
  /** Rows left out, in the order of the files: bad ones, and ones without a target. */
  readonly rejectedRows: readonly RowProblem[];
}

const PROBLEMS_QUOTED = 3;

/**
 * Reads all files, in the order of their names, as one table.
 * @throws TabularError for a file that cannot be read
 * @throws ModelError `no-files`, `missing-target`, `unknown-column`, `target-not-numeric`, `too-many-bad-rows`, `too-few-rows`
 */
export function readTrainingData(files: readonly NamedFile[], config: DatasetConfig): TrainingData {
  const inOrder = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const csvs = inOrder.map(openCsv);
  const [first] = csvs;
  if (first === undefined) throw new ModelError('no-files', 'there is no file to train on; drop at least one CSV file');
  const target = targetOf(first, config);
  checkConfiguredColumns(first, config);
  const schema = inferSchema(csvs, kindsOf(config, target));
  const { table, problems } = readTable(csvs, schema, { required: [target] });
  checkTarget(target, table.rowCount, problems);
  checkBadRows(problems, config.maxBadRows);
  if (table.rowCount < 2) throw new ModelError('too-few-rows', `${table.rowCount} of the rows can be learned from; at least 2 with a value in ${JSON.stringify(target)} are needed`);
  return { table, target, rejectedRows: problems };
}

function targetOf(file: CsvText, { target }: DatasetConfig): string {
  const { header } = file;
  const last = header.at(-1) ?? '';
  if (target === undefined || header.includes(target)) return target ?? last;
  const meant = closestName(target, header);
  throw new ModelError(
    'missing-target',
    `${file.name ?? 'the file'} has no column ${JSON.stringify(target)}, which is to be predicted; it has ${header.map((name) => JSON.stringify(name)).join(', ')}; set "target" to one of them${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`,
  );
}

/** A mistyped name would change the model without a word. */
function checkConfiguredColumns({ header }: CsvText, { idColumns, columns }: DatasetConfig): void {
  for (const [key, names] of [['idColumns', idColumns], ['columns', Object.keys(columns)]] as const) {
    const problem = checkColumns(header, names);
    if (problem === undefined) continue;
    const meant = closestName(problem.column ?? '', header);
    throw new ModelError('unknown-column', `"${key}" in dataset.json: ${problem.message}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`);
  }
}

/** Kinds that inference does not decide. A target to predict is numeric: rows in which it is not are bad rows. */
function kindsOf({ columns }: DatasetConfig, target: string): Map<string, ColumnKind> {
  const kinds = new Map<string, ColumnKind>();
  for (const [name, kind] of Object.entries(columns)) if (kind !== 'ignore') kinds.set(name, kind);
  return kinds.set(target, 'numeric');
}

/** Words all over the target are no bad rows but another task. */
function checkTarget(target: string, goodRows: number, problems: readonly RowProblem[]): void {
  const refused = problems.filter(({ reason, column }) => reason === 'not-a-number' && column === target);
  const [example] = refused;
  if (example === undefined || refused.length <= goodRows) return;
  throw new ModelError(
    'target-not-numeric',
    `the target ${JSON.stringify(target)} is no number in ${refused.length} rows, ${JSON.stringify(example.value)} in line ${example.line} for one; predicting classes is not possible yet: set "target" to a column of numbers`,
  );
}

/** Rows without a target are not bad: they are the ones nobody knows the answer of. */
function checkBadRows(problems: readonly RowProblem[], maxBadRows: number): void {
  const bad = problems.filter(({ reason }) => reason !== 'missing-value');
  if (bad.length <= maxBadRows) return;
  const quoted = bad.slice(0, PROBLEMS_QUOTED).map(({ file, line, message }) => `${file === undefined ? '' : `${file} `}line ${line}: ${message}`);
  const more = bad.length > PROBLEMS_QUOTED ? `; and ${bad.length - PROBLEMS_QUOTED} more` : '';
  throw new ModelError('too-many-bad-rows', `${bad.length} rows cannot be read, at most ${maxBadRows} may be left out ("maxBadRows"): ${quoted.join('; ')}${more}`);
}
