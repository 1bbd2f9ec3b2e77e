/** A verb of the command line as data: help, parsing and checks come from the same object. */
import { parseArgs } from 'node:util';
import { wrongInput } from './errors.ts';
import type { Terminal } from './terminal.ts';

export interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** What stands for the value in the help: `<file>`. */
  readonly value?: string;
  readonly help: string;
}

export interface Arguments {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
}

/** What a command leaves for people and for programs. */
export interface Outcome {
  /** Lines for standard output, without `--json`. */
  readonly text: readonly string[];
  /** The document that `--json` prints. */
  readonly json: unknown;
}

export interface Command {
  readonly name: string;
  /** What follows the verb: `<dataset> <file…>`. */
  readonly usage: string;
  readonly summary: string;
  /** More words for the command's own help. */
  readonly details?: string;
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** How many positional arguments there may be. */
  readonly positionals: { readonly least: number; readonly most: number };
  run(given: Arguments, terminal: Terminal): Promise<Outcome | undefined>;
}

export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  'data-dir': { type: 'string', value: '<folder>', help: 'where the local cloud keeps its state (DROPFOREST_DATA_DIR, .dropforest)' },
  json: { type: 'boolean', help: 'print one JSON document on standard output' },
  help: { type: 'boolean', help: 'print this help' },
};

/** @throws CliError (exit code 2) naming what is wrong and the command's usage */
export function parseCommandLine(command: Command, words: readonly string[]): Arguments {
  const { values, positionals } = parse(command, words);
  const { least, most } = command.positionals;
  if (values['help'] !== true && (positionals.length < least || positionals.length > most)) {
    throw wrongInput(`dropforest ${command.name} takes ${command.usage}`, `Try: ${command.examples[0] ?? `dropforest ${command.name} --help`}`);
  }
  return {
    positionals,
    flag: (name) => values[name] === true,
    text: (name) => asTexts(values[name])[0],
    texts: (name) => asTexts(values[name]),
  };
}

function parse({ name, options }: Command, words: readonly string[]) {
  try {
    const all = Object.entries({ ...options, ...COMMON_OPTIONS });
    const config = Object.fromEntries(all.map(([option, { type, multiple = false }]) => [option, { type, multiple }]));
    return parseArgs({ args: [...words], options: config, allowPositionals: true });
  } catch (error) {
    // Node's own advice behind the first sentence is for other programs.
    throw wrongInput(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error), `See: dropforest ${name} --help`);
  }
}

function asTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function helpFor({ name, usage, summary, details, examples, options }: Command): string {
  const rows = Object.entries({ ...options, ...COMMON_OPTIONS }).map(([option, { value, help }]): [string, string] => [`--${option}${value === undefined ? '' : ` ${value}`}`, help]);
  return [
    `dropforest ${name} ${usage}`.trim(),
    '',
    summary,
    ...(details === undefined ? [] : ['', details]),
    '',
    'Options',
    ...table(rows),
    '',
    'Examples',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

/** Two columns, the first as wide as its widest cell. */
export function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
