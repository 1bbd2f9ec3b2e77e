import type { DatasetConfig } from '@dropforest/contracts';
import { columnsToRead, parseSteps } from '@dropforest/preprocessing';
import { checkColumns, closestName, findColumn, inferSchema, isNumericColumn, readTable } from '@dropforest/tabular';
import type { Column, ColumnSchema, CsvSource, InferredSchema, RowProblem, RowReason, Table, TableSchema } from '@dropforest/tabular';
import { ModelError } from './errors.ts';
import { targetOf } from './target.ts';
import type { Target } from './target.ts';

export interface TrainingData {
  /** Sound rows with a target; only the columns that may be learned from, and those that the recipe names. */
  readonly table: Table;
  readonly target: Target;
  /** Every column of the files, in their order. */
  readonly schema: TableSchema;
  /** In [0, 1), one a row: what the row's content and the seed alone make of it. */
  readonly rowHash: Float64Array;
  /** The first 10,000 rows left out, in the order of the files: bad ones, and ones without a target. */
  readonly rejectedRows: readonly RowProblem[];
  /** All rows left out. */
  readonly leftOut: number;
  /** What was inferred that a person should know, in sentences. */
  readonly notes: readonly string[];
}

const PROBLEMS_QUOTED = 3;

/**
 * Reads all files, in the order of their names, as one table.
 * @throws TabularError for a file that cannot be read
 * @throws ModelError `no-files`, `missing-target`, `unknown-column`, `target-not-numeric`, `too-many-bad-rows`, `too-few-rows`,
 *   `one-class`, `too-many-classes`
 */
export async function readTrainingData(files: readonly CsvSource[], config: DatasetConfig): Promise<TrainingData> {
  const sources = [...files].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  if (sources.length === 0) throw new ModelError('no-files', 'there is no file to train on; drop at least one CSV file');
  const inferred = await infer(sources, config);
  const targetName = targetNameOf(inferred, config);
  checkConfiguredColumns(inferred, config);
  const isWords = inferred.columns.some(({ name, kind }) => name === targetName && kind !== 'numeric');
  const first = await read(sources, isWords && config.task === 'regression' ? await infer(sources, config, targetName) : inferred, targetName, config);
  const isSpoilt = config.task === 'auto' && isMostlyNumbers(findColumn(first.table, targetName));
  const { schema, table, problems, problemCounts, rowHash } = isSpoilt ? await read(sources, await infer(sources, config, targetName), targetName, config) : first;
  checkTarget(targetName, table.rowCount, problems);
  checkBadRows(problems, problemCounts, config.maxBadRows);
  if (table.rowCount < 2) throw new ModelError('too-few-rows', `${table.rowCount} of the rows can be learned from; at least 2 with a value in ${JSON.stringify(targetName)} are needed`);
  const column = findColumn(table, targetName);
  if (column === undefined) throw new ModelError('missing-target', `the files have no column ${JSON.stringify(targetName)}`);
  const { target, note } = targetOf(column, config.task);
  return { table, target, schema, rowHash, rejectedRows: problems, leftOut: countOf(problemCounts), notes: [...schema.notes, ...(note === undefined ? [] : [note])] };
}

/** @param numbers a column that holds numbers whatever stands in some of its cells */
function infer(sources: readonly CsvSource[], { columns, reading, target }: DatasetConfig, numbers?: string): Promise<InferredSchema> {
  const forced = numbers === undefined ? {} : { [numbers]: { ...columns[numbers], kind: 'numeric' as const } };
  return inferSchema(sources, { columns: { ...columns, ...forced }, reading, target });
}

/** Words to predict are classes, however many or few there are: whether they can be is said where they are counted. */
async function read(sources: readonly CsvSource[], inferred: InferredSchema, target: string, config: DatasetConfig) {
  const schema = { ...inferred, columns: inferred.columns.map((column): ColumnSchema => (column.name === target && column.kind !== 'numeric' ? { ...column, kind: 'categorical' } : column)) };
  const columns = columnsToRead(schema.columns, target, parseSteps(config.steps), leftOutBy(config));
  return { schema, ...(await readTable(sources, schema, { required: [target], columns, seed: config.evaluation.seed, reading: config.reading })) };
}

/** Columns that are never learned from, and why. */
export function leftOutBy({ idColumns, columns }: DatasetConfig): ReadonlyMap<string, string> {
  const ignored = Object.entries(columns).filter(([, { kind }]) => kind === 'ignore');
  return new Map([...idColumns.map((name) => [name, 'dataset.json lists it under idColumns'] as const), ...ignored.map(([name]) => [name, 'dataset.json ignores it'] as const)]);
}

function targetNameOf({ columns }: TableSchema, { target }: DatasetConfig): string {
  const names = columns.map(({ name }) => name);
  if (target === undefined || names.includes(target)) return target ?? names.at(-1) ?? '';
  const meant = closestName(target, names);
  throw new ModelError(
    'missing-target',
    `the files have no column ${JSON.stringify(target)}, which is to be predicted; they have ${names.map((name) => JSON.stringify(name)).join(', ')}; set "target" to one of them${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`,
  );
}

/** A mistyped name would change the model without a word. */
function checkConfiguredColumns(schema: TableSchema, { idColumns, columns }: DatasetConfig): void {
  const names = schema.columns.map(({ name }) => name);
  for (const [key, wanted] of [['idColumns', idColumns], ['columns', Object.keys(columns)]] as const) {
    const problem = checkColumns(names, wanted);
    if (problem === undefined) continue;
    const meant = closestName(problem.column ?? '', names);
    throw new ModelError('unknown-column', `"${key}" in dataset.json: ${problem.message}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`);
  }
}

/** A few words among the numbers to predict are bad rows, and no reason to predict classes. */
function isMostlyNumbers(column: Column | undefined): boolean {
  if (column === undefined || isNumericColumn(column)) return false;
  const isNumber = column.levels.map((level) => level.trim() !== '' && Number.isFinite(Number(level.replace(',', '.'))));
  const numbers = column.codes.reduce((sum, code) => sum + (isNumber[code] === true ? 1 : 0), 0);
  return numbers > column.codes.length / 2;
}

/** Words all over the target are no bad rows but another task. */
function checkTarget(target: string, goodRows: number, problems: readonly RowProblem[]): void {
  const refused = problems.filter(({ reason, column }) => reason === 'not-a-number' && column === target);
  const [example] = refused;
  if (example === undefined || refused.length <= goodRows) return;
  throw new ModelError(
    'target-not-numeric',
    `the target ${JSON.stringify(target)} is no number in ${refused.length} rows, ${JSON.stringify(example.value)} in line ${example.line} for one; set "target" to a column of numbers, or "task" to "classification"`,
  );
}

/** Rows without a target are not bad: they are the ones nobody knows the answer of. */
function checkBadRows(problems: readonly RowProblem[], counts: ReadonlyMap<RowReason, number>, maxBadRows: number): void {
  const bad = countOf(counts) - (counts.get('missing-value') ?? 0);
  if (bad <= maxBadRows) return;
  const first = problems.filter(({ reason }) => reason !== 'missing-value').slice(0, PROBLEMS_QUOTED);
  const quoted = first.map(({ file, line, message }) => `${file === undefined ? '' : `${file} `}line ${line}: ${message}`);
  const more = bad > PROBLEMS_QUOTED ? `; and ${bad - PROBLEMS_QUOTED} more` : '';
  throw new ModelError('too-many-bad-rows', `${bad} rows cannot be read, at most ${maxBadRows} may be left out ("maxBadRows"): ${quoted.join('; ')}${more}`);
}

function countOf(counts: ReadonlyMap<RowReason, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
