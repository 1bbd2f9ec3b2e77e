import { ColumnEvidence } from './column-evidence.ts';
import { streamRows } from './csv-stream.ts';
import { decideColumn, habitsOf, spoiltInWords } from './decide-kind.ts';
import type { ColumnOverride } from './decide-kind.ts';
import type { Delimiter } from './dialect.ts';
import { TabularError } from './errors.ts';
import { checkColumns } from './header.ts';
import type { Layout, ReadingOptions } from './layout.ts';
import type { OnRow } from './row-scanner.ts';
import type { CsvSource } from './sources.ts';
import type { TableSchema } from './table.ts';
import { isTypeRow } from './type-row.ts';

export interface InferOptions {
  /** What someone who knows has said of some columns; `columns` of dataset.json has this form. */
  readonly columns?: Readonly<Record<string, ColumnOverride>>;
  readonly reading?: ReadingOptions;
  /** The column to predict: it is never called an identifier, free text or constant. */
  readonly target?: string | undefined;
}

export interface InferredSchema extends TableSchema {
  /** Rows with as many fields as there are columns. */
  readonly rows: number;
  /** What a person should know of how the files were understood, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Tells the kind of every column, and how its values are written, from all rows of all files. Rows with broken quotes or
 * a wrong number of fields have no say. The answer depends on the files and the options alone. Every column of the files
 * is in the schema, in the order of the first file; one that dataset.json says to `ignore` as free text.
 * @param sources at least one; they have the same columns, in any order
 * @throws TabularError for a file that cannot be read; `missing-column` where a file lacks a column that another one has
 */
export async function inferSchema(sources: readonly CsvSource[], options: InferOptions = {}): Promise<InferredSchema> {
  const first = await gather(sources, options);
  const spoilt = first.spoiltNumbers();
  if (spoilt.length === 0) return first.finish();
  // How their numbers are written is told by reading again with a blind eye to the words among them.
  const numeric = Object.fromEntries(spoilt.map(({ name }) => [name, { ...options.columns?.[name], kind: 'numeric' as const }]));
  const schema = (await gather(sources, { ...options, columns: { ...options.columns, ...numeric } })).finish();
  const because = new Map(spoilt.map(({ name, because }) => [name, because]));
  return {
    ...schema,
    columns: schema.columns.map((column) => ({ ...column, explanation: because.get(column.name) ?? column.explanation })),
    notes: [...schema.notes, ...spoilt.map(({ name, because }) => `column ${JSON.stringify(name)}: ${because}; a row in which it is something else is a bad row. Where it holds words, say so: "columns": { ${JSON.stringify(name)}: "categorical" } in dataset.json`)],
  };
}

async function gather(sources: readonly CsvSource[], options: InferOptions): Promise<Gatherer> {
  const gatherer = new Gatherer(options);
  for (const source of sources) {
    const encoding = await streamRows(source, gatherer.reading, (layout) => gatherer.startFile(layout, source));
    if (encoding === 'windows-1252') gatherer.guessedEncoding(source);
  }
  return gatherer;
}

class Gatherer {
  readonly #options: InferOptions;
  readonly #evidence = new Map<string, ColumnEvidence>();
  #first: { readonly layout: Layout; readonly name: string | undefined } | undefined;
  #rows = 0;
  #typeRows = 0;
  readonly #guessed: string[] = [];

  constructor(options: InferOptions) {
    this.#options = options;
  }

  /** What the first file is decides whether the others have a header. */
  get reading(): ReadingOptions {
    const { reading = {} } = this.#options;
    return this.#first === undefined ? reading : { ...reading, header: this.#first.layout.hasHeader };
  }

  startFile(layout: Layout, { name }: CsvSource): OnRow {
    const { columns = {} } = this.#options;
    if (this.#first === undefined) {
      this.#first = { layout, name };
      for (const column of layout.header) {
        const override = Object.hasOwn(columns, column) ? columns[column] : undefined;
        this.#evidence.set(column, new ColumnEvidence({ missing: override?.missing, isForced: override?.kind !== undefined }));
      }
    } else {
      requireSameColumns(this.#first.layout.header, this.#first.name, layout.header, name);
    }
    const evidence = layout.header.flatMap((column) => this.#evidence.get(column) ?? []);
    for (const column of evidence) column.startFile();
    return this.#gather(evidence, layout.hasHeader);
  }

  #gather(evidence: readonly ColumnEvidence[], hasHeader: boolean): OnRow {
    const width = evidence.length;
    let isFirst = hasHeader;
    return (row) => {
      if (row.count !== width) return undefined;
      if (isFirst && isTypeRow(row)) {
        this.#typeRows++;
        isFirst = false;
        return undefined;
      }
      isFirst = false;
      this.#rows++;
      const { text, starts, ends, hashes } = row;
      for (let position = 0; position < width; position++) {
        evidence[position]?.add(text, starts[position] ?? 0, ends[position] ?? 0, hashes[position] ?? 0);
      }
      return undefined;
    };
  }

  guessedEncoding({ name = 'the file' }: CsvSource): void {
    this.#guessed.push(`${name} is not UTF-8 and is read as Windows-1252: if letters look wrong, save it as UTF-8`);
  }

  /** Columns of numbers with a few words among them: left as they are, they would be learned from as words, or not at all. */
  spoiltNumbers(): readonly { readonly name: string; readonly because: string }[] {
    const { columns = {}, target } = this.#options;
    return Array.from(this.#evidence).flatMap(([name, evidence]) => {
      const isDecided = (Object.hasOwn(columns, name) && columns[name]?.kind !== undefined) || name === target;
      const because = isDecided ? undefined : spoiltInWords(evidence);
      return because === undefined ? [] : [{ name, because }];
    });
  }

  finish(): InferredSchema {
    const { columns = {}, target } = this.#options;
    const layout = this.#first?.layout;
    const delimiter: Delimiter = layout?.dialect.delimiter ?? ',';
    const habits = habitsOf(this.#evidence.values(), delimiter);
    return {
      columns: Array.from(this.#evidence, ([name, evidence]) => {
        const override = Object.hasOwn(columns, name) ? (columns[name] ?? {}) : {};
        if (override.kind === 'ignore') return { name, kind: 'text', explanation: 'dataset.json says to ignore it' };
        return decideColumn(name, evidence, override, habits, name === target);
      }),
      header: layout?.hasHeader ?? true,
      rows: this.#rows,
      notes: this.#notes(layout),
    };
  }

  #notes(layout: Layout | undefined): string[] {
    const names = layout?.header ?? [];
    return [
      ...this.#guessed,
      ...(layout?.hasHeader === false ? [`the first row is data, not column names: the columns are called ${names[0] ?? ''} to ${names.at(-1) ?? ''}; say "header": true in dataset.json if this is wrong`] : []),
      ...(this.#typeRows > 0 ? ['the row below the header names types instead of values and is left out'] : []),
    ];
  }
}

function requireSameColumns(first: readonly string[], firstName: string | undefined, other: readonly string[], otherName: string | undefined): void {
  const problem = checkColumns(other, first);
  if (problem !== undefined) throw new TabularError(problem, otherName);
  const extra = checkColumns(first, other);
  if (extra !== undefined) throw new TabularError(extra, firstName);
}
