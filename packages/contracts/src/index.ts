export { ModelPackageStateChangeSchema, S3ObjectCreatedSchema, TrainingJobStateChangeSchema, TransformJobStateChangeSchema } from './aws-events.ts';
export type { ModelPackageStateChange, S3ObjectCreated, TrainingJobStateChange, TransformJobStateChange } from './aws-events.ts';
export { applySetting, DatasetConfigSchema, parseDatasetConfig, parseScalar } from './dataset-config.ts';
export type { DatasetConfig, DatasetConfigInput, NotifyChannel } from './dataset-config.ts';
export { ContractError } from './errors.ts';
export type { ContractErrorCode } from './errors.ts';
export { DropforestEnvelopeSchema, DropforestEventSchema, EVENT_SOURCE, eventDetails, happeningId, makeEvent, promotionHappening, rejectionHappening } from './events.ts';
export type { DropforestEvent, EventType } from './events.ts';
export { assertDatasetName, keys, parseDroppedKey } from './keys.ts';
export type { DroppedKey, UploadProblem, Zone } from './keys.ts';
export { metricDefinitions, metricLine } from './metric-lines.ts';
export type { MetricName } from './metric-lines.ts';
export { judgedBy, LineageSchema, ModelManifestSchema, ModelMetricsSchema, positionalNames, requiredColumns } from './model-manifest.ts';
export type { ClassificationMetrics, ColumnProfile, Judgement, Lineage, ManifestTuning, ModelManifest, ModelMetrics, RegressionMetrics } from './model-manifest.ts';
export { comparisonJobBase, digest, jobName, modelPackageGroup, parseJobName, predictionSettings, trainingJobBase, trainingSettings, transformJobBase } from './names.ts';
export type { ComparisonInputs, JobName, TrainingInputs, TransformInputs } from './names.ts';
export {
  AttemptSchema,
  BatchLogLineSchema,
  ChampionSchema,
  ClaimSchema,
  ComparisonSchema,
  DecisionSchema,
  ReceiptSchema,
  RegistrationSchema,
  SlotSchema,
  TrainingRequestSchema,
  TransformSourceSchema,
  VerdictSchema,
} from './records.ts';
export type { BatchLogLine, Champion, Claim, Comparison, Decision, Receipt, Registration, Slot, TrainingRequest, TransformFile, TransformSource, Verdict } from './records.ts';
