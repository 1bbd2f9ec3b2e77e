/** One that must end well, and histories that once did not, each cut down to what it took. */
import type { Deed, History, Step } from './history.ts';

const quiet = { seed: 3, faults: [], copies: 1, delaySeconds: 0, failures: 0, incomparable: 0, places: 4, quotas: {} } as const;

function after(afterSeconds: number, deed: Deed): Step {
  return { afterSeconds, deed };
}

/** A bit of everything. */
const uneventful: History = {
  ...quiet,
  steps: [
    after(0, { do: 'predict', dataset: 'alpha', file: 'a.csv', content: 'one' }),
    after(0, { do: 'predict', dataset: 'alpha', file: 'b.csv', content: 'mixed' }),
    after(0, { do: 'predict', dataset: 'alpha', file: 'deep/c d+é.csv', content: 'poison' }),
    after(60, { do: 'train', dataset: 'alpha', file: 'a.csv', content: 'first' }),
    after(7, { do: 'train', dataset: 'alpha', file: 'b.csv', content: 'second' }),
    after(2000, { do: 'predict', dataset: 'alpha', file: 'a.csv', content: 'two' }),
    after(0, { do: 'predict', dataset: 'alpha', file: 'b.csv', content: 'badColumn' }),
    after(400, { do: 'approve', dataset: 'alpha', version: 0 }),
  ],
};

/** By what happens in them. */
export const EXAMPLES: Readonly<Record<string, History>> = {
  'nothing goes wrong': uneventful,
  'a batch is told of while events are throttled': { ...uneventful, faults: [{ app: 'start-transform', operation: 'PutEvents', call: 3, kind: 'throttled' }] },
  'the process that starts a batch ends right after its job was created': { ...uneventful, faults: [{ app: 'start-transform', operation: 'CreateTransformJob', call: 0, kind: 'killed after' }] },
  'a training is told of while events are throttled, and another file comes meanwhile': {
    ...quiet,
    faults: [{ app: 'start-training', operation: 'PutEvents', call: 0, kind: 'throttled' }],
    steps: [after(0, { do: 'train', dataset: 'alpha', file: 'a.csv', content: 'first' }), after(7, { do: 'train', dataset: 'alpha', file: 'b.csv', content: 'second' })],
  },
  'a person approves a model before it was compared': {
    ...quiet,
    seed: 38930,
    copies: 2,
    places: 1,
    steps: [
      after(0, { do: 'train', dataset: 'alpha', file: 'a.csv', content: 'first' }),
      { ...after(0, { do: 'train', dataset: 'alpha', file: 'deep/c d+é.csv', content: 'third' }), midway: 0 },
      { ...after(7, { do: 'settle on', dataset: 'alpha', settings: 'usual' }), midway: 0 },
      after(0, { do: 'approve', dataset: 'alpha', version: 0 }),
    ],
  },
  'a person approves a model while it is compared again': {
    ...quiet,
    seed: 735607,
    delaySeconds: 120,
    places: 1,
    steps: [
      after(0, { do: 'train', dataset: 'alpha', file: 'b.csv', content: 'second' }),
      { ...after(0, { do: 'predict', dataset: 'alpha', file: 'a.csv', content: 'one' }), midway: 0 },
      { ...after(0, { do: 'predict', dataset: 'alpha', file: 'a.csv', content: 'one' }), midway: 0 },
      { ...after(0, { do: 'train', dataset: 'alpha', file: 'deep/c d+é.csv', content: 'third' }), midway: 0 },
      after(0, { do: 'predict', dataset: 'alpha', file: 'a.csv', content: 'one' }),
      after(0, { do: 'predict', dataset: 'alpha', file: 'a.csv', content: 'one' }),
      { ...after(400, { do: 'train', dataset: 'alpha', file: 'a.csv', content: 'first' }), midway: 0 },
      after(400, { do: 'settle on', dataset: 'alpha', settings: 'usual' }),
      after(0, { do: 'approve', dataset: 'alpha', version: 1 }),
    ],
  },
  'nobody hears that a message was taken': { ...uneventful, faults: [0, 1, 2].map((call) => ({ app: 'notify', operation: 'Publish', call, kind: 'lost' })) },
};
