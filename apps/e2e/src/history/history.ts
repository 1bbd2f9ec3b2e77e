/** What may happen to a deployment, as plain data: what people do, what fails, and how badly events are delivered. */
import fc from 'fast-check';

export const DATASETS = ['alpha', 'beta'] as const;
export const APPS = ['start-training', 'register-model', 'promote-model', 'start-transform', 'publish-results', 'notify'] as const;
export type Dataset = (typeof DATASETS)[number];
export type AppName = (typeof APPS)[number];

/** Files to train on. Those marked bad are refused at the door. */
const TRAINING_FILES = {
  first: 'x,y\n1,2\n2,4\n',
  second: 'x,y\n3,6\n4,8\n',
  third: 'x,y\n5,10\n6,12\n7,14\n',
  badEmpty: '',
  badNoRows: 'x,y\n',
} as const;

/** Files to predict. `bad…` is refused at the door, a row that says `bad` by the container, and `poison` fails as a whole. */
const PREDICTION_FILES = {
  one: 'x\n1\n',
  two: 'x\n1\n2\n',
  mixed: 'x\n1\nbad\n3\n',
  poison: 'x\n1\npoison\n',
  badEmpty: '',
  badColumn: 'z\n1\n',
} as const;

/** What dataset.json may say. */
const SETTINGS = {
  usual: {},
  quick: { quietSeconds: 0, predictQuietSeconds: 0 },
  patient: { quietSeconds: 60, predictQuietSeconds: 20 },
  byMarker: { startOn: '_SUCCESS' },
  byHand: { approval: 'manual' },
  lenient: { gate: { margin: -0.5 } },
  strict: { gate: { maximumRmse: 7 } },
  wrong: { traget: 'y' },
} as const;

export type TrainingContent = keyof typeof TRAINING_FILES;
export type PredictionContent = keyof typeof PREDICTION_FILES;
export type Settings = keyof typeof SETTINGS;

/** What the files hold. */
export interface Texts {
  readonly training: Readonly<Record<TrainingContent, string>>;
  readonly prediction: Readonly<Record<PredictionContent, string>>;
  readonly settings: Readonly<Record<Settings, object>>;
}
export const TEXTS: Texts = { training: TRAINING_FILES, prediction: PREDICTION_FILES, settings: SETTINGS };

/** What a person or another system does. */
export type Deed =
  | { readonly do: 'train'; readonly dataset: Dataset; readonly file: string; readonly content: TrainingContent }
  | { readonly do: 'predict'; readonly dataset: Dataset; readonly file: string; readonly content: PredictionContent }
  | { readonly do: 'mark'; readonly dataset: Dataset }
  | { readonly do: 'settle on'; readonly dataset: Dataset; readonly settings: Settings }
  /** In the registry, as in the console: `version` counts from the newest, 0. */
  | { readonly do: 'approve' | 'reject'; readonly dataset: Dataset; readonly version: number };

export interface Step {
  /** How long after the step before. */
  readonly afterSeconds: number;
  /** How many calls of apps come first, in the middle of whose work it is done; missing: it is done once nothing is under way. */
  readonly midway?: number;
  readonly deed: Deed;
}

/** Calls that leave something behind. */
const OPERATIONS = ['PutObject', 'CopyObject', 'PutEvents', 'CreateTrainingJob', 'CreateTransformJob', 'CreateModelPackage', 'UpdateModelPackage', 'ChangeMessageVisibility', 'Publish'] as const;

/** What goes wrong with an app's call: the `call`-th of that app, counted from 0, or of that operation. */
export interface Fault {
  readonly app: AppName;
  readonly operation?: (typeof OPERATIONS)[number];
  readonly call: number;
  /**
   * `killed before` and `killed after` end the invocation, before and after the call took effect; a `lost` answer came
   * never, though the call took effect; `throttled` and `broken` calls are refused.
   */
  readonly kind: 'killed before' | 'killed after' | 'lost' | 'throttled' | 'broken';
}

export interface History {
  /** Decides durations, figures of models, and which copy of an event comes when. */
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  /** Every event comes this often at most, and this much late at most. */
  readonly copies: number;
  readonly delaySeconds: number;
  /** Share of the training jobs, and of the loads of a model, that fail. */
  readonly failures: number;
  /** Share of the comparisons that come to nothing. */
  readonly incomparable: number;
  /** How many transform jobs may run at once: by our own count, and by the account's. */
  readonly places: number;
  readonly quotas: { readonly trainingJobs?: number; readonly transformJobs?: number };
}

const dataset: fc.Arbitrary<Dataset> = fc.oneof({ weight: 4, arbitrary: fc.constant('alpha') }, { weight: 1, arbitrary: fc.constant('beta') });
const file = fc.constantFrom('a.csv', 'b.csv', 'deep/c d+é.csv');
const settings = fc.constantFrom<Settings>('usual', 'quick', 'patient', 'byMarker', 'byHand', 'lenient', 'lenient', 'strict', 'wrong');
const trainingContent = fc.constantFrom<TrainingContent>('first', 'first', 'second', 'second', 'third', 'third', 'badEmpty', 'badNoRows');
const predictionContent = fc.constantFrom<PredictionContent>('one', 'one', 'two', 'two', 'mixed', 'poison', 'badEmpty', 'badColumn');

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('train'), dataset, file, content: trainingContent }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('predict'), dataset, file, content: predictionContent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle on'), dataset, settings }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mark'), dataset }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('approve', 'reject'), dataset, version: fc.nat(2) }) },
);

const step: fc.Arbitrary<Step> = fc.record({ afterSeconds: fc.constantFrom(0, 0, 0, 1, 7, 60, 400), midway: fc.nat(30), deed }, { requiredKeys: ['afterSeconds', 'deed'] });
/** Most of what can go wrong takes a model, and some of it a job that runs. */
const train: Step = { afterSeconds: 0, deed: { do: 'train', dataset: 'alpha', file: 'a.csv', content: 'first' } };
const predictLater: Step = { afterSeconds: 1500, deed: { do: 'predict', dataset: 'alpha', file: 'a.csv', content: 'one' } };
const opening = fc.constantFrom<readonly Step[]>([], [train], [train, predictLater]);

const app = fc.constantFrom(...APPS);
const kind = fc.constantFrom<Fault['kind']>('killed before', 'killed after', 'lost', 'throttled', 'broken');
const fault: fc.Arbitrary<Fault> = fc.oneof(fc.record({ app, kind, call: fc.nat(120) }), fc.record({ app, kind, operation: fc.constantFrom(...OPERATIONS), call: fc.nat(8) }));

const quota = fc.constantFrom({}, {}, { trainingJobs: 1 }, { transformJobs: 1, trainingJobs: 2 });

/** On the system's clock and with programs in processes: nothing that only hours bring to an end. */
export const realHistoryArbitrary: fc.Arbitrary<History> = fc.record({
  seed: fc.nat(1_000_000),
  steps: fc.array(
    fc.record({
      afterSeconds: fc.constantFrom(0, 0, 2),
      deed: fc.oneof(
        { weight: 2, arbitrary: fc.record({ do: fc.constant('train'), dataset: fc.constant('alpha'), file, content: fc.constantFrom<TrainingContent>('first', 'second', 'third', 'badNoRows') }) },
        { weight: 3, arbitrary: fc.record({ do: fc.constant('predict'), dataset: fc.constant('alpha'), file, content: fc.constantFrom<PredictionContent>('one', 'two', 'badColumn') }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('approve', 'reject'), dataset: fc.constant('alpha'), version: fc.nat(1) }) },
      ),
    }),
    { minLength: 2, maxLength: 6, size: 'max' },
  ),
  faults: fc.array(fc.record({ app: fc.constantFrom(...APPS), call: fc.nat(40), kind: fc.constantFrom('lost', 'broken') }), { maxLength: 2 }),
  copies: fc.integer({ min: 1, max: 3 }),
  delaySeconds: fc.constantFrom(0, 2),
  failures: fc.constant(0),
  incomparable: fc.constant(0),
  places: fc.constant(2),
  quotas: fc.constant({}),
});

/** @param mostSteps besides those that open it */
export function histories(mostSteps: number): fc.Arbitrary<History> {
  return fc.record({
    seed: fc.nat(1_000_000),
    steps: fc.tuple(opening, fc.array(step, { minLength: 1, maxLength: mostSteps, size: 'max' })).map((parts) => parts.flat()),
    faults: fc.array(fault, { maxLength: 6, size: 'max' }),
    copies: fc.constantFrom(1, 1, 2, 4),
    delaySeconds: fc.constantFrom(0, 5, 120, 1800),
    failures: fc.constantFrom(0, 0, 0.2),
    incomparable: fc.constantFrom(0, 0.3),
    places: fc.constantFrom(1, 2, 4),
    quotas: quota,
  });
}
