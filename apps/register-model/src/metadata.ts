/** What the registry shows of a model: properties of the version, and tags of the SageMaker model. */
import type { Tag } from '@aws-sdk/client-sagemaker';
import { judgedBy, type Decision, type ModelManifest } from '@dropforest/contracts';
import { asLabel, type Action, type ModelPackage } from '@dropforest/lambda-kit';
import type { Rival } from './rival.ts';

/** Names of files may be long, and a property holds 256 characters. */
const FILES_NAMED = 3;

/** What is known of a model once it is trained. Figures are written for programs: `1081.234`. */
export function modelProperties(dataset: string, job: string, { task, metrics, lineage }: Pick<ModelManifest, 'task' | 'metrics' | 'lineage'>): Readonly<Record<string, string>> {
  const judged = judgedBy(metrics);
  const figures = judged === undefined ? {} : { figure: judged.figure, value: String(judged.value), baseline: String(judged.baseline), rows: `${judged.rows} ${judged.source}` };
  return labels({ dataset, trainingJob: job, task, ...figures, files: fileNames(lineage) });
}

/** What a comparison adds: with whom, and by how much the model is better. */
export function comparisonProperties({ job, version, comparison }: Rival): Readonly<Record<string, string>> {
  const comparedWith = `version ${version} ${job}`;
  if (comparison.state !== 'done' || !comparison.value.comparable) return labels({ comparedWith });
  const { difference, interval: [lower, upper] } = comparison.value;
  return labels({ comparedWith, difference: `${difference} in ${lower} to ${upper}` });
}

/** Tags of the SageMaker model: the same, for whoever looks at models rather than at versions. */
export function modelTags(properties: Readonly<Record<string, string>>): Tag[] {
  const { dataset, trainingJob, ...others } = properties;
  return Object.entries({ dataset, job: trainingJob, ...others }).flatMap(([key, Value]) => (Value === undefined ? [] : [{ Key: `dropforest:${key}`, Value }]));
}

/** Tags the SageMaker model, which is called like its training job, with what was decided of it. */
export function tagDecision({ status, explanation }: Decision, { arn, job }: Pick<ModelPackage, 'arn' | 'job'>): Action {
  const [account = ''] = arn.split(':model-package/');
  const Tags = [
    { Key: 'dropforest:status', Value: status },
    { Key: 'dropforest:decision', Value: asLabel(explanation) },
  ];
  return { type: 'add-tags', input: { ResourceArn: `${account}:model/${job}`, Tags } };
}

function fileNames(lineage: ModelManifest['lineage']): string {
  const files = lineage?.files ?? [];
  const named = files.slice(0, FILES_NAMED).map(({ key }) => key);
  return [...named, ...(files.length > FILES_NAMED ? [`and ${files.length - FILES_NAMED} more`] : [])].join(' ');
}

/** A property cannot be empty. */
function labels(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).flatMap(([key, text]) => (text === '' ? [] : [[key, asLabel(text)]])));
}
