import { closestName } from './closest-name.ts';
import { TabularError } from './errors.ts';
import type { ReadingOptions } from './layout.ts';
import type { FileProblem } from './problems.ts';

/** Column names of a header row, without the white space around them. */
export function columnNames(fields: readonly string[]): string[] {
  return fields.map((field) => field.trim());
}

/**
 * Names for the columns of a file without a header.
 * @throws TabularError `wrong-column-names`, `duplicate-column`
 */
export function generatedNames(width: number, line: number, { columnNames: given, target }: ReadingOptions): readonly string[] {
  if (given === undefined) return Array.from({ length: width }, (_, index) => `c${index}`);
  const names = columnNames(given);
  const fitting = names.length === width + 1 ? names.filter((name) => name !== target) : names;
  const problem = fitting.length === width ? duplicate(names, line) : wrongNames(width, line, names);
  if (problem !== undefined) throw new TabularError(problem);
  return fitting;
}

function wrongNames(width: number, line: number, names: readonly string[]): FileProblem {
  return {
    code: 'wrong-column-names',
    message: `the first row (line ${line}) has ${width} ${width === 1 ? 'field' : 'fields'}, but ${names.length} columns are expected: ${listed(names)}`,
    remedy: 'give the file these columns in this order, or a header line that names its own',
    line,
  };
}

/** What is wrong with a header, if anything. `line` is the line that it stands on. */
export function checkHeader(names: readonly string[], line: number): FileProblem | undefined {
  const empty = names.indexOf('');
  if (empty !== -1) {
    return {
      code: 'empty-column-name',
      message: `the header (line ${line}) has no name for column ${empty + 1} of ${names.length}`,
      remedy: 'give every column a name, or remove the column (a delimiter at the end of the header makes one)',
      line,
    };
  }
  return duplicate(names, line);
}

function duplicate(names: readonly string[], line: number): FileProblem | undefined {
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const first = seen.get(name);
    if (first !== undefined) {
      return {
        code: 'duplicate-column',
        message: `the header (line ${line}) names columns ${first + 1} and ${index + 1} both ${JSON.stringify(name)}`,
        remedy: 'rename one of them',
        line,
        column: name,
      };
    }
    seen.set(name, index);
  }
  return undefined;
}

/**
 * The first needed column that a header lacks, as a problem that names it and the column that was probably meant.
 * Names are compared exactly; order does not matter, nor do further columns.
 */
export function checkColumns(header: readonly string[], needed: readonly string[]): FileProblem | undefined {
  const present = new Set(header);
  const missing = needed.filter((name) => !present.has(name));
  const [first] = missing;
  if (first === undefined) return undefined;
  const meant = closestName(first, header);
  const names = missing.map((name) => JSON.stringify(name)).join(', ');
  return {
    code: 'missing-column',
    message: `the file has no column ${names}; it has ${listed(header)}`,
    remedy: meant === undefined ? 'add the column to the file' : `rename the column ${JSON.stringify(meant)} to ${JSON.stringify(first)}, or add it`,
    column: first,
  };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name)).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
