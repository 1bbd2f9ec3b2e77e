/**
 * The events that Dropforest tells as JSON Schemas (draft 2020-12), for consumers in any language: one file an event and
 * version, which describes the whole message as EventBridge delivers it. Members may be added to a version; a consumer
 * leaves alone what it does not know.
 */
import { z } from 'zod';
import { EVENT_SOURCE, eventDetails, type EventType } from './events.ts';

type Member = { [T in EventType]: keyof z.output<(typeof eventDetails)[T]> }[EventType];

const TOLD_WHEN: Readonly<Record<EventType, string>> = {
  TrainingStarted: 'A training job was created.',
  TrainingFailed: 'A training job failed or was stopped.',
  ModelRegistered: "A training job's model is a version of the registry, with a decision.",
  ModelRejected: 'The gate or a person refused a model.',
  ModelPromoted: 'A model predicts from this moment on.',
  UploadRejected: 'A file was refused at the door, before any job.',
  PredictionWaiting: 'A file to predict came before there was a model.',
  PredictionStarted: 'A transform job was created for a file.',
  PredictionFailed: 'A file could not be predicted.',
  ResultsPublished: 'The joined predictions of a file and their receipt are in the bucket.',
};

const MEANING: Readonly<Record<Member, string>> = {
  version: "Version of the detail's shape.",
  id: 'Names the happening. The same happening may be delivered more than once and then has the same id.',
  dataset: 'Name of the data set.',
  at: 'When it was told: ISO 8601 with milliseconds, UTC.',
  job: 'Name of the SageMaker job.',
  files: 'The files that the job reads; the first hundred of them.',
  fileCount: 'How many files the job reads.',
  status: 'How the job ended.',
  reason: 'Why, in plain words.',
  remedy: 'What to do about it, in plain words.',
  modelPackageArn: "ARN of the version in SageMaker's model registry.",
  modelVersion: 'Number of the version in the model registry.',
  metrics: 'Figures of the model beside those of a naive prediction.',
  decision: 'Whether the model may predict, and why, in plain words.',
  explanation: 'Why, in plain words, with the figures.',
  previousVersion: 'The version that predicted before. Missing for the first one.',
  key: 'Key of the dropped file in the bucket.',
  etag: 'ETag of its content, without quotes.',
  verdict: 'Key of the verdict in the bucket.',
  problem: 'What is wrong with the file, where, and what to do about it.',
  predictions: 'Key of the joined predictions in the bucket.',
  receipt: 'Key of the receipt in the bucket.',
  rows: 'Rows of the file; each is either predicted or refused.',
  predicted: 'Rows that have a prediction.',
  refused: 'Rows that have a note in place of a prediction.',
};

/** File name (`ModelPromoted.v1.json`) → schema, as plain JSON. */
export function eventSchemas(): ReadonlyMap<string, z.core.util.JSONType> {
  return new Map(EVENT_TYPES.map((type) => [`${type}.v${versionOf(type)}.json`, eventSchema(type)]));
}

const EVENT_TYPES = Object.keys(eventDetails).filter((type): type is EventType => type in eventDetails);

function versionOf(type: EventType): string {
  return eventDetails[type].shape.version.value;
}

function eventSchema(type: EventType): z.core.util.JSONType {
  const schema = envelopeOf(type).meta({ title: `${type}, version ${versionOf(type)}`, description: TOLD_WHEN[type] });
  // As input, objects stay open: members may be added.
  return z.json().parse(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input', override: describe }))));
}

/** The members beside `detail` are EventBridge's own. */
function envelopeOf(type: EventType) {
  return z.object({
    version: z.literal('0'),
    id: z.string().describe('Names the delivery, not the happening: see detail.id.'),
    'detail-type': z.literal(type),
    source: z.literal(EVENT_SOURCE),
    account: z.string(),
    time: z.string().describe('ISO 8601, UTC.'),
    region: z.string(),
    resources: z.array(z.string()),
    detail: eventDetails[type],
  });
}

/** Members of a detail say what they mean; a whole number says no more than that it is one. */
function describe({ jsonSchema, path: [, parent, , member, ...below] }: { jsonSchema: z.core.JSONSchema.BaseSchema; path: (string | number)[] }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (parent === 'detail' && below.length === 0 && isMember(member)) jsonSchema.description = MEANING[member];
}

function isMember(name: unknown): name is Member {
  return typeof name === 'string' && Object.hasOwn(MEANING, name);
}
