/**
 * What became of one upload, step by step, and what it waits for. Pure: the records that the flow has left are the
 * facts. Times are ISO 8601 throughout; durations are milliseconds.
 */
import type { Claim, Decision, Receipt, Verdict } from '@dropforest/contracts';

export interface Step {
  /** `undefined` where nobody wrote down when. */
  readonly at: string | undefined;
  /** For programs: `dropped`, `refused`, `waiting`, `claimed`, `started`, `ended`, `failed`, `published`, `registered`, `decided`, `promoted`. */
  readonly step: string;
  /** For people. */
  readonly text: string;
}

export type TimelineState = 'waiting' | 'running' | 'done' | 'refused' | 'failed';

export interface Timeline {
  /** `predict/sales/march.csv`, or the files of a training. */
  readonly subject: string;
  /** What follows it: the etag of a content, or a training job. */
  readonly id: string;
  readonly state: TimelineState;
  readonly steps: readonly Step[];
  /** What it waits for; missing where it has come to an end. */
  readonly waitsFor?: string;
  /** What a person may do about it. */
  readonly remedy?: string;
  readonly durations: Readonly<Record<string, number>>;
}

/** A job as SageMaker describes it. */
export interface JobFacts {
  readonly name: string;
  readonly status: string;
  /** What it is doing, in SageMaker's words. */
  readonly doing?: string | undefined;
  readonly createdAt: string | undefined;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
}

/** Something that was told: when, and in which words. */
export interface Told {
  readonly at: string;
  readonly reason: string;
  readonly remedy?: string;
}

export interface PredictionTimelineFacts {
  readonly dataset: string;
  readonly key: string;
  readonly etag: string;
  /** When the content was dropped, as the listing says; `undefined` once it was overwritten. */
  readonly droppedAt: string | undefined;
  readonly verdict: Verdict | undefined;
  /** Whether the file would be refused in the same words today. */
  readonly isRefused: boolean;
  /** That it came before any model. */
  readonly waiting: Told | undefined;
  readonly championVersion: number | undefined;
  readonly claim: Claim | undefined;
  readonly job: JobFacts | undefined;
  readonly failed: Told | undefined;
  readonly receipt: Receipt | undefined;
}

export function predictionTimeline(facts: PredictionTimelineFacts): Timeline {
  const { key, etag, receipt, claim, job } = facts;
  const droppedAt = receipt?.droppedAt ?? claim?.droppedAt ?? facts.droppedAt;
  const startedAt = receipt?.startedAt ?? job?.startedAt;
  const endedAt = receipt?.endedAt ?? job?.endedAt;
  return {
    subject: key,
    id: etag,
    ...predictionState(facts),
    steps: inOrder(predictionSteps({ ...facts, droppedAt }, startedAt, endedAt)),
    durations: durations({ 'before the job': [droppedAt, startedAt], 'in the job': [startedAt, endedAt], publishing: [endedAt, receipt?.publishedAt], 'in all': [droppedAt, receipt?.publishedAt] }),
  };
}

function predictionSteps({ key, droppedAt, verdict, waiting, claim, job, failed, receipt }: PredictionTimelineFacts, startedAt: string | undefined, endedAt: string | undefined): readonly Step[] {
  const name = receipt?.job ?? job?.name ?? '';
  return [
    ...step('dropped', droppedAt, (at) => [at, key]),
    ...step('refused', verdict, ({ at, problem }) => [at, problem.message]),
    ...step('waiting', waiting, ({ at, reason }) => [at, reason]),
    ...step('claimed', claim, ({ at, job: by, model, attempt }) => [at, `by transform job ${by} with model version ${model.version}${attempt > 1 ? `, attempt ${attempt}` : ''}`]),
    ...step('started', startedAt, (at) => [at, `transform job ${name}`]),
    ...step('ended', endedAt, (at) => [at, `transform job ${name}${job === undefined ? '' : `: ${job.status}`}`]),
    ...step('failed', failed, ({ at, reason }) => [at, reason]),
    ...step('published', receipt, ({ publishedAt, predicted, rows, model, predictions }) => [publishedAt, `${predicted} of ${rows} rows predicted by model version ${model.version}: ${predictions}`]),
  ];
}

function predictionState({ dataset, verdict, isRefused, championVersion, claim, job, failed, receipt }: PredictionTimelineFacts): Pick<Timeline, 'state' | 'waitsFor' | 'remedy'> {
  if (receipt !== undefined) return { state: 'done' };
  if (failed !== undefined) return { state: 'failed', ...(failed.remedy === undefined ? {} : { remedy: failed.remedy }) };
  if (claim === undefined && isRefused && verdict !== undefined) return { state: 'refused', remedy: verdict.problem.remedy };
  if (claim === undefined && championVersion === undefined) return { state: 'waiting', waitsFor: 'a model', remedy: `Train one: dropforest train ${dataset} <file.csv>; where one waits for a person: dropforest approve ${dataset}` };
  if (claim === undefined) return { state: 'waiting', waitsFor: 'its turn: files that come together share a job, and only so many jobs run at once', remedy: `Where it has waited for long: dropforest replay ${dataset} --dry-run` };
  if (job === undefined) return { state: 'waiting', waitsFor: `transform job ${claim.job}, which is yet to be started`, remedy: `Where it has waited for long: dropforest replay ${dataset} --dry-run` };
  if (!isOver(job)) return { state: 'running', waitsFor: `transform job ${job.name} (${job.status})` };
  return { state: 'running', waitsFor: 'its results to be published: the counts come with the log of the job', remedy: `Where it has waited for long: dropforest replay ${dataset} --dry-run` };
}

export interface TrainingTimelineFacts {
  readonly dataset: string;
  /** Keys of the files that it is of: one that was asked for, or all those of a job. */
  readonly files: readonly string[];
  /** What was followed: the etag of a content, or the job. */
  readonly id: string;
  readonly droppedAt: string | undefined;
  readonly verdict: Verdict | undefined;
  readonly isRefused: boolean;
  /** What a training starts on, for a file that no job has. */
  readonly startOn: 'quiet' | '_SUCCESS';
  readonly job: JobFacts | undefined;
  readonly failed: Told | undefined;
  /** The model in the registry. */
  readonly registered: { readonly version: number; readonly at: string | undefined; readonly status: Decision['status']; readonly explanation: string; /** When a person has set the status, against the gate's word or without it. */ readonly byHandAt: string | undefined } | undefined;
  /** What the gate said last. */
  readonly decision: Decision | undefined;
  /** The job that holds the model against the champion, while it runs. */
  readonly comparison: string | undefined;
  readonly promotedAt: string | undefined;
  readonly championVersion: number | undefined;
}

export function trainingTimeline(facts: TrainingTimelineFacts): Timeline {
  const { files, id, job, droppedAt, registered, promotedAt } = facts;
  return {
    subject: files.join(', '),
    id,
    ...trainingState(facts),
    steps: inOrder(trainingSteps(facts)),
    durations: durations({ 'before the job': [droppedAt, job?.createdAt], 'in the job': [job?.createdAt, job?.endedAt], registering: [job?.endedAt, registered?.at], 'in all': [droppedAt ?? job?.createdAt, promotedAt ?? registered?.at] }),
  };
}

function trainingSteps({ droppedAt, files, verdict, job, failed, registered, decision, promotedAt }: TrainingTimelineFacts): readonly Step[] {
  // What a person says stands in the registry only.
  const byHand = registered?.byHandAt === undefined ? undefined : registered;
  return [
    ...step('dropped', droppedAt, (at) => [at, files.join(', ')]),
    ...step('refused', verdict, ({ at, problem }) => [at, problem.message]),
    ...step('started', job, ({ createdAt, name }) => [createdAt, `training job ${name}`]),
    ...step('ended', job !== undefined && isOver(job) ? job : undefined, ({ endedAt, name, status }) => [endedAt, `training job ${name}: ${status}`]),
    ...step('failed', failed, ({ at, reason }) => [at, reason]),
    ...step('registered', registered, ({ at, version }) => [at, `model version ${version}`]),
    ...step('decided', decision, ({ at, status, explanation }) => [at, `${status}: ${explanation}`]),
    ...step('decided', byHand, ({ byHandAt, status, explanation }) => [byHandAt, `${status}: ${explanation}`]),
    ...step('promoted', promotedAt, (at) => [at, `model version ${registered?.version ?? ''} predicts`]),
  ];
}

function trainingState(facts: TrainingTimelineFacts): Pick<Timeline, 'state' | 'waitsFor' | 'remedy'> {
  const { job, failed, registered, verdict, isRefused } = facts;
  if (failed !== undefined) return { state: 'failed', ...(failed.remedy === undefined ? {} : { remedy: failed.remedy }) };
  if (registered !== undefined) return registeredState(registered, facts);
  if (job !== undefined) return { state: 'running', waitsFor: isOver(job) ? 'its model to be registered' : `training job ${job.name} (${job.doing ?? job.status})` };
  if (isRefused && verdict !== undefined) return { state: 'refused', remedy: verdict.problem.remedy };
  return { state: 'waiting', waitsFor: facts.startOn === 'quiet' ? 'the other files: a training starts when no new one has come for a while' : `_SUCCESS: a training starts when train/${facts.dataset}/_SUCCESS is dropped` };
}

function registeredState({ status, version }: NonNullable<TrainingTimelineFacts['registered']>, { dataset, decision, comparison, championVersion = 0 }: TrainingTimelineFacts): Pick<Timeline, 'state' | 'waitsFor' | 'remedy'> {
  if (status === 'Rejected') return { state: 'done', ...(championVersion < version ? { remedy: `To let it predict all the same: dropforest approve ${dataset} ${version}` } : {}) };
  if (status === 'Approved') return championVersion >= version ? { state: 'done' } : { state: 'running', waitsFor: 'its turn to predict' };
  if (comparison !== undefined) return { state: 'running', waitsFor: `comparison job ${comparison}, which holds it against model version ${championVersion}` };
  if (decision === undefined) return { state: 'running', waitsFor: 'the decision' };
  return { state: 'waiting', waitsFor: 'a person', remedy: `dropforest approve ${dataset} ${version}, or dropforest reject ${dataset} ${version}` };
}

function isOver({ status }: JobFacts): boolean {
  return status !== 'InProgress' && status !== 'Stopping';
}

/** A step for a fact, if there is one: when, and in which words. */
function step<T>(name: string, fact: T | undefined, tell: (fact: T) => readonly [string | undefined, string]): readonly Step[] {
  if (fact === undefined) return [];
  const [at, text] = tell(fact);
  return [{ at, step: name, text }];
}

/** `2026-03-04T05:10:00`: some of the times have no finer parts. */
const TO_SECONDS = 19;

/** By time, and within a second as one follows from the other; a step without a time stays behind the one before it. */
function inOrder(steps: readonly Step[]): readonly Step[] {
  let last = '';
  const timed = steps.map((one) => ({ one, at: (last = one.at?.slice(0, TO_SECONDS) ?? last) }));
  return timed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ one }) => one);
}

function durations(spans: Readonly<Record<string, readonly [string | undefined, string | undefined]>>): Readonly<Record<string, number>> {
  const known = Object.entries(spans).flatMap(([name, [from, to]]) => (from === undefined || to === undefined ? [] : [[name, Math.max(0, Date.parse(to) - Date.parse(from))] as const]));
  return Object.fromEntries(known);
}

/** Lines for people. */
export function describeTimeline({ subject, id, state, steps, waitsFor, remedy, durations: spans }: Timeline): readonly string[] {
  const took = Object.entries(spans).map(([name, ms]) => `${(ms / 1000).toFixed(1)} s ${name}`);
  return [
    `${subject}  id ${id}  ${state}`,
    ...steps.map(({ at, step: name, text }) => `  ${(at ?? '').padEnd(24)}  ${name.padEnd(10)}  ${text}`),
    ...(waitsFor === undefined ? [] : [`  waits for ${waitsFor}`]),
    ...(remedy === undefined ? [] : [`  → ${remedy}`]),
    ...(took.length === 0 ? [] : [`  took ${took.join(', ')}`]),
  ];
}
