/** What a person is told of a happening: what it is, with figures, what to do about it, and the one place to look at. */
import type { DropforestEvent } from '@dropforest/contracts';

/** Plain text throughout; each channel escapes and cuts it as its own format asks. */
export interface Message {
  /** One line of at most 250 characters that starts with the data set. */
  readonly subject: string;
  /** Paragraphs, one a line. */
  readonly text: string;
  /** Where there is something to do. */
  readonly todo?: string | undefined;
  readonly link: Link;
  /** A person has to do something, or nothing more happens. */
  readonly problem: boolean;
}

export interface Link {
  readonly label: string;
  readonly url: string;
}

/** What each event says, before it is cleaned; `at` is the key of the object to look at. */
interface Draft extends Omit<Message, 'link'> {
  readonly at: readonly [label: string, key: string];
}

const LONGEST_SUBJECT = 250;
/** More nobody reads in a message; the object it links to has all of it. */
const LONGEST_TEXT = 6_000;

/**
 * @param links the address to which the key of an object is appended, encoded, to look at it
 * @returns `undefined` for what only the journal keeps
 */
export function messageFor(event: DropforestEvent, links: string): Message | undefined {
  const draft = write(event);
  if (draft === undefined) return undefined;
  const [label, key] = draft.at;
  return {
    subject: cut(clean(`${event.detail.dataset}: ${draft.subject}`).replaceAll(/\s+/g, ' '), LONGEST_SUBJECT),
    text: cut(clean(draft.text), LONGEST_TEXT),
    todo: draft.todo === undefined ? undefined : cut(clean(draft.todo), LONGEST_TEXT),
    link: { label, url: linkTo(links, key) },
    problem: draft.problem,
  };
}

/** Text and what to do, for channels that have no layout. */
export function plainText({ text, todo, link }: Message): string {
  return [text, ...(todo === undefined ? [] : [`What to do: ${todo}`]), `${link.label}: ${link.url}`].join('\n');
}

/** Slashes stay: a key reads as the path that it is. */
export function linkTo(links: string, key: string): string {
  return links + key.toWellFormed().split('/').map(encodeURIComponent).join('/');
}

/** The first `most` characters of a text, the last of them an ellipsis where more was left out. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function write(event: DropforestEvent): Draft | undefined {
  switch (event.type) {
    case 'TrainingStarted':
    case 'PredictionStarted':
      return undefined;
    case 'TrainingFailed': {
      const { job, status, reason, remedy } = event.detail;
      const text = `Training job ${job} ended as ${status}: ${reason}`;
      return { subject: `training ${status.toLowerCase()}`, text, todo: remedy, at: ['What it was to learn from', `jobs/${job}/config/job.json`], problem: true };
    }
    case 'ModelRegistered':
      return registered(event.detail);
    case 'ModelRejected': {
      const { dataset, job, modelVersion, explanation } = event.detail;
      const todo = `Nothing, where that is right; the model before it goes on. Otherwise: dropforest approve ${dataset} ${modelVersion}`;
      return { subject: `model version ${modelVersion} rejected`, text: explanation, todo, at: ['Report', report(dataset, job)], problem: true };
    }
    case 'ModelPromoted': {
      const { dataset, job, modelVersion, previousVersion } = event.detail;
      const before = previousVersion === undefined ? 'It is the first.' : `Before it was version ${previousVersion}.`;
      const text = `Files dropped under predict/${dataset}/ are predicted by version ${modelVersion}. ${before}`;
      return { subject: `model version ${modelVersion} predicts from now on`, text, at: ['Report', report(dataset, job)], problem: false };
    }
    case 'UploadRejected': {
      const { key, verdict, problem } = event.detail;
      const text = `${key}: ${problem.message}. The file stays where it is.`;
      return { subject: `${key} was refused`, text, todo: `${problem.remedy}.`, at: ['Verdict', verdict], problem: true };
    }
    case 'PredictionWaiting': {
      const { key, reason } = event.detail;
      return { subject: `${key} waits for a model`, text: `${key}: ${reason}.`, at: ['File', key], problem: false };
    }
    case 'PredictionFailed': {
      const { key, job, reason, remedy } = event.detail;
      const text = `Transform job ${job} has no predictions for ${key}: ${reason}`;
      return { subject: `${key} could not be predicted`, text, todo: remedy, at: ['File', key], problem: true };
    }
    case 'ResultsPublished': {
      const { key, predictions, rows, predicted, refused, modelVersion } = event.detail;
      const counts = refused === 0 ? `${count(rows)} rows` : `${count(predicted)} of ${count(rows)} rows`;
      const rest = refused === 0 ? '' : ` The other ${count(refused)} have no prediction and say why in the column prediction_note.`;
      const text = `${counts} of ${key} were predicted by model version ${modelVersion}.${rest}`;
      return { subject: `predictions for ${key}`, text, at: ['Predictions', predictions], problem: false };
    }
  }
}

/** A rejection is told when the registry has it, as an event of its own. */
function registered({ dataset, job, modelVersion, decision }: Extract<DropforestEvent, { type: 'ModelRegistered' }>['detail']): Draft | undefined {
  const draft = { text: decision.explanation, at: ['Report', report(dataset, job)] } as const;
  switch (decision.status) {
    case 'Rejected':
      return undefined;
    case 'Approved':
      return { ...draft, subject: `model version ${modelVersion} approved`, problem: false };
    case 'PendingManualApproval': {
      const todo = `Look at the report, then: dropforest approve ${dataset} ${modelVersion}, or dropforest reject ${dataset} ${modelVersion}`;
      return { ...draft, subject: `model version ${modelVersion} waits for your decision`, todo, problem: true };
    }
  }
}

function report(dataset: string, job: string): string {
  return `models/${dataset}/${job}/report.html`;
}

function count(rows: number): string {
  return rows.toLocaleString('en-US');
}

/** File names and reasons may hold anything; no channel carries control characters or halves of characters. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll(/[^\P{Cc}\n\t]+/gu, ' ').trim();
}
