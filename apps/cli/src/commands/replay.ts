import { assertDatasetName } from '@dropforest/contracts';
import { readBacklog, replayFiles, type BacklogFile } from '../backlog.ts';
import type { Command } from '../command.ts';
import { replayDeadLetters, type ReplayedQueue } from '../dead-letters.ts';
import { CliError } from '../errors.ts';
import { awaitReceipt } from '../prediction.ts';
import type { ReplayDecision } from '../replay.ts';
import { withCloud, type Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';

const OUTCOMES: Readonly<Record<ReplayDecision['action'], string>> = {
  done: 'have their result',
  leave: 'left as they are',
  send: 'sent again',
  publish: 'to be published again',
  'ask-again': 'asked for again',
};

export const replay: Command = {
  name: 'replay',
  usage: '[dataset]',
  summary: 'put dead letters back, and ask again for every file to predict that has no result',
  details: [
    'Dead letters of every function go back to the queue that they came from. A file under predict/ that nobody has taken gets its event',
    'again; one whose job ended without its result is asked for once more; what is running, refused or done is left. Doing it twice',
    'does no harm. It returns at once, and dropforest status shows what comes of it; with --wait it stays until every file has its end.',
  ].join('\n'),
  examples: ['dropforest replay --dry-run', 'dropforest replay sales --wait'],
  options: {
    'dry-run': { type: 'boolean', help: 'only say what would be done' },
    wait: { type: 'boolean', help: 'wait until each file that was replayed has its result, or will not get one' },
  },
  positionals: { least: 0, most: 1 },
  async run(given, terminal) {
    const [dataset] = given.positionals;
    if (dataset !== undefined) assertDatasetName(dataset);
    const isDry = given.flag('dry-run');
    return withCloud(given, terminal, async (session) => {
      const deadLetters = await replayDeadLetters(dataset, isDry, session);
      const files = await readBacklog(dataset, session);
      if (!isDry) await replayFiles(files, terminal.now(), session);
      if (!isDry && given.flag('wait')) await awaitAll(files.filter(isReplayed), session, terminal);
      return { text: [...deadLetters.flatMap(describeQueue), ...files.flatMap(describeFile), ...summary(deadLetters, files, isDry)], json: toJson(deadLetters, files, isDry) };
    });
  },
};

function isReplayed({ action }: ReplayDecision): boolean {
  return action !== 'done' && action !== 'leave';
}

/** @throws CliError when a file will not get its result, once all have come to an end; the exit code is the first one's */
async function awaitAll(files: readonly BacklogFile[], session: Session, terminal: Terminal): Promise<void> {
  const ends = await Promise.allSettled(files.map(({ dataset, file: name, object: { key, etag } }) => awaitReceipt(dataset, { key, name, etag }, session, terminal)));
  const failed = ends.filter((end) => end.status === 'rejected');
  const [first] = failed;
  if (first === undefined) return;
  if (!(first.reason instanceof CliError)) throw first.reason;
  const { code, message, remedy } = first.reason;
  throw new CliError(code, `${failed.length} of ${files.length} replayed files have no result: ${message}`, { remedy });
}

function describeQueue({ queue, letters }: ReplayedQueue): readonly string[] {
  return letters.map((letter) => `${queue}: ${letter}`);
}

function describeFile(backlog: BacklogFile): readonly string[] {
  return backlog.action === 'done' ? [] : [`${backlog.object.key}: ${OUTCOMES[backlog.action]}: ${backlog.why}`];
}

function summary(deadLetters: readonly ReplayedQueue[], files: readonly BacklogFile[], isDry: boolean): readonly string[] {
  const counts = Object.entries(countActions(files)).map(([action, count]) => `${count} ${action}`);
  return [
    `dead letters   ${countLetters(deadLetters)} ${isDry ? 'would go back' : 'went back'} to their queues`,
    `files          ${counts.length === 0 ? 'none under predict/' : counts.join(', ')}${isDry ? ' (nothing was done: --dry-run)' : ''}`,
  ];
}

function countLetters(deadLetters: readonly ReplayedQueue[]): number {
  return deadLetters.reduce((sum, { letters }) => sum + letters.length, 0);
}

/** By what becomes of them, in words. */
function countActions(files: readonly BacklogFile[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { action } of files) counts[OUTCOMES[action]] = (counts[OUTCOMES[action]] ?? 0) + 1;
  return counts;
}

function toJson(deadLetters: readonly ReplayedQueue[], files: readonly BacklogFile[], isDry: boolean) {
  const shown = files.filter(({ action }) => action !== 'done').map(({ dataset, object: { key, etag }, action, why }) => ({ dataset, key, id: etag, action, why }));
  return { dryRun: isDry, deadLetters, files: shown, counts: { deadLetters: countLetters(deadLetters), done: files.length - shown.length, replayed: files.filter(isReplayed).length, left: files.filter(({ action }) => action === 'leave').length } };
}
