/** Whether an approved model becomes the champion. Pure: the same facts give the same actions. */
import { keys, makeEvent, type Champion, type Registration } from '@dropforest/contracts';
import type { Action, Stored } from '@dropforest/lambda-kit';

export interface PromotionFacts {
  readonly dataset: string;
  /** The model that was approved. */
  readonly candidate: Registration;
  /** The model that predicts now. */
  readonly champion: Stored<Champion> | undefined;
  readonly now: number;
}

/** Only a newer version takes over: approvals may be told late and out of order. */
export function decidePromotion({ dataset, candidate, champion, now }: PromotionFacts): readonly Action[] {
  const { job, modelPackageArn, version } = candidate;
  const current = champion?.value.version;
  if (current !== undefined && current > version) return [];
  const before = current === version ? champion?.value.previousVersion : current;
  const previous = before === undefined ? {} : { previousVersion: before };
  const told = makeEvent('ModelPromoted', [modelPackageArn], now, {
    dataset,
    job,
    modelPackageArn,
    modelVersion: version,
    ...previous,
  });
  const emit: Action = { type: 'emit', event: told };
  if (current === version) return [emit];
  const value: Champion = { ...candidate, ...previous, promotedAt: new Date(now).toISOString() };
  return [{ type: 'write-json', key: keys.champion(dataset), value, condition: champion === undefined ? { ifAbsent: true } : { ifMatch: champion.etag } }, emit];
}
