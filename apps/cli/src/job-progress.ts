/** A running job's progress, read from its log as it is written. */
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { isAwsError } from '@dropforest/lambda-kit';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

const TRAINING_LOGS = '/aws/sagemaker/TrainingJobs';
const TREES = /metric train:trees=(\d+);/;

/** @returns a function that looks again and tells of what is new */
export function followTrees(job: string, session: Session, terminal: Terminal): () => Promise<void> {
  let told = 0;
  return async () => {
    const lines = await readLog(TRAINING_LOGS, job, session, 'train:trees');
    const trees = Math.max(0, ...lines.map((line) => Number(TREES.exec(line)?.[1] ?? 0)));
    if (trees > told) terminal.flash(`  ${trees} trees`);
    told = Math.max(told, trees);
  };
}

/** The lines of a job's log, oldest first; none while there is no log. */
export async function readLog(logGroupName: string, job: string, { clients }: Session, filterPattern?: string): Promise<readonly string[]> {
  const request = { logGroupName, logStreamNamePrefix: `${job}/`, ...(filterPattern === undefined ? {} : { filterPattern: `"${filterPattern}"` }) };
  const lines: string[] = [];
  try {
    for await (const page of paginateFilterLogEvents({ client: clients.logs }, request)) {
      for (const { message = '' } of page.events ?? []) lines.push(message);
    }
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
  }
  return lines;
}
