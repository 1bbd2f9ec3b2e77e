/** What the report says, from what the training found. */
import type { TrainingRequest } from '@dropforest/contracts';
import type { TrainResult } from '@dropforest/model';
import type { ReportInput } from '@dropforest/report';

/** Stands for the job's name where SageMaker gave none. */
const BY_HAND = 'started by hand';

/** @returns `undefined` where there is nothing to show: no row was held out and none is out of bag */
export function reportInput(trained: TrainResult, request: TrainingRequest | undefined, now: Date): ReportInput | undefined {
  const { manifest, evaluation, columns, importances, notes } = trained;
  if (evaluation === undefined) return undefined;
  const { dataset, target, rows, algorithm, hyperparameters, metrics } = manifest;
  const counted = Math.max(1, rows.trained + rows.heldOut);
  return {
    dataset,
    job: request?.lineage.job ?? BY_HAND,
    createdAt: now.toISOString(),
    task: 'regression',
    target,
    rows,
    columns: columns.map(({ name, kind, missing, use, detail }) => ({ name, kind, missing: missing / counted, use: detail === '' ? use : `${use}: ${detail}` })),
    algorithm,
    hyperparameters,
    metrics,
    evaluation,
    importances: importances.map(({ feature, share }) => ({ name: feature, share })),
    files: request?.lineage.files.map(({ key, etag }) => ({ key, etag })) ?? [],
    notes,
  };
}
