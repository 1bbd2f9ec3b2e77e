import { describe, expect, test } from 'vitest';
import type { ModelVersion } from './registry.ts';
import { decideReview, describeReview, type ReviewFacts } from './review.ts';

function version(number: number, status: ModelVersion['status'], isDecided = true): ReviewFacts['versions'][number] {
  return { version: number, status, modelPackageArn: `arn:${number}`, createdAt: undefined, isDecided };
}

const facts: ReviewFacts = {
  dataset: 'shop',
  verb: 'approve',
  asked: undefined,
  champion: 2,
  versions: [version(5, 'PendingManualApproval', false), version(4, 'PendingManualApproval'), version(3, 'Rejected'), version(2, 'Approved'), version(1, 'PendingManualApproval')],
};
const decide = (change: Partial<ReviewFacts>) => decideReview({ ...facts, ...change });

describe('a word without a version', () => {
  test.each(['approve', 'reject'] as const)('to %s means the newest version that the gate has left to a person', (verb) => {
    expect(decide({ verb })).toMatchObject({ version: { version: 4 } });
  });

  test('does not mean a version that is still being compared, and says how to name it', () => {
    const refusal = expect.objectContaining({ code: 2, message: 'version 5 of shop is still being compared', remedy: expect.stringContaining('dropforest approve shop 5') });
    expect(() => decide({ versions: [version(5, 'PendingManualApproval', false), version(2, 'Approved')] })).toThrow(refusal);
  });

  test('does not mean a version that is older than the one that predicts', () => {
    expect(() => decide({ versions: [version(2, 'Approved'), version(1, 'PendingManualApproval')] })).toThrow('no version of shop waits for a decision');
  });

  test('says to train where there is no model at all', () => {
    expect(() => decide({ champion: undefined, versions: [] })).toThrow(expect.objectContaining({ code: 2, remedy: 'Train a model: dropforest train shop <file.csv>' }));
  });

  test('means the only version where none predicts yet', () => {
    expect(decide({ champion: undefined, versions: [version(1, 'PendingManualApproval')] })).toMatchObject({ version: { version: 1 } });
  });
});

describe('approving', () => {
  test.each([3, 4, 5])('a version newer than the one that predicts (%i) is done, whatever was said of it before', (asked) => {
    expect(decide({ asked })).toEqual({ version: facts.versions.find((one) => one.version === asked) });
  });

  test('the version that predicts is nothing to do', () => {
    expect(decide({ asked: 2 })).toMatchObject({ nothingToDo: 'version 2 of shop predicts already' });
  });

  test('an older version is refused, and points to rollback', () => {
    expect(() => decide({ asked: 1 })).toThrow(expect.objectContaining({ code: 2, message: expect.stringContaining('older than version 2'), remedy: 'To go back to it: dropforest rollback shop 1' }));
  });

  test('a version that does not exist says which do', () => {
    expect(() => decide({ asked: 9 })).toThrow('shop has no version 9: it has 1 to 5');
  });
});

describe('rejecting', () => {
  test('a version that waits is done', () => {
    expect(decide({ verb: 'reject', asked: 4 })).toEqual({ version: facts.versions[1] });
  });

  test('a rejected version is nothing to do', () => {
    expect(decide({ verb: 'reject', asked: 3 })).toMatchObject({ nothingToDo: 'version 3 of shop is rejected already' });
  });

  test('the version that predicts is refused, and points to rollback', () => {
    expect(() => decide({ verb: 'reject', asked: 2 })).toThrow(expect.objectContaining({ code: 2, remedy: 'To have an earlier one predict: dropforest rollback shop' }));
  });
});

describe('the words for the registry', () => {
  test('say who and why', () => {
    expect(describeReview('approve', 'ana', 'checked the report')).toBe('approved by ana: checked the report');
    expect(describeReview('reject', 'ana', undefined)).toBe('rejected by ana');
  });

  test('are one line of at most 1,024 characters, and end in a whole one', () => {
    const words = describeReview('approve', 'ana', `a\n\tbc${'🌲'.repeat(1000)}`);
    expect(words).toMatch(/^approved by ana: a bc🌲/u);
    expect(words.length).toBeLessThanOrEqual(1024);
    expect(words.isWellFormed()).toBe(true);
  });
});
