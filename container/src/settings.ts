/**
 * What a training job is told: the `config` channel holds the effective dataset.json and what the job is of. A job that
 * was started by hand, without that channel, is told by its HyperParameters: a name
 * of dataset.json's (`target`, `evaluation.holdout`) is that setting, any other one of the algorithm's.
 */
import { applySetting, parseDatasetConfig, parseScalar, TrainingRequestSchema, type DatasetConfig, type TrainingRequest } from '@dropforest/contracts';
import type { OptMl } from './opt-ml.ts';

export interface Settings {
  readonly config: DatasetConfig;
  /** Missing where the job was started by hand. */
  readonly request: TrainingRequest | undefined;
}

/** @throws ContractError `invalid-dataset-config` naming each key that is wrong */
export function readSettings(optMl: OptMl): Settings {
  const files = new Map(optMl.channel('config').map(({ name, read }) => [name, new TextDecoder().decode(read())]));
  const configText = files.get('dataset.json');
  const requestText = files.get('job.json');
  return {
    config: parseDatasetConfig(configText ?? JSON.stringify(configFromHyperParameters(optMl.hyperParameters()))),
    request: requestText === undefined ? undefined : TrainingRequestSchema.parse(JSON.parse(requestText)),
  };
}

function configFromHyperParameters(given: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.entries(given).reduce<Record<string, unknown>>((config, [name, text]) => applySetting(config, name, parseScalar(text)), {});
}
