/** What is true of every history once nothing is left to do. Each check gives the sentences that say where it is not. */
import { ClaimSchema, DatasetConfigSchema, keys, ReceiptSchema, type EventType } from '@dropforest/contracts';
import { InjectedFault } from './faults.ts';
import type { Facts } from './facts.ts';
import { expectedStatuses } from './gate-model.ts';
import { DATASETS, type Dataset, type PredictionContent, type Settings } from './history.ts';
import { predictionUploads, trainingUploads, type Upload } from './uploads.ts';

type Invariant = (facts: Facts) => readonly string[];

export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'everything comes to rest': ({ isAtRest }) => (isAtRest ? [] : ['messages are still being put back']),
  'no message becomes a dead letter': ({ deadLetters }) => deadLetters.map(({ queue }) => `a message lies in ${queue}`),
  'nothing fails but what was made to fail': ({ world }) => world.errors.filter(({ error }) => !isInjected(error)).map(({ app, error }) => `${app}: ${String(error)}`),
  'a file to predict has one result or one explained refusal': (facts) => predictionUploads(facts).flatMap((upload) => predictionOutcome(upload, facts)),
  'receipts add up': receiptsAddUp,
  'no two transform jobs read the same file': ({ transforms }) => repeated(transforms.flatMap(({ inputs }) => inputs)),
  'transform jobs keep to their places': transformJobsKeepToTheirPlaces,
  'no job trains twice on the same inputs': ({ trainings }) =>
    repeated(trainings.map(({ request, inputs, config, given }) => JSON.stringify(request.compare === undefined ? [inputs, trainedUnder(config)] : given))),
  'what was dropped last is trained on': (facts) => DATASETS.flatMap((dataset) => latestIsTrainedOn(dataset, facts)),
  'a bad training file is refused with a verdict': (facts) =>
    trainingUploads(facts)
      .filter(({ content, isLatest, dataset }) => isLatest && content.startsWith('bad') && isReadable(dataset, facts))
      .flatMap(({ dataset, file, etag, key }) => (facts.records.has(keys.verdict('train', dataset, file, etag)) ? [] : [`${key} has no verdict`])),
  'a trained model is registered once': (facts) => DATASETS.flatMap((dataset) => registeredOnce(dataset, facts)),
  'decisions follow from the figures': (facts) => DATASETS.flatMap((dataset) => decisionsFollow(dataset, facts)),
  'the champion is the one that the decisions imply': (facts) => DATASETS.flatMap((dataset) => championFollows(dataset, facts)),
  'every happening is told once': (facts) => toldOnce(facts),
  'no message goes out twice': messagesGoOutOnce,
};

/** Every sentence that is wrong with the outcome of a history. */
export function violations(facts: Facts): readonly string[] {
  return Object.entries(INVARIANTS).flatMap(([name, check]) => check(facts).map((where) => `${name}: ${where}`));
}

function isInjected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isOurs = error instanceof InjectedFault || error.message.startsWith('injected: ') || error.name === 'ResourceLimitExceeded';
  return isOurs || isInjected(error.cause);
}

function predictionOutcome({ dataset, file, key, etag, content, isLatest }: Upload<PredictionContent>, facts: Facts): readonly string[] {
  const what = `${key} (${content})`;
  const told = (type: EventType) => facts.journal.filter((event) => event.type === type && 'key' in event.detail && event.detail.key === key && event.detail.etag === etag);
  const failed = told('PredictionFailed');
  const outcomes = [
    ...(facts.records.has(keys.receipt(dataset, file, etag)) ? ['a receipt'] : []),
    ...(facts.records.has(keys.verdict('predict', dataset, file, etag)) ? ['a verdict'] : []),
    ...failed.map(() => 'a failure'),
  ];
  const wrong: string[] = [];
  if (outcomes.length > 1) wrong.push(`${what} has ${outcomes.join(' and ')}`);
  if (content === 'poison' && outcomes.includes('a receipt')) wrong.push(`${what} has a receipt`);
  if (content !== 'poison') for (const event of failed) if (event.type === 'PredictionFailed' && !hasJobFailed(event.detail.job, facts)) wrong.push(`${what} failed, though its job did not: ${event.detail.reason}`);
  if (!isLatest) return wrong;
  const isRefused = content === 'badEmpty' || (content === 'badColumn' && facts.champions[dataset] !== undefined);
  if (isRefused && outcomes[0] !== 'a verdict') wrong.push(`${what} has ${outcomes[0] ?? 'nothing'} in place of a verdict`);
  if (isRefused) return wrong;
  if (facts.champions[dataset] === undefined) {
    if (told('PredictionWaiting').length !== 1) wrong.push(`${what} waits for a model, but nobody was told`);
  } else if (outcomes.length === 0) wrong.push(`${what} has no outcome`);
  return wrong;
}

/** Whether the model of a job could not be loaded, so that none of its files has a result. */
function hasJobFailed(job: string, { transforms }: Facts): boolean {
  return transforms.some(({ name, reason }) => name === job && reason.includes('failed to respond to ping'));
}

function receiptsAddUp(facts: Facts): readonly string[] {
  const { records, transforms, world } = facts;
  return predictionUploads(facts).flatMap(({ dataset, file, etag, key, content }) => {
    const text = records.get(keys.receipt(dataset, file, etag));
    if (text === undefined) return [];
    const wrong: string[] = [];
    const receipt = ReceiptSchema.parse(JSON.parse(text));
    const claim = ClaimSchema.parse(JSON.parse(records.get(keys.claim(dataset, file, etag)) ?? '{}'));
    const rows = world.texts.prediction[content].trimEnd().split('\n').slice(1);
    const refused = rows.filter((row) => row === 'bad').length;
    if (receipt.job !== claim.job || receipt.model.name !== claim.model.name) wrong.push(`the receipt of ${key} is of ${receipt.job}, its claim of ${claim.job}`);
    if (receipt.rows !== rows.length || receipt.refused !== refused || receipt.predicted !== rows.length - refused) wrong.push(`${key}: ${receipt.rows} rows = ${receipt.predicted} + ${receipt.refused}`);
    if (records.get(receipt.predictions)?.trimEnd().split('\n').length !== rows.length + 1) wrong.push(`the predictions of ${key} are not there or have another length`);
    if (!transforms.some(({ name, inputs }) => name === receipt.job && inputs.includes(claim.snapshot))) wrong.push(`${receipt.job} never read ${key}`);
    const times = [receipt.droppedAt, receipt.startedAt, receipt.endedAt, receipt.publishedAt];
    if (times.some((time, index) => index > 0 && Date.parse(time) < Date.parse(times[index - 1] ?? time))) wrong.push(`the times of ${key} are out of order: ${times.join(', ')}`);
    return wrong;
  });
}

function transformJobsKeepToTheirPlaces({ transforms, history }: Facts): readonly string[] {
  return transforms.flatMap(({ name, created }) => {
    const others = transforms.filter((other) => other.created <= created && !(other.ended <= created));
    return others.length > history.places ? [`when ${name} started, ${others.length} were under way`] : [];
  });
}

/** What of dataset.json a training depends on: when it starts and who hears of it is nothing to the model. */
function trainedUnder(config: string): object {
  const { startOn: _start, quietSeconds: _quiet, predictQuietSeconds: _predictQuiet, notify: _notify, ...settings } = DatasetConfigSchema.parse(JSON.parse(config));
  return settings;
}

function latestIsTrainedOn(dataset: Dataset, facts: Facts): readonly string[] {
  const { done, trainings } = facts;
  const good = trainingUploads(facts).filter((upload) => upload.dataset === dataset && upload.isLatest && !upload.content.startsWith('bad'));
  const wanted = good.map(({ etag, file }) => keys.snapshot(dataset, etag, file)).sort();
  if (wanted.length === 0) return [];
  const deeds = done.map(({ deed }) => deed).filter((deed) => deed.dataset === dataset);
  const settled = deeds.findLastIndex((deed) => deed.do === 'settle on');
  const starter = isByMarker(dataset, done) ? 'mark' : 'train';
  const lastDrop = deeds.findLastIndex((deed) => deed.do === 'train');
  const lastStart = deeds.findLastIndex((deed) => deed.do === starter);
  // Where settings were changed after the files came, which of them an event met is a matter of chance.
  if (lastStart < lastDrop || settled > lastStart || !isReadableNow(dataset, done)) return [];
  const isThere = trainings.some(({ dataset: of, inputs, request }) => of === dataset && request.compare === undefined && inputs.join() === wanted.join());
  return isThere ? [] : [`${dataset}: there is no job on ${wanted.join(', ')}`];
}

function settingsOf(dataset: Dataset, done: Facts['done']): Settings {
  const last = done.findLast(({ deed }) => deed.do === 'settle on' && deed.dataset === dataset)?.deed;
  return last?.do === 'settle on' ? last.settings : 'usual';
}

function isByMarker(dataset: Dataset, done: Facts['done']): boolean {
  return settingsOf(dataset, done) === 'byMarker';
}

function isReadableNow(dataset: Dataset, done: Facts['done']): boolean {
  return settingsOf(dataset, done) !== 'wrong';
}

/** Whether no event met a dataset.json that could not be read. */
function isReadable(dataset: Dataset, { done }: Facts): boolean {
  return !done.some(({ deed }) => deed.do === 'settle on' && deed.dataset === dataset && deed.settings === 'wrong');
}

function registeredOnce(dataset: Dataset, { models, trainings }: Facts): readonly string[] {
  const trained = trainings.filter((job) => job.dataset === dataset && job.request.compare === undefined && job.status === 'Completed').map(({ name }) => name);
  const registered = models[dataset].map(({ job }) => job);
  return [
    ...repeated(registered),
    ...trained.filter((job) => !registered.includes(job)).map((job) => `${job} was not registered`),
    ...registered.filter((job) => !trained.includes(job)).map((job) => `${job} was registered without having been trained`),
  ];
}

/** A version that a person decides before the gate has come to a decision needs none. */
function decisionsFollow(dataset: Dataset, { models, trainings, done }: Facts): readonly string[] {
  return models[dataset].flatMap(({ version, job, decision, comparison, manifest }) => {
    // What a person decides before the gate has, or while it compares again, stays: the gate leaves it at that.
    const isByHand = done.some((one) => one.deed.dataset === dataset && one.version === version);
    if (isByHand && (decision === undefined || decision.status === 'PendingManualApproval')) return [];
    if (decision === undefined || manifest === undefined) return [`version ${version} of ${dataset} has no decision or no manifest`];
    const config = DatasetConfigSchema.parse(JSON.parse(trainings.find(({ name }) => name === job)?.config ?? '{}'));
    const couldNotCompare = trainings.some(({ request, status }) => request.compare?.challenger === job && status !== 'Completed');
    const expected = expectedStatuses({ manifest, config, comparison, comparedWith: decision.comparedWith, couldNotCompare });
    return expected.includes(decision.status) ? [] : [`version ${version} of ${dataset} is ${decision.status} (${decision.explanation}), and should be ${expected.join(' or ')}`];
  });
}

function championFollows(dataset: Dataset, { models, champions, approvals, journal, done }: Facts): readonly string[] {
  const wrong: string[] = [];
  const champion = champions[dataset]?.version ?? 0;
  const versions = models[dataset];
  const everApproved = versions.filter(({ arn }) => approvals.some((one) => one.arn === arn && one.status === 'Approved')).map(({ version }) => version);
  const approved = versions.filter(({ status }) => status === 'Approved').map(({ version }) => version);
  const least = Math.max(0, ...approved);
  if (champion < least) wrong.push(`${dataset}: version ${least} is approved, but ${champion} predicts`);
  if (champion > 0 && !everApproved.includes(champion)) wrong.push(`${dataset}: version ${champion} predicts, but was never approved`);

  const promoted = journal.flatMap((event) => (event.type === 'ModelPromoted' && event.detail.dataset === dataset ? [event.detail] : [])).sort((a, b) => a.modelVersion - b.modelVersion);
  if ((promoted.at(-1)?.modelVersion ?? 0) !== champion) wrong.push(`${dataset}: version ${champion} predicts, but the last that was told of is ${promoted.at(-1)?.modelVersion ?? 'none'}`);
  promoted.forEach(({ modelVersion, previousVersion }, index) => {
    const before = promoted[index - 1]?.modelVersion;
    if (before !== previousVersion) wrong.push(`${dataset}: version ${modelVersion} took over from ${previousVersion ?? 'none'}, but ${before ?? 'none'} was promoted before it`);
    const isByHand = done.some(({ deed, version }) => deed.do === 'approve' && deed.dataset === dataset && version === modelVersion);
    const decision = versions.find(({ version }) => version === modelVersion)?.decision;
    const comparedWith = versions.find(({ job }) => job === decision?.comparedWith)?.version;
    if (!isByHand && (decision?.status !== 'Approved' || comparedWith !== before)) {
      wrong.push(`${dataset}: version ${modelVersion} took over from ${before ?? 'none'}, but it was compared with ${comparedWith ?? 'none'} and is ${decision?.status ?? 'undecided'}`);
    }
  });
  return wrong;
}

function toldOnce(facts: Facts): readonly string[] {
  const { journal, records, trainings, transforms, models } = facts;
  const counts = new Map<string, number>();
  for (const event of journal) for (const name of namesOf(event)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const expected = [
    ...predictionUploads(facts).filter(({ dataset, file, etag }) => records.has(keys.receipt(dataset, file, etag))).map(({ key, etag }) => `ResultsPublished ${key} ${etag}`),
    ...predictionUploads(facts)
      .filter(({ dataset, file, etag }) => transforms.some(({ inputs }) => inputs.includes(keys.snapshot(dataset, etag, file))))
      .map(({ key, etag }) => `PredictionStarted ${key} ${etag}`),
    ...trainings.filter(({ request }) => request.compare === undefined).map(({ name }) => `TrainingStarted ${name}`),
    ...trainings.filter(({ request, status }) => request.compare === undefined && status === 'Failed').map(({ name }) => `TrainingFailed ${name}`),
    ...DATASETS.flatMap((dataset) => models[dataset].map(({ arn }) => `ModelRegistered ${arn}`)),
    ...DATASETS.flatMap((dataset) => models[dataset].filter(({ status }) => status === 'Rejected').map(({ arn }) => `ModelRejected ${arn}`)),
  ];
  return expected.filter((name) => counts.get(name) !== 1).map((name) => `${name}: ${counts.get(name) ?? 0} times`);
}

function namesOf({ type, detail }: Facts['journal'][number]): readonly string[] {
  if ('modelPackageArn' in detail) return [`${type} ${detail.modelPackageArn}`];
  if ('key' in detail) return [`${type} ${detail.key} ${detail.etag}`];
  return [`${type} ${detail.job}`];
}

/** A happening that is told has a record of its delivery, and one message at most. */
function messagesGoOutOnce({ records, messages }: Facts): readonly string[] {
  return DATASETS.flatMap((dataset) => {
    const sent = messages.filter((subject) => subject.startsWith(`${dataset}: `)).length;
    const deliveries = [...records.keys()].filter((key) => key.startsWith(`deliveries/${dataset}/`)).length;
    return sent > deliveries ? [`${dataset}: ${sent} messages for ${deliveries} happenings`] : [];
  });
}

function repeated(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))].map((item) => `${item} is there more than once`);
}
