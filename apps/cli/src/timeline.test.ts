import type { Claim, Receipt, Verdict } from '@dropforest/contracts';
import { describe, expect, test } from 'vitest';
import { describeTimeline, predictionTimeline, trainingTimeline, type JobFacts, type PredictionTimelineFacts, type Timeline, type TrainingTimelineFacts } from './timeline.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 4, 5, 0, 0) + seconds * 1000).toISOString();
const problem = { code: 'missing-column', message: 'line 1: the header lacks "price"', remedy: 'Add the column' };
const model = { name: 'df-shop-aaaaaaaaaaaa-1', version: 3, modelPackageArn: 'arn:3' };
const steps = ({ steps: all }: Timeline) => all.map(({ step }) => step);

describe('the timeline of a file to predict', () => {
  const key = 'predict/shop/march.csv';
  const job: JobFacts = { name: 'df-shop-0123456789ab-1', status: 'InProgress', createdAt: at(2), startedAt: at(3), endedAt: undefined };
  const ended: JobFacts = { ...job, status: 'Completed', endedAt: at(9) };
  const claim: Claim = { key, etag: 'e1', size: 1, file: 'march.csv', snapshot: 's', sha256: 'h', attempt: 1, droppedAt: at(0), dataset: 'shop', job: job.name, model, at: at(2) };
  const receipt: Receipt = { key, etag: 'e1', job: job.name, model, predictions: 'results/shop/march.csv/e1/predictions.csv', rows: 40, predicted: 39, refused: 1, droppedAt: at(0), startedAt: at(3), endedAt: at(9), publishedAt: at(10) };
  const verdict: Verdict = { key, etag: 'e1', at: at(1), settings: 's', problem };
  const dropped: PredictionTimelineFacts = {
    dataset: 'shop',
    key,
    etag: 'e1',
    droppedAt: at(0),
    verdict: undefined,
    isRefused: false,
    waiting: undefined,
    championVersion: 3,
    claim: undefined,
    job: undefined,
    failed: undefined,
    receipt: undefined,
  };
  const failed = { at: at(10), reason: 'out of memory', remedy: 'dropforest predict shop <file> --retry' };

  test.each<[string, Partial<PredictionTimelineFacts>, string, readonly string[], RegExp | undefined, RegExp | undefined]>([
    ['waits for a model where none predicts', { championVersion: undefined }, 'waiting', ['dropped'], /^a model$/, /dropforest train shop/],
    ['waits for a model, and was told so', { championVersion: undefined, waiting: { at: at(1), reason: 'no model yet' } }, 'waiting', ['dropped', 'waiting'], /^a model$/, /dropforest approve shop/],
    ['waits for its turn', {}, 'waiting', ['dropped'], /its turn/, /dropforest replay shop/],
    ['was refused', { verdict, isRefused: true }, 'refused', ['dropped', 'refused'], undefined, /Add the column/],
    ['was refused by a model that predicts no longer', { verdict }, 'waiting', ['dropped', 'refused'], /its turn/, /replay/],
    ['was claimed, and its job is yet to be started', { claim }, 'waiting', ['dropped', 'claimed'], /df-shop-0123456789ab-1, which is yet to be started/, /replay/],
    ['is in a job that runs', { claim, job }, 'running', ['dropped', 'claimed', 'started'], /df-shop-0123456789ab-1 \(InProgress\)/, undefined],
    ['is in a job that has ended', { claim, job: ended }, 'running', ['dropped', 'claimed', 'started', 'ended'], /to be published/, /replay/],
    ['failed', { claim, job: { ...ended, status: 'Failed' }, failed }, 'failed', ['dropped', 'claimed', 'started', 'ended', 'failed'], undefined, /--retry/],
    ['has its result', { claim, job: ended, receipt }, 'done', ['dropped', 'claimed', 'started', 'ended', 'published'], undefined, undefined],
    ['was refused by an earlier model, waited, and has its result', { verdict, waiting: { at: at(0.5), reason: 'no model yet' }, claim, job: ended, receipt }, 'done', ['dropped', 'waiting', 'refused', 'claimed', 'started', 'ended', 'published'], undefined, undefined],
  ])('that %s', (_, change, state, expected, waitsFor, remedy) => {
    const timeline = predictionTimeline({ ...dropped, ...change });
    expect(timeline).toMatchObject({ subject: key, id: 'e1', state });
    expect(steps(timeline)).toEqual(expected);
    expect(timeline.waitsFor).toEqual(waitsFor === undefined ? undefined : expect.stringMatching(waitsFor));
    expect(timeline.remedy).toEqual(remedy === undefined ? undefined : expect.stringMatching(remedy));
  });

  test('says how long each part took, as far as it is known', () => {
    expect(predictionTimeline({ ...dropped, claim, job: ended, receipt }).durations).toEqual({ 'before the job': 3000, 'in the job': 6000, publishing: 1000, 'in all': 10_000 });
    expect(predictionTimeline({ ...dropped, claim, job }).durations).toEqual({ 'before the job': 3000 });
  });

  test('of a content that was overwritten begins with what its claim says', () => {
    expect(predictionTimeline({ ...dropped, droppedAt: undefined, claim, job }).steps[0]).toEqual({ at: at(0), step: 'dropped', text: key });
  });

  test('names the attempt where a person has asked again, and the counts of the result', () => {
    const lines = describeTimeline(predictionTimeline({ ...dropped, claim: { ...claim, attempt: 2 }, job: ended, receipt })).join('\n');
    expect(lines).toContain('by transform job df-shop-0123456789ab-1 with model version 3, attempt 2');
    expect(lines).toContain('39 of 40 rows predicted by model version 3: results/shop/march.csv/e1/predictions.csv');
    expect(lines).toContain('took 3.0 s before the job, 6.0 s in the job, 1.0 s publishing, 10.0 s in all');
  });
});

describe('the timeline of a training', () => {
  const job: JobFacts = { name: 'df-shop-0123456789ab-1', status: 'InProgress', doing: 'Training', createdAt: at(5), startedAt: at(6), endedAt: undefined };
  const ended: JobFacts = { ...job, status: 'Completed', endedAt: at(20) };
  const pending = { status: 'PendingManualApproval' as const, explanation: 'RMSE 1,081 against 1,095: which may be luck', comparedWith: 'other', at: at(22) };
  const registered = { version: 4, at: at(22), status: pending.status, explanation: pending.explanation, byHandAt: undefined };
  const dropped: TrainingTimelineFacts = {
    dataset: 'shop',
    files: ['train/shop/a.csv'],
    id: 'e1',
    droppedAt: at(0),
    verdict: undefined,
    isRefused: false,
    startOn: 'quiet',
    job: undefined,
    failed: undefined,
    registered: undefined,
    decision: undefined,
    comparison: undefined,
    promotedAt: undefined,
    championVersion: 3,
  };
  const verdict: Verdict = { key: 'train/shop/a.csv', etag: 'e1', at: at(1), settings: 's', problem };
  const approved = { ...pending, status: 'Approved' as const };

  test.each<[string, Partial<TrainingTimelineFacts>, string, readonly string[], RegExp | undefined, RegExp | undefined]>([
    ['waits for the quiet', {}, 'waiting', ['dropped'], /no new one has come for a while/, undefined],
    ['waits for _SUCCESS', { startOn: '_SUCCESS' }, 'waiting', ['dropped'], /train\/shop\/_SUCCESS is dropped/, undefined],
    ['was refused', { verdict, isRefused: true }, 'refused', ['dropped', 'refused'], undefined, /Add the column/],
    ['runs', { job }, 'running', ['dropped', 'started'], /training job df-shop-0123456789ab-1 \(Training\)/, undefined],
    ['failed', { job: { ...ended, status: 'Failed' }, failed: { at: at(21), reason: 'no rows', remedy: 'Add rows' } }, 'failed', ['dropped', 'started', 'ended', 'failed'], undefined, /Add rows/],
    ['has ended, its model is not registered', { job: ended }, 'running', ['dropped', 'started', 'ended'], /to be registered/, undefined],
    ['has a model that nothing was said of', { job: ended, registered }, 'running', ['dropped', 'started', 'ended', 'registered'], /the decision/, undefined],
    ['has a model that is being compared', { job: ended, registered, comparison: 'df-shop-cccccccccccc-1' }, 'running', ['dropped', 'started', 'ended', 'registered'], /df-shop-cccccccccccc-1, which holds it against model version 3/, undefined],
    ['has a model that waits for a person', { job: ended, registered, decision: pending }, 'waiting', ['dropped', 'started', 'ended', 'registered', 'decided'], /^a person$/, /dropforest approve shop 4, or dropforest reject shop 4/],
    ['has a model that is about to predict', { job: ended, registered: { ...registered, status: 'Approved' }, decision: approved }, 'running', ['dropped', 'started', 'ended', 'registered', 'decided'], /its turn to predict/, undefined],
    ['has the model that predicts', { job: ended, registered: { ...registered, status: 'Approved' }, decision: approved, promotedAt: at(23), championVersion: 4 }, 'done', ['dropped', 'started', 'ended', 'registered', 'decided', 'promoted'], undefined, undefined],
    ['has a model that a newer one has overtaken', { job: ended, registered: { ...registered, status: 'Approved' }, decision: approved, championVersion: 5 }, 'done', ['dropped', 'started', 'ended', 'registered', 'decided'], undefined, undefined],
    ['has a model that was rejected', { job: ended, registered: { ...registered, status: 'Rejected' }, decision: { ...pending, status: 'Rejected' } }, 'done', ['dropped', 'started', 'ended', 'registered', 'decided'], undefined, /dropforest approve shop 4/],
    ['has a model that was rejected and is too old', { job: ended, registered: { ...registered, status: 'Rejected' }, decision: { ...pending, status: 'Rejected' }, championVersion: 5 }, 'done', ['dropped', 'started', 'ended', 'registered', 'decided'], undefined, undefined],
  ])('that %s', (_, change, state, expected, waitsFor, remedy) => {
    const timeline = trainingTimeline({ ...dropped, ...change });
    expect(timeline).toMatchObject({ subject: 'train/shop/a.csv', id: 'e1', state });
    expect(steps(timeline)).toEqual(expected);
    expect(timeline.waitsFor).toEqual(waitsFor === undefined ? undefined : expect.stringMatching(waitsFor));
    expect(timeline.remedy).toEqual(remedy === undefined ? undefined : expect.stringMatching(remedy));
  });

  test('has what a person said behind what the gate said', () => {
    const byHand = { ...registered, status: 'Approved' as const, explanation: 'approved by ana', byHandAt: at(60) };
    const timeline = trainingTimeline({ ...dropped, job: ended, registered: byHand, decision: pending, promotedAt: at(61), championVersion: 4 });
    expect(timeline.steps.slice(-3)).toEqual([
      { at: at(22), step: 'decided', text: 'PendingManualApproval: RMSE 1,081 against 1,095: which may be luck' },
      { at: at(60), step: 'decided', text: 'Approved: approved by ana' },
      { at: at(61), step: 'promoted', text: 'model version 4 predicts' },
    ]);
  });

  test('puts steps of the same second as one follows from the other, times in whole seconds among them', () => {
    const coarse = { ...job, createdAt: '2026-03-04T05:00:00.000Z', endedAt: '2026-03-04T05:00:00.000Z', status: 'Completed' };
    const timeline = trainingTimeline({ ...dropped, droppedAt: '2026-03-04T05:00:00.700Z', job: coarse });
    expect(steps(timeline)).toEqual(['dropped', 'started', 'ended']);
    expect(timeline.durations).toEqual({ 'before the job': 0, 'in the job': 0 });
  });
});
