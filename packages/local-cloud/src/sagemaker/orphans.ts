import { readFileSync } from 'node:fs';

import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';
import { kill } from './container-process.ts';

/** Remembers which child works in which folder, beyond the death of this process. */
export interface Children {
  add(pid: number, folder: string): void;
  remove(folder: string): void;
}

export function createChildren({ database }: CloudContext): Children {
  return {
    add(pid, folder) {
      database.run('INSERT OR REPLACE INTO children VALUES (?, ?)', pid, folder);
    },
    remove(folder) {
      database.run('DELETE FROM children WHERE folder = ?', folder);
    },
  };
}

/**
 * Ends children that a killed cloud left behind. A process is one of them when its environment still names the work
 * folder, as process ids are used again. Where the system does not show that (there is no /proc), it is left alone.
 */
export function endOrphans({ database, log }: CloudContext): void {
  for (const { pid, folder } of database.all(z.object({ pid: z.number(), folder: z.string() }), 'SELECT pid, folder FROM children')) {
    if (worksIn(pid, folder)) {
      kill(pid, 'SIGKILL');
      log({ level: 'warn', from: 'sagemaker', message: `Process ${pid} of a job that was interrupted was still running and has been ended.` });
    }
  }
  database.run('DELETE FROM children');
}

function worksIn(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`OPT_ML=${folder}`);
  } catch {
    return false;
  }
}
