/** The command line: picks the verb, runs it, and says how it ended. */
import { ContractError } from '@dropforest/contracts';
import { LocalCloudError } from '@dropforest/local-cloud';
import { helpFor, parseCommandLine, table, type Command, type Outcome } from './command.ts';
import { demo } from './commands/demo.ts';
import { logs } from './commands/logs.ts';
import { models } from './commands/models.ts';
import { predict } from './commands/predict.ts';
import { replay } from './commands/replay.ts';
import { report } from './commands/report.ts';
import { approve, reject } from './commands/review.ts';
import { rollback } from './commands/rollback.ts';
import { status } from './commands/status.ts';
import { train } from './commands/train.ts';
import { up } from './commands/up.ts';
import { CliError, EXIT, wrongInput, type ExitCode } from './errors.ts';
import type { Terminal } from './terminal.ts';

const FILE_ERRORS: ReadonlySet<string> = new Set(['EACCES', 'EEXIST', 'EISDIR', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS']);

export const commands: readonly Command[] = [demo, up, train, predict, status, models, approve, reject, rollback, logs, report, replay];

/** @returns the exit code: 0 done, 1 a job failed, 2 the input was wrong */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [verb, ...rest] = words;
  if (verb === undefined || verb === '--help' || verb === 'help') {
    terminal.print(overview());
    return verb === undefined ? EXIT.wrongInput : EXIT.done;
  }
  const asJson = rest.includes('--json');
  try {
    const command = commands.find(({ name }) => name === verb);
    if (command === undefined) throw wrongInput(`there is no verb ${JSON.stringify(verb)}`, 'See: dropforest --help');
    const given = parseCommandLine(command, rest);
    if (given.flag('help')) terminal.print(helpFor(command));
    else show(await command.run(given, terminal), asJson, terminal);
    return EXIT.done;
  } catch (error) {
    return fail(error, asJson, terminal);
  }
}

function show(outcome: Outcome | undefined, asJson: boolean, terminal: Terminal): void {
  if (outcome === undefined) return;
  terminal.print(asJson ? JSON.stringify(outcome.json, undefined, 2) : outcome.text.join('\n'));
}

/** What is wrong goes to standard error, and with `--json` as a document to standard output too. */
function fail(error: unknown, asJson: boolean, terminal: Terminal): ExitCode {
  const known = asCliError(error);
  terminal.say(`error: ${known.message}`);
  if (known.remedy !== undefined) terminal.say(`  → ${known.remedy}`);
  if (asJson) terminal.print(JSON.stringify({ error: known.message, remedy: known.remedy, ...known.details }, undefined, 2));
  return known.code;
}

/** What is wrong with a file or a folder is the input's fault; anything else is ours, and has its stack on standard error. */
function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof ContractError) return wrongInput(error.message, 'docs/dataset-json.md lists what dataset.json may hold');
  if (error instanceof LocalCloudError) return wrongInput(error.message);
  if (error instanceof Error && 'code' in error && FILE_ERRORS.has(String(error.code))) return wrongInput(error.message, 'Check the path and the permissions');
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CliError(EXIT.jobFailed, `unexpected: ${text}`, { remedy: 'This is a defect: please report it with the lines above' });
}

function overview(): string {
  return [
    'dropforest <verb> …',
    '',
    'Drop a CSV, get a model; drop another CSV, get predictions.',
    '',
    ...table(commands.map(({ name, usage, summary }) => [`${name} ${usage}`.trim(), summary])),
    '',
    'Exit codes: 0 done, 1 a job failed, 2 the input was wrong. More: dropforest <verb> --help',
  ].join('\n');
}
