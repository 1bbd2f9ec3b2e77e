/** The command line without a process of its own: quicker where a test runs it many times. */
import { run, type Terminal } from '@dropforest/cli';
import type { Ended } from './command-line.ts';

export async function dropforestInProcess(dataDir: string, user: string, words: readonly string[]): Promise<Ended> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    say: (line) => void stderr.push(`${line}\n`),
    flash: () => undefined,
    print: (text) => void stdout.push(text.endsWith('\n') ? text : `${text}\n`),
    now: Date.now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    interrupted: new Promise(() => undefined),
    environment: { DROPFOREST_DATA_DIR: dataDir },
    user,
  };
  const code = await run(words, terminal);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}
