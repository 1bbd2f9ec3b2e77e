import { assertDatasetName } from '@dropforest/contracts';
import type { Command } from '../command.ts';
import { describeMetrics, describeTarget, describeTuning } from '../figures.ts';
import { withCloud } from '../session.ts';
import { SETTING_OPTIONS } from '../settings.ts';
import { trainAndFollow, type TrainingOutcome } from '../training.ts';

export const train: Command = {
  name: 'train',
  usage: '<dataset> <file…>',
  summary: 'drop training files and wait for the model and the decision on it',
  details: [
    'All files of the data set, those dropped before included, are trained on together. The same files and settings',
    'are trained once. Without settings everything is inferred: the target is the last column, the algorithm a forest of 500 trees',
    'whose leaf size, features and depth are tuned; --set tune=off grows them fully.',
  ].join('\n'),
  examples: [
    'dropforest train sales january.csv february.csv',
    'dropforest train sales january.csv --target revenue --set nEstimators=200',
    'dropforest train bigmart train.csv --config packages/dataset-bigmart/dataset.json',
  ],
  options: { ...SETTING_OPTIONS, retry: { type: 'boolean', help: 'run a job that failed or was stopped once more' } },
  positionals: { least: 2, most: Infinity },
  async run(given, terminal) {
    const [dataset = '', ...paths] = given.positionals;
    assertDatasetName(dataset);
    const outcome = await withCloud(given, terminal, (session) => trainAndFollow(dataset, paths, given, session, terminal));
    const { job, modelVersion, decision, metrics, tuning } = outcome;
    const text = [
      `data set   ${dataset}`,
      `job        ${job}`,
      `predicts   ${describeTarget(outcome)}`,
      ...(tuning === undefined ? [] : [`settings   ${describeTuning(tuning)}`]),
      `metrics    ${describeMetrics(metrics)}`,
      `model      version ${modelVersion}, ${decision.status}: ${decision.explanation}`,
      `report     dropforest report ${dataset}`,
      ...nextSteps(outcome).map((step, index) => `${index === 0 ? 'next' : '    '}       ${step}`),
    ];
    return { text, json: outcome };
  },
};

/** What a person may do about a model that does not predict. */
function nextSteps({ dataset, modelVersion, decision }: TrainingOutcome): readonly string[] {
  switch (decision.status) {
    case 'Approved':
      return [];
    case 'PendingManualApproval':
      return [`it waits for a person: dropforest approve ${dataset} ${modelVersion}`, `or: dropforest reject ${dataset} ${modelVersion} --reason "…"`];
    case 'Rejected':
      return [`the report says where it errs; more rows, better columns or another gate in dataset.json may help`, `to let it predict all the same: dropforest approve ${dataset} ${modelVersion} --reason "…"`];
  }
}
