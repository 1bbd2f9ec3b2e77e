import { createColumnBuilder } from './column-builders.ts';
import type { ColumnBuilder } from './column-builders.ts';
import { TabularError } from './errors.ts';
import { checkColumns } from './header.ts';
import type { Layout } from './layout.ts';
import type { RowProblem, RowReason } from './problems.ts';
import { describeRow } from './row-problem.ts';
import type { BadCell } from './row-problem.ts';
import type { Row } from './row.ts';
import { isNumberKind } from './table.ts';
import type { Column, ColumnSchema, Table, TableSchema } from './table.ts';
import { isTypeRow } from './type-row.ts';

/** More bad rows than this are counted, not kept. */
const MOST_PROBLEMS = 10_000;

/** A column that is read; its position in the rows is the file's affair. */
interface Slot {
  readonly column: ColumnSchema;
  readonly builder: ColumnBuilder;
  readonly isRequired: boolean;
}

/** Fills a table row by row, from one file or several. */
export class TableReader {
  readonly problems: RowProblem[] = [];
  readonly problemCounts = new Map<RowReason, number>();
  readonly #columns: readonly ColumnSchema[];
  /** Numbers go first: a row that they refuse adds no level to a column of words. */
  readonly #slots: readonly Slot[];
  #rowCount = 0;

  constructor(schema: TableSchema, { required = [], columns }: { readonly required?: readonly string[]; readonly columns?: readonly string[] }) {
    const wanted = columns === undefined ? undefined : new Set([...columns, ...required]);
    this.#columns = schema.columns.filter(({ name }) => wanted?.has(name) ?? true);
    const slots = this.#columns.map((column): Slot => ({ column, builder: createColumnBuilder(column), isRequired: required.includes(column.name) }));
    this.#slots = [...slots.filter(({ column }) => isNumberKind(column.kind)), ...slots.filter(({ column }) => !isNumberKind(column.kind))];
  }

  /**
   * Prepares for the rows of a file.
   * @returns what writes a row at the table's end, and tells whether it is good; `advance` keeps it there
   * @throws TabularError `missing-column`
   */
  startFile({ header, hasHeader }: Layout, file: string | undefined): (row: Row) => boolean {
    const problem = checkColumns(header, this.#columns.map(({ name }) => name));
    if (problem !== undefined) throw new TabularError(problem, file);
    const width = header.length;
    const positions = Int32Array.from(this.#slots, ({ column }) => header.indexOf(column.name));
    let number = 0;
    return (row) => {
      number++;
      const isType = number === 1 && hasHeader && row.count === width && isTypeRow(row);
      const fits = row.count === width && !isType;
      const badCell = fits ? this.#write(row, positions) : undefined;
      if (fits && badCell === undefined) return true;
      this.#refuse(row, { file, width, row: number }, badCell);
      return false;
    };
  }

  /** Keeps the row that was written last. @returns its index */
  advance(): number {
    return this.#rowCount++;
  }

  /** The table, its columns in the order of the schema. */
  finish(): Table {
    const built = new Map<string, Column>();
    for (const { column, builder } of this.#slots) built.set(column.name, builder.finish(this.#rowCount));
    return { rowCount: this.#rowCount, columns: this.#columns.flatMap(({ name }) => built.get(name) ?? []) };
  }

  /** Writes the cells of the next row up to the first bad one, which is the answer. */
  #write(row: Row, positions: Int32Array): BadCell | undefined {
    const { text, starts, ends, hashes } = row;
    const slots = this.#slots;
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index];
      if (slot === undefined) break;
      const position = positions[index] ?? 0;
      const state = slot.builder.set(this.#rowCount, text, starts[position] ?? 0, ends[position] ?? 0, hashes[position] ?? 0);
      if (state === 'invalid' || (state === 'missing' && slot.isRequired)) return { column: slot.column, position, state };
    }
    return undefined;
  }

  #refuse(row: Row, place: Parameters<typeof describeRow>[1], badCell: BadCell | undefined): void {
    for (const { builder } of this.#slots) builder.clear(this.#rowCount);
    const problem = describeRow(row, place, badCell);
    this.problemCounts.set(problem.reason, (this.problemCounts.get(problem.reason) ?? 0) + 1);
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
  }
}
