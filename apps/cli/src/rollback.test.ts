import type { Champion } from '@dropforest/contracts';
import { describe, expect, test } from 'vitest';
import type { ModelVersion } from './registry.ts';
import { decideRollback, rollbackTarget, type RollbackFacts } from './rollback.ts';

const champion: Champion = { job: 'job-4', model: 'job-4', modelPackageArn: 'arn:4', version: 4, promotedAt: '2026-03-04T05:00:00.000Z', previousVersion: 2 };

function version(number: number, status: ModelVersion['status']): ModelVersion {
  return { version: number, status, modelPackageArn: `arn:${number}`, createdAt: undefined };
}

const facts: RollbackFacts = {
  dataset: 'shop',
  target: 2,
  job: 'job-2',
  hasPredicted: true,
  champion: { value: champion, etag: 'e4' },
  versions: [version(5, 'PendingManualApproval'), version(4, 'Approved'), version(3, 'Approved'), version(2, 'Approved'), version(1, 'Rejected')],
  who: 'ana',
  reason: undefined,
  now: Date.parse('2026-03-04T06:00:00Z'),
};
const decide = (change: Partial<RollbackFacts>) => decideRollback({ ...facts, ...change });

describe('the target of a rollback', () => {
  test('is the version before, or the one that was named', () => {
    expect(rollbackTarget('shop', undefined, champion)).toBe(2);
    expect(rollbackTarget('shop', 1, champion)).toBe(1);
  });

  test.each<[string, Champion | undefined, RegExp]>([
    ['without a model that predicts', undefined, /no model that predicts/],
    ['from the first version', { ...champion, previousVersion: undefined }, /version 4 of shop is the first that predicts: there is nothing to roll back to/],
    ['twice: the version before is the one that was left', { ...champion, version: 2, previousVersion: 4 }, /rolled back to version 2 already, from version 4/],
  ])('is not there %s', (_, before, message) => {
    expect(() => rollbackTarget('shop', undefined, before)).toThrow(expect.objectContaining({ code: 2, message: expect.stringMatching(message), remedy: expect.stringContaining('dropforest ') }));
  });
});

describe('a rollback', () => {
  test('rejects every approved version above the target, then exchanges the champion, then tells of it', () => {
    const because = 'rolled back to version 2 by ana';
    const next = { job: 'job-2', model: 'job-2', modelPackageArn: 'arn:2', version: 2, promotedAt: '2026-03-04T06:00:00.000Z', previousVersion: 4 };
    expect(decide({})).toEqual([
      { type: 'update-model-package', input: { ModelPackageArn: 'arn:4', ModelApprovalStatus: 'Rejected', ApprovalDescription: because } },
      { type: 'update-model-package', input: { ModelPackageArn: 'arn:3', ModelApprovalStatus: 'Rejected', ApprovalDescription: because } },
      { type: 'write-json', key: 'models/shop/champion.json', value: next, condition: { ifMatch: 'e4' } },
      { type: 'emit', event: { type: 'ModelPromoted', detail: expect.objectContaining({ dataset: 'shop', job: 'job-2', modelPackageArn: 'arn:2', modelVersion: 2, previousVersion: 4 }) } },
    ]);
  });

  test('says why where a reason was given', () => {
    expect(decide({ reason: 'version 4 doubts every return' })[0]).toMatchObject({ input: { ApprovalDescription: 'rolled back to version 2 by ana: version 4 doubts every return' } });
  });

  test('to a version that was rolled back itself approves it first', () => {
    const actions = decide({ target: 1, job: 'job-1' });
    expect(actions[0]).toMatchObject({ input: { ModelPackageArn: 'arn:1', ModelApprovalStatus: 'Approved' } });
    expect(actions).toHaveLength(6);
  });

  test('started once more after it was cut off does what is left', () => {
    const versions = facts.versions.map((one) => (one.version > 2 ? version(one.version, 'Rejected') : one));
    expect(decide({ versions }).map(({ type }) => type)).toEqual(['write-json', 'emit']);
    const done = { value: { ...champion, job: 'job-2', modelPackageArn: 'arn:2', version: 2, previousVersion: 4 }, etag: 'e5' };
    expect(decide({ versions, champion: done }).map(({ type }) => type)).toEqual(['emit']);
  });

  test('to the version that predicts anyway does nothing', () => {
    expect(decide({ target: 4, job: 'job-4' })).toEqual([]);
  });

  test('to a version that predicts a second time is a happening of its own', () => {
    const idOf = (now: number) => decide({ now }).flatMap((action) => (action.type === 'emit' ? [action.event.detail.id] : []))[0];
    expect(idOf(1)).not.toBe(idOf(2));
    expect(idOf(1)).toBe(idOf(1));
  });

  test.each<[string, Partial<RollbackFacts>, RegExp, RegExp]>([
    ['a newer version', { target: 5 }, /newer than version 4/, /dropforest approve shop 5/],
    ['a version that was never approved', { target: 1, hasPredicted: false }, /version 1 of shop is Rejected and has never predicted/, /dropforest models shop/],
    ['a version that does not exist', { target: 7 }, /has no version 7/, /dropforest models shop/],
  ])('to %s is refused and says what to do', (_, change, message, remedy) => {
    expect(() => decide(change)).toThrow(expect.objectContaining({ code: 2, message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) }));
  });
});
