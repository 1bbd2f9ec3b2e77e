import type { Terminal } from './terminal.ts';

/** How long a command waits between two looks. */
export const POLL_MS = 150;
const NOTICE_MS = 30_000;

/** Polls until `look` finds something, and says so when that takes long. */
export async function waitFor<T>(look: () => Promise<T | undefined>, terminal: Terminal): Promise<T> {
  let nextNotice = terminal.now() + NOTICE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (terminal.now() >= nextNotice) {
      terminal.say('still waiting; Ctrl-C leaves everything as it is, and dropforest status says how it stands');
      nextNotice += NOTICE_MS;
    }
    await terminal.sleep(POLL_MS);
  }
}
