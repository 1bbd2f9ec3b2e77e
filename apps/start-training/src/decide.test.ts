import { parseDatasetConfig } from '@dropforest/contracts';
import type { Action } from '@dropforest/lambda-kit';
import { describe, expect, test } from 'vitest';
import { decideTraining, type DroppedFile, type TrainingFacts } from './decide.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const config = parseDatasetConfig('{"quietSeconds":10}');

function file(name: string, more: Partial<DroppedFile> = {}): DroppedFile {
  return { key: `train/sales/${name}`, file: name, etag: `etag-${name}`, size: 100, lastModified: NOW - 60_000, hasVerdict: false, ...more };
}

const problem = { code: 'no-rows', message: 'line 1: a header and nothing below it', remedy: 'Add rows' };

function facts(files: readonly DroppedFile[], more: object = {}): TrainingFacts {
  return {
    dataset: 'sales',
    bucket: 'b',
    image: 'dropforest:1',
    roleArn: 'arn:aws:iam::000000000000:role/jobs',
    settings: 's1',
    trigger: { key: files[0]?.key ?? '', at: NOW - 1000, isMarker: false },
    champion: undefined,
    now: NOW,
    files,
    createdSince: [],
    config,
    instanceType: 'ml.m5.large',
    attempt: 1,
    jobExists: false,
    lastJobAt: undefined,
    ...more,
  };
}

const types = (actions: readonly Action[]) => actions.map((action) => (action.type === 'emit' ? action.event.type : action.type));

describe('a file dropped to train on', () => {
  test('is copied first, and then one job reads the copies', () => {
    const actions = decideTraining(facts([file('a.csv'), file('b.csv')]));
    expect(types(actions)).toEqual(['copy', 'copy', 'write-json', 'write-json', 'write-json', 'create-training-job', 'TrainingStarted']);
    expect(actions[0]).toEqual({ type: 'copy', from: 'train/sales/a.csv', etag: 'etag-a.csv', size: 100, to: 'snapshots/sales/etag-a.csv/a.csv' });
    expect(actions[2]).toMatchObject({ value: [{ prefix: 's3://b/snapshots/sales/' }, 'etag-a.csv/a.csv', 'etag-b.csv/b.csv'] });
  });

  test('waits while the newest file of the data set is younger than the quiet period', () => {
    const actions = decideTraining(facts([file('a.csv'), file('b.csv', { lastModified: NOW - 4000 })]));
    expect(actions).toEqual([{ type: 'wait', seconds: 6, why: 'files of sales may still be coming' }]);
  });

  test('waits no longer than ten quiet periods, however many files keep coming', () => {
    const busy = facts([file('a.csv', { lastModified: NOW })], { trigger: { key: 'train/sales/a.csv', at: NOW - 100_000, isMarker: false } });
    expect(types(decideTraining(busy))).toContain('create-training-job');
  });

  test('makes one job in ten quiet periods of a burst that does not end, not one an event', () => {
    const busy = facts([file('a.csv', { lastModified: NOW })], { trigger: { key: 'train/sales/a.csv', at: NOW - 100_000, isMarker: false }, lastJobAt: NOW - 30_000 });
    expect(types(decideTraining(busy))).toEqual(['wait']);
  });

  test('whose job is there already only tells of it again', () => {
    expect(types(decideTraining(facts([file('a.csv')], { jobExists: true })))).toEqual(['TrainingStarted']);
  });

  test('tells of the jobs that were created since, whose own telling may have been cut short', () => {
    const createdSince = [{ dataset: 'sales', lineage: { job: 'df-sales-1', image: 'i', files: [{ key: 'train/sales/a.csv', etag: 'e', snapshot: 's' }] } }];
    const told = { type: 'emit', event: { type: 'TrainingStarted', detail: { job: 'df-sales-1', files: [{ key: 'train/sales/a.csv', etag: 'e' }], fileCount: 1 } } };
    expect(decideTraining(facts([], { createdSince }))).toMatchObject([told]);
    expect(decideTraining(facts([file('a.csv')], { createdSince }))[0]).toMatchObject(told);
  });

  test('that is refused does not keep the others from being trained on', () => {
    const actions = decideTraining(facts([file('bad.csv', { problem }), file('a.csv')]));
    expect(types(actions)).toEqual(['write-json', 'UploadRejected', 'copy', 'write-json', 'write-json', 'write-json', 'create-training-job', 'TrainingStarted']);
  });

  test('that is refused starts no job when it is alone', () => {
    expect(types(decideTraining(facts([file('bad.csv', { problem })])))).toEqual(['write-json', 'UploadRejected']);
  });

  test('is not refused a second time by the events of other files, but its own event tells of it again', () => {
    const bad = file('bad.csv', { problem, hasVerdict: true });
    const byOther = decideTraining(facts([bad], { trigger: { key: 'train/sales/other.csv', at: NOW, isMarker: false } }));
    expect(byOther).toEqual([]);
    expect(types(decideTraining(facts([bad])))).toContain('UploadRejected');
  });

  test('is refused when dataset.json cannot be read, and says so', () => {
    const actions = decideTraining(facts([file('a.csv')], { configProblem: 'dataset.json is not valid: tragets' }));
    expect(types(actions)).toEqual(['write-json', 'UploadRejected']);
    expect(actions[0]).toMatchObject({ value: { problem: { code: 'invalid-dataset-config', message: 'dataset.json is not valid: tragets' } } });
  });

  test('becomes another job when a person has asked for another attempt', () => {
    const jobs = [1, 2].map((attempt) => decideTraining(facts([file('a.csv')], { attempt })).find((action) => action.type === 'create-training-job')?.input.TrainingJobName);
    expect(jobs[0]).toMatch(/-1$/);
    expect(jobs[1]).toMatch(/-2$/);
  });

  test('is compared with the model that predicts, which is a channel of the job', () => {
    const channels = (champion: string | undefined) =>
      decideTraining(facts([file('a.csv')], { champion })).flatMap((action) => (action.type === 'create-training-job' ? (action.input.InputDataConfig ?? []) : []));
    expect(channels(undefined).map(({ ChannelName }) => ChannelName)).toEqual(['training', 'config']);
    expect(channels('df-sales-0123456789ab-1')[2]).toMatchObject({ ChannelName: 'champion', DataSource: { S3DataSource: { S3Uri: 's3://b/jobs/df-sales-0123456789ab-1/output/model.tar.gz' } } });
  });

  test('has its hyperparameters shown as strings without line breaks', () => {
    const settings = parseDatasetConfig(JSON.stringify({ quietSeconds: 0, hyperparameters: { nEstimators: 50, note: 'a\nb', bootstrap: true } }));
    const create = decideTraining(facts([file('a.csv')], { config: settings })).find((action) => action.type === 'create-training-job');
    expect(create?.input.HyperParameters).toEqual({ algorithm: 'forest', nEstimators: '50', note: 'a b', bootstrap: 'true' });
  });
});

describe('a data set that starts on _SUCCESS', () => {
  const settings = parseDatasetConfig('{"startOn":"_SUCCESS","quietSeconds":10}');
  const marker = { key: 'train/sales/_SUCCESS', at: NOW, isMarker: true };

  test('starts no job when a file comes, but refuses a bad one at once', () => {
    expect(decideTraining(facts([file('a.csv')], { config: settings }))).toEqual([]);
    expect(types(decideTraining(facts([file('bad.csv', { problem })], { config: settings })))).toEqual(['write-json', 'UploadRejected']);
  });

  test('starts one on all files when the marker comes, however young they are', () => {
    const actions = decideTraining(facts([file('a.csv', { lastModified: NOW }), file('b.csv')], { config: settings, trigger: marker }));
    expect(types(actions)).toContain('create-training-job');
  });

  test('has every file refused when the marker comes and dataset.json cannot be read', () => {
    const actions = decideTraining(facts([file('a.csv'), file('b.csv')], { configProblem: 'dataset.json is not JSON', trigger: marker }));
    expect(types(actions)).toEqual(['write-json', 'UploadRejected', 'write-json', 'UploadRejected']);
  });

  test('is told apart: elsewhere a marker means nothing', () => {
    expect(decideTraining(facts([file('a.csv')], { trigger: marker }))).toEqual([]);
  });
});
