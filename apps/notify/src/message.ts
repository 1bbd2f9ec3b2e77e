/** What a person is told of an event: one message that can be acted on. */
import type { DropforestEvent } from '@dropforest/contracts';

export interface Message {
  /** At most 99 characters without line breaks, as SNS asks for. */
  readonly subject: string;
  readonly text: string;
}

const LONGEST_SUBJECT = 99;

/** `undefined` for what only the journal keeps. Files are named as `s3://bucket/key`. */
export function messageFor(event: DropforestEvent, bucket: string): Message | undefined {
  const written = write(event, (key) => `s3://${bucket}/${key}`);
  if (written === undefined) return undefined;
  const [subject, ...lines] = written;
  return { subject: clean(`${event.detail.dataset}: ${subject}`), text: `${lines.join('\n')}\n` };
}

/** The subject, then the lines of the text. */
function write(event: DropforestEvent, at: (key: string) => string): readonly [string, ...string[]] | undefined {
  switch (event.type) {
    case 'TrainingStarted':
    case 'PredictionStarted':
      return undefined;
    case 'TrainingFailed': {
      const { job, status, reason, remedy } = event.detail;
      return [`training ${status.toLowerCase()}`, `Training job ${job} ended as ${status}.`, `Reason: ${reason}`, `What to do: ${remedy}`];
    }
    case 'ModelRegistered': {
      const { job, dataset, modelVersion, decision } = event.detail;
      // A rejection has an event, and so a message, of its own.
      if (decision.status === 'Rejected') return undefined;
      return [`model version ${modelVersion} registered (${decision.status})`, decision.explanation, `Report: ${at(`models/${dataset}/${job}/report.html`)}`];
    }
    case 'ModelRejected': {
      const { dataset, job, modelVersion, explanation } = event.detail;
      return [`model version ${modelVersion} rejected`, explanation, `Report: ${at(`models/${dataset}/${job}/report.html`)}`];
    }
    case 'ModelPromoted': {
      const { modelVersion, previousVersion } = event.detail;
      const before = previousVersion === undefined ? 'It is the first.' : `Before it was version ${previousVersion}.`;
      return [`model version ${modelVersion} predicts from now on`, `Files dropped under ${at(`predict/${event.detail.dataset}/`)} are predicted by version ${modelVersion}. ${before}`];
    }
    case 'UploadRejected': {
      const { key, verdict, problem } = event.detail;
      return [`${key} was refused`, `${at(key)}: ${problem.message}.`, `What to do: ${problem.remedy}.`, `Verdict: ${at(verdict)}`];
    }
    case 'PredictionWaiting':
      return [`${event.detail.key} waits for a model`, `${at(event.detail.key)}: ${event.detail.reason}.`];
    case 'PredictionFailed': {
      const { key, job, reason, remedy } = event.detail;
      return [`${key} could not be predicted`, `Transform job ${job} failed for ${at(key)}.`, `Reason: ${reason}`, `What to do: ${remedy}`];
    }
    case 'ResultsPublished': {
      const { key, predictions, receipt, rows, predicted, refused, modelVersion } = event.detail;
      const counts = refused === 0 ? `${rows} rows predicted` : `${predicted} of ${rows} rows predicted, ${refused} refused (see prediction_note)`;
      return [`predictions for ${key}`, `${counts} by model version ${modelVersion}.`, `Predictions: ${at(predictions)}`, `Receipt: ${at(receipt)}`];
    }
  }
}

/** SNS takes printable ASCII in a subject. */
function clean(subject: string): string {
  return subject.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_SUBJECT);
}
