import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { assertDatasetName } from '@dropforest/contracts';
import type { Command } from '../command.ts';
import { download } from '../download.ts';
import { wrongInput } from '../errors.ts';
import { predictAndFollow } from '../prediction.ts';
import { withCloud } from '../session.ts';

export const predict: Command = {
  name: 'predict',
  usage: '<dataset> <file…> [--out <file>]',
  summary: 'drop files to predict and wait for the joined predictions',
  details: 'Every row of the file comes back as it was, in order, with a prediction at its end. Columns go by name.',
  examples: ['dropforest predict sales march.csv --out march-predicted.csv', 'dropforest predict sales march.csv --retry'],
  options: {
    out: { type: 'string', value: '<file>', help: 'where to write the predictions (for a single file)' },
    retry: { type: 'boolean', help: 'ask again: after a failure, or to have the predictions of a newer model' },
  },
  positionals: { least: 2, most: Infinity },
  async run(given, terminal) {
    const [dataset = '', ...paths] = given.positionals;
    const out = given.text('out');
    assertDatasetName(dataset);
    if (out !== undefined && paths.length > 1) throw wrongInput('--out takes the predictions of a single file', 'Run dropforest predict once for each file');
    if (out !== undefined && !existsSync(dirname(resolve(out)))) throw wrongInput(`there is no folder ${dirname(resolve(out))} for --out`, 'Make it, or name another file');
    return withCloud(given, terminal, async (session) => {
      const outcomes = await predictAndFollow(dataset, paths, given.flag('retry'), session, terminal);
      const [first] = outcomes;
      if (out !== undefined && first !== undefined) await download(first.receipt.predictions, out, session);
      const text = outcomes.flatMap(({ file, receipt }) => [
        `${file}: ${receipt.predicted} of ${receipt.rows} rows predicted by model version ${receipt.model.version}${receipt.refused === 0 ? '' : `; ${receipt.refused} could not be: the column prediction_note says why`}`,
        `  ${out ?? `s3://${session.bucket.name}/${receipt.predictions}`}`,
      ]);
      return { text, json: { dataset, ...(out === undefined ? {} : { out }), files: outcomes } };
    });
  },
};
