import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { assertDatasetName } from '@dropforest/contracts';
import type { Command } from '../command.ts';
import { download } from '../download.ts';
import { wrongInput } from '../errors.ts';
import { describeMetrics, describeTarget, describeTuning } from '../figures.ts';
import { predictAndFollow } from '../prediction.ts';
import { withCloud } from '../session.ts';
import { trainAndFollow } from '../training.ts';

/** The whole flow on the samples of a data set package. `npm start` runs it. */
export const demo: Command = {
  name: 'demo',
  usage: '<data set package>',
  summary: 'the whole flow on a package’s samples: train, decide, predict',
  details: 'The package is a folder dataset-<name> with dataset.json, samples/train.csv and samples/predict.csv.',
  examples: ['dropforest demo packages/dataset-bigmart'],
  options: {},
  positionals: { least: 1, most: 1 },
  async run(given, terminal) {
    const [folder = ''] = given.positionals;
    const dataset = basename(folder).replace(/^dataset-/, '');
    assertDatasetName(dataset);
    const [config, training, prediction] = [join(folder, 'dataset.json'), join(folder, 'samples', 'train.csv'), join(folder, 'samples', 'predict.csv')];
    for (const file of [config, training, prediction]) if (!existsSync(file)) throw wrongInput(`${file} is not there`, 'Name a data set package, such as packages/dataset-bigmart');
    return withCloud(given, terminal, async (session) => {
      const settings = { ...given, text: (name: string) => (name === 'config' ? config : given.text(name)) };
      const model = await trainAndFollow(dataset, [training], settings, session, terminal);
      const [predicted] = await predictAndFollow(dataset, [prediction], false, session, terminal);
      if (predicted === undefined) throw wrongInput(`${prediction} was not predicted`);
      const out = { predictions: join(session.dataDir, `${dataset}-predictions.csv`), report: join(session.dataDir, `${dataset}-report.html`) };
      await download(predicted.receipt.predictions, out.predictions, session);
      await download(model.report, out.report, session);
      const { receipt } = predicted;
      const text = [
        '',
        `data set      ${dataset}`,
        `job           ${model.job}`,
        `predicts      ${describeTarget(model)}`,
        ...(model.tuning === undefined ? [] : [`settings      ${describeTuning(model.tuning)}`]),
        `metrics       ${describeMetrics(model.metrics)}`,
        `model         version ${model.modelVersion}, ${model.decision.status}`,
        `predictions   ${relative('.', out.predictions)} (${receipt.predicted} of ${receipt.rows} rows, by model version ${receipt.model.version})`,
        `report        ${relative('.', out.report)}`,
      ];
      return { text, json: { dataset, model, prediction: predicted, ...out } };
    });
  },
};
