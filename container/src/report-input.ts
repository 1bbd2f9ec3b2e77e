/** What the report says, from what the training found. */
import type { TrainingRequest } from '@dropforest/contracts';
import type { TrainResult } from '@dropforest/model';
import type { ReportInput } from '@dropforest/report';

/** Stands for the job's name where SageMaker gave none. */
const BY_HAND = 'started by hand';

/** @returns `undefined` where there is nothing to show: no row was held out and none is out of bag */
export function reportInput(trained: TrainResult, request: TrainingRequest | undefined, now: Date): ReportInput | undefined {
  const { manifest, evaluation, comparison, importances, notes } = trained;
  if (evaluation === undefined) return undefined;
  const { dataset, target, rows, algorithm, hyperparameters, tuning, metrics } = manifest;
  return {
    dataset,
    job: request?.lineage.job ?? BY_HAND,
    createdAt: now.toISOString(),
    target,
    rows,
    columns: columnSummaries(trained),
    algorithm,
    hyperparameters,
    tuning,
    metrics,
    evaluation,
    comparison,
    importances: importances.map(({ feature, share }) => ({ name: feature, share })),
    files: request?.lineage.files.map(({ key, etag }) => ({ key, etag })) ?? [],
    notes,
  };
}

function columnSummaries({ manifest, columns }: TrainResult): ReportInput['columns'] {
  const rows = Math.max(1, manifest.rows.trained + manifest.rows.heldOut);
  const schemaOf = new Map(manifest.schema.columns.map((column) => [column.name, column]));
  const profileOf = new Map(manifest.profile.map((profile) => [profile.name, profile]));
  return columns.map(({ name, kind, missing, use, detail }) => {
    const explanation = schemaOf.get(name)?.['explanation'];
    return {
      name,
      kind,
      explanation: typeof explanation === 'string' ? explanation : undefined,
      missing: missing === undefined ? undefined : missing / rows,
      use,
      detail,
      summary: profileOf.get(name),
    };
  });
}
