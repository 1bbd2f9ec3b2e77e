import { happeningId } from '@dropforest/contracts';
import { expect, test } from 'vitest';
import { decideFailure, type FailureFacts } from './decide-failure.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const facts: FailureFacts = { dataset: 'shop', job: 'df-shop-aaaaaaaaaaaa-1', status: 'Failed', secondaryStatus: 'Failed', reason: 'AlgorithmError: no target', hasModel: false, now: NOW };

test('a training that failed is told once, with its reason and a remedy', () => {
  expect(decideFailure(facts)).toEqual([
    {
      type: 'emit',
      event: {
        type: 'TrainingFailed',
        detail: {
          version: '1',
          id: happeningId('TrainingFailed', [facts.job]),
          at: '2026-03-04T12:00:00.000Z',
          dataset: 'shop',
          job: facts.job,
          status: 'Failed',
          reason: 'AlgorithmError: no target',
          remedy: 'Correct what the reason names, in the file or in dataset.json, and drop the file again; to run the very same job once more: dropforest train shop <file> --retry',
        },
      },
    },
  ]);
});

const AGAIN = 'dropforest train shop <file> --retry';
test.each<[string, Partial<FailureFacts>, string, string]>([
  [
    'took too long',
    { status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded', reason: undefined },
    'the job took longer than it may (MaxRuntimeExceeded)',
    'Raise instance.maxRuntimeInSeconds in dataset.json, or take a larger instance.type, and drop the file again',
  ],
  ['was stopped', { status: 'Stopped', secondaryStatus: 'Stopped', reason: undefined }, 'the job was stopped (Stopped)', `Somebody stopped the job; to run it once more: ${AGAIN}`],
  ['met trouble at AWS', { reason: 'InternalServerError: We encountered an internal error.' }, 'InternalServerError: We encountered an internal error.', `The trouble was AWS's own; run the very same job once more, later or with another instance.type: ${AGAIN}`],
  ['found no room', { reason: 'CapacityError: Unable to provision' }, 'CapacityError: Unable to provision', `The trouble was AWS's own; run the very same job once more, later or with another instance.type: ${AGAIN}`],
  [
    'named AWS only in passing',
    { reason: 'AlgorithmError: no CapacityError column' },
    'AlgorithmError: no CapacityError column',
    `Correct what the reason names, in the file or in dataset.json, and drop the file again; to run the very same job once more: ${AGAIN}`,
  ],
  [
    'left part of a model',
    { status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded', reason: 'slow', hasModel: true },
    'slow',
    'Raise instance.maxRuntimeInSeconds in dataset.json, or take a larger instance.type, and drop the file again. The model that it had by then was not registered; it lies at jobs/df-shop-aaaaaaaaaaaa-1/output/model.tar.gz',
  ],
])('a training that %s says so, and what to do', (_, changes, reason, remedy) => {
  expect(decideFailure({ ...facts, ...changes })).toMatchObject([{ event: { detail: { status: changes.status ?? 'Failed', reason, remedy } } }]);
});
