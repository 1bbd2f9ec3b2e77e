import { describe, expect, test } from 'vitest';
import { decideReplay, type ClaimedJobStatus, type ReplayFacts } from './replay.ts';

const unclaimed: ReplayFacts = { hasReceipt: false, refusal: undefined, hasChampion: true, claimed: undefined };
const job = 'df-shop-0123456789ab-1';
const claimed = (status: ClaimedJobStatus, { hasFailed = false, hasOutput = false } = {}): ReplayFacts => ({ ...unclaimed, claimed: { job, status, hasFailed, hasOutput } });

describe('replaying a file', () => {
  test.each<[string, ReplayFacts, string, RegExp]>([
    ['that has its receipt', { ...claimed('Completed'), hasReceipt: true }, 'done', /has its result/],
    ['that nobody has claimed', unclaimed, 'send', /no job has it/],
    ['that nobody could claim, for want of a model', { ...unclaimed, hasChampion: false }, 'send', /no model yet: it will wait for one/],
    ['that was refused and would be again', { ...unclaimed, refusal: 'line 1: no header' }, 'leave', /it was refused: line 1: no header/],
    ['whose job runs', claimed('InProgress'), 'leave', /df-shop-0123456789ab-1 is running/],
    ['whose job is being stopped', claimed('Stopping'), 'leave', /is running/],
    ['whose job was never created', claimed('Missing'), 'send', /yet to be started/],
    ['whose job has ended with its result, which nobody has published', claimed('Completed', { hasOutput: true }), 'publish', /has ended as Completed/],
    ['whose job has failed behind its result, which nobody has published', claimed('Failed', { hasOutput: true }), 'publish', /has ended as Failed/],
    ['whose job has ended well and left nothing of it', claimed('Completed'), 'ask-again', /ended as Completed without its result/],
    ['whose job failed and nothing was told of it', claimed('Failed'), 'publish', /has ended as Failed/],
    ['whose job was stopped and nothing was told of it', claimed('Stopped'), 'publish', /has ended as Stopped/],
    ['whose job failed', claimed('Failed', { hasFailed: true }), 'ask-again', /without its result/],
    ['whose job was stopped', claimed('Stopped', { hasFailed: true }), 'ask-again', /without its result/],
    ['that failed in a job that ended well for others', claimed('Completed', { hasFailed: true }), 'ask-again', /without its result/],
    ['that runs again after it failed', claimed('InProgress', { hasFailed: true }), 'leave', /is running/],
  ])('%s', (_, facts, action, why) => {
    expect(decideReplay(facts)).toEqual({ action, why: expect.stringMatching(why) });
  });

  test('that was refused by another model before it was claimed follows its claim', () => {
    expect(decideReplay({ ...claimed('InProgress'), refusal: 'line 1' })).toMatchObject({ action: 'leave', why: expect.stringContaining('running') });
  });
});
