/** What a training file must have before a job is paid for. Only the head of the file is looked at. */
import type { DatasetConfig, UploadProblem } from '@dropforest/contracts';
import type { HeadInspection } from '@dropforest/tabular';

const COLUMNS_SHOWN = 50;
/** What S3 copies in one piece. */
const LARGEST_FILE = 5 * 1024 ** 3;

/** `undefined` where nothing is wrong. */
export function checkTrainingHead(head: HeadInspection, size: number, config: DatasetConfig): UploadProblem | undefined {
  if (!head.ok) return head.problem;
  if (size > LARGEST_FILE) {
    return { code: 'too-large', message: `the file has ${Math.ceil(size / 1024 ** 3)} GB; a training file may have 5 GB`, remedy: 'Compress the file with gzip, or split it, with the header in each part' };
  }
  const { header } = head;
  if (header.length < 2) {
    return {
      code: 'too-few-columns',
      line: 1,
      message: `line 1: the header has a single column, ${JSON.stringify(header[0] ?? '')}; a training file needs the column to predict and at least one to predict it from`,
      remedy: 'Check the delimiter: comma, semicolon, tab and pipe are understood',
    };
  }
  if (config.target === undefined || header.includes(config.target)) return undefined;
  return {
    code: 'missing-target',
    line: 1,
    column: config.target,
    message: `line 1: the target column ${JSON.stringify(config.target)} is not in the header, which has ${listed(header)}`,
    remedy: `Add the column ${JSON.stringify(config.target)} to the file, or name the right column as "target" in dataset.json (dropforest train --target <column>)`,
  };
}

/** The first names of a header: a message is read by people. */
function listed(header: readonly string[]): string {
  const shown = header.slice(0, COLUMNS_SHOWN).map((name) => JSON.stringify(name)).join(', ');
  return header.length > COLUMNS_SHOWN ? `${shown} and ${header.length - COLUMNS_SHOWN} more` : shown;
}
