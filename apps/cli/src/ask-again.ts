/** Asking once more for the result of a file that was claimed before. */
import { AttemptSchema, ClaimSchema, keys } from '@dropforest/contracts';
import type { Session } from './session.ts';

/** A content of a file to predict. */
export interface FileContent {
  /** Its name below the data set's folder. */
  readonly file: string;
  readonly etag: string;
}

/**
 * Lets go of what is known of a file's content; the attempt, raised first, makes the next job another one.
 * @returns the attempt that was asked for; `undefined` where nobody had claimed the content, so that its event is enough
 */
export async function askAgain(dataset: string, { file, etag }: FileContent, { bucket }: Session): Promise<number | undefined> {
  const claim = (await bucket.readJson(keys.claim(dataset, file, etag), ClaimSchema))?.value;
  if (claim === undefined) return undefined;
  const key = keys.resultAttempt(dataset, file, etag);
  const asked = (await bucket.readJson(key, AttemptSchema))?.value.attempt ?? 1;
  const attempt = Math.max(asked, claim.attempt) + 1;
  await bucket.write(key, `${JSON.stringify({ attempt })}\n`, 'application/json');
  await bucket.delete(keys.receipt(dataset, file, etag));
  await bucket.delete(keys.claim(dataset, file, etag));
  return attempt;
}
