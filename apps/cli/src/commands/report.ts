import { assertDatasetName, ChampionSchema, keys } from '@dropforest/contracts';
import type { Command } from '../command.ts';
import { download } from '../download.ts';
import { wrongInput } from '../errors.ts';
import { withCloud, type Session } from '../session.ts';

export const report: Command = {
  name: 'report',
  usage: '<dataset> [--out <file>]',
  summary: 'write the report of the model that predicts, or of a job, as an HTML file',
  examples: ['dropforest report sales', 'dropforest report sales --job df-sales-0123456789ab-1 --out report.html'],
  options: {
    job: { type: 'string', value: '<job>', help: 'the training job (that of the model that predicts)' },
    out: { type: 'string', value: '<file>', help: 'where to write it (<dataset>-report.html)' },
  },
  positionals: { least: 1, most: 1 },
  async run(given, terminal) {
    const [dataset = ''] = given.positionals;
    assertDatasetName(dataset);
    const out = given.text('out') ?? `${dataset}-report.html`;
    return withCloud(given, terminal, async (session) => {
      const job = given.text('job') ?? (await championJob(dataset, session));
      const key = keys.modelFile(dataset, job, 'report.html');
      if ((await session.bucket.head(key)) === undefined) throw wrongInput(`${job} has left no report`, `See: dropforest models ${dataset}`);
      await download(key, out, session);
      return { text: [out], json: { dataset, job, report: out } };
    });
  },
};

async function championJob(dataset: string, { bucket }: Session): Promise<string> {
  const champion = await bucket.readJson(keys.champion(dataset), ChampionSchema);
  if (champion === undefined) throw wrongInput(`${dataset} has no model that predicts`, `Train one (dropforest train ${dataset} <file.csv>), or name a job with --job`);
  return champion.value.job;
}
