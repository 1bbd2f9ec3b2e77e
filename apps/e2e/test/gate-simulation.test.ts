/**
 * How often the default gate is right, with real forests on made-up data: 200 times over a champion is trained, then two
 * challengers on other rows, all with forests of other seeds.
 *
 * The target is 3a + 2·[b > ½] + 0.6c + 0.8ε with c and ε standard normal. Who does not know the column c is left with
 * noise of deviation √(0.6² + 0.8²) = 1; who knows it, with 0.8: 20 % less noise.
 */
import { DatasetConfigSchema, type Comparison } from '@dropforest/contracts';
import { RandomForestRegressor } from '@dropforest/forest';
import { meanBaseline, regressionMetrics, rmseDifference } from '@dropforest/metrics';
import { beatChampion, passGate } from '@dropforest/register-model';
import { beforeAll, expect, test } from 'vitest';

const TRIALS = 200;
const ROWS = 2000;
const { gate, evaluation } = DatasetConfigSchema.parse({});
const HELD_OUT = ROWS * evaluation.holdout;

interface Data {
  /** a, b and c. */
  readonly columns: readonly [Float64Array, Float64Array, Float64Array];
  readonly target: Float64Array;
}

type Compared = Extract<Comparison, { readonly comparable: true }>;

interface Trial {
  readonly lucky: Outcome;
  readonly better: Outcome;
}

interface Outcome {
  readonly comparison: Compared;
  readonly accepted: boolean;
}

let trials: readonly Trial[] = [];
beforeAll(async () => {
  trials = await Promise.all(Array.from({ length: TRIALS }, (_, trial) => runTrial(trial)));
}, 120_000);

const share = (isSo: (trial: Trial) => boolean): number => trials.filter(isSo).length / TRIALS;

test('a challenger that is merely lucky, of the same distribution, is refused at least 95 times in a hundred', () => {
  expect(share(({ lucky }) => !lucky.accepted)).toBeGreaterThanOrEqual(0.95);
});

test('a challenger that is really better, with 20 % less noise, is accepted at least 95 times in a hundred', () => {
  expect(share(({ better }) => better.accepted)).toBeGreaterThanOrEqual(0.95);
});

test('luck is there to be refused: the same challenger has the lower RMSE about every other time', () => {
  const ahead = share(({ lucky }) => lucky.comparison.difference > 0);
  expect(ahead).toBeGreaterThan(0.35);
  expect(ahead).toBeLessThan(0.65);
});

/** Champion and challengers are compared on rows that none of them has trained on. */
async function runTrial(trial: number): Promise<Trial> {
  const [known, fresh] = [dataOf(2 * trial), dataOf(2 * trial + 1)];
  const [training, heldOut] = [part(fresh, HELD_OUT, ROWS), part(fresh, 0, HELD_OUT)];
  const champion = await predictions(part(known, HELD_OUT, ROWS), heldOut, 2, 3 * trial);
  const [lucky, better] = [await predictions(training, heldOut, 2, 3 * trial + 1), await predictions(training, heldOut, 3, 3 * trial + 2)];
  return { lucky: judge(training, heldOut, champion, lucky), better: judge(training, heldOut, champion, better) };
}

/** What a forest that knows the first `width` columns says of rows that it has not seen. */
async function predictions(training: Data, heldOut: Data, width: number, seed: number): Promise<Float64Array> {
  const forest = await RandomForestRegressor.fit({ columns: training.columns.slice(0, width), target: training.target }, { nEstimators: 20, minSamplesLeaf: 5, seed, threads: 1 });
  return forest.predict(heldOut.columns.slice(0, width));
}

/** As the container compares and register-model decides. */
function judge(training: Data, { target }: Data, champion: Float64Array, challenger: Float64Array): Outcome {
  const found = rmseDifference(target, champion, challenger);
  if (found === undefined) throw new TypeError('too few rows to compare');
  const { reference: championValue, candidate: challengerValue, ...rest } = found;
  const comparison: Compared = { comparable: true, challenger: 'challenger', champion: 'champion', figure: 'RMSE', championValue, challengerValue, ...rest };
  const metrics = { task: 'regression' as const, holdout: regressionMetrics(target, challenger), baseline: meanBaseline(training.target, target) };
  return { comparison, accepted: passGate(metrics, gate).passed && beatChampion(comparison, 1, gate).passed };
}

function dataOf(seed: number): Data {
  const uniform = uniformNumbers(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const columns = [Float64Array.from({ length: ROWS }, uniform), Float64Array.from({ length: ROWS }, uniform), Float64Array.from({ length: ROWS }, normal)] as const;
  const [a, b, c] = columns;
  return { columns, target: a.map((value, row) => 3 * value + 2 * ((b[row] ?? 0) > 0.5 ? 1 : 0) + 0.6 * (c[row] ?? 0) + 0.8 * normal()) };
}

function part({ columns: [a, b, c], target }: Data, from: number, to: number): Data {
  return { columns: [a.slice(from, to), b.slice(from, to), c.slice(from, to)], target: target.slice(from, to) };
}

/** mulberry32: numbers in [0, 1) from a seed. */
function uniformNumbers(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
