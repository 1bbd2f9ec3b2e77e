/** A model beside the one that predicts, on rows that neither has trained on. */
import type { Algorithm, Files } from '@dropforest/algorithm';
import type { Comparison, DatasetConfig, ModelManifest } from '@dropforest/contracts';
import { logLossDifference, MIN_BOOTSTRAP_ROWS, rmseDifference } from '@dropforest/metrics';
import type { PairedDifference } from '@dropforest/metrics';
import type { CsvSource } from '@dropforest/tabular';
import { jobOf } from './artifact.ts';
import { heldOutRows, predictHeldOut } from './held-out-rows.ts';
import type { HeldOutPrediction, HeldOutRows } from './held-out-rows.ts';
import { loadModel } from './load-model.ts';
import type { Model } from './load-model.ts';
import { readTrainingData } from './read-training-data.ts';
import { selectTarget } from './target.ts';

/** Gets the files of a model artifact; may fail in any way. */
export type OpenArtifact = () => Promise<Files>;

export interface CompareOptions {
  /** The model that wants to predict. */
  readonly challenger: OpenArtifact;
  /** The model that predicts. */
  readonly champion: OpenArtifact;
  /** The files and the settings that the challenger was trained with. */
  readonly files: readonly CsvSource[];
  readonly config: DatasetConfig;
  /** The ones that both were trained with are among them. */
  readonly algorithms: readonly Algorithm[];
}

/** A model with what it says of the rows that it held out. */
export interface Challenger {
  readonly manifest: ModelManifest;
  readonly rows: HeldOutRows;
  readonly prediction: HeldOutPrediction;
}

/** Figures of both; or why there are none, in plain words. */
type Outcome = Without<Comparison, 'challenger' | 'champion'>;
/** `Omit` of each member of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Stands for the training job where nobody knows it. */
const UNKNOWN_JOB = '';
const NAMES_SHOWN = 10;

/**
 * Compares two models that are trained already. What is wrong with the champion is a reason in the answer.
 * @throws what `loadModel` throws of the challenger, and `trainModel` of the files
 */
export async function compareModels({ challenger, champion, files, config, algorithms }: CompareOptions): Promise<Comparison> {
  const model = await loadModel(await challenger(), algorithms);
  const rows = heldOutRows(files, config, await readTrainingData(files, config));
  return compareWithChampion({ manifest: model.manifest, rows, prediction: await predictHeldOut(model, rows) }, champion, algorithms);
}

/** Never fails: whatever is wrong with the champion is a reason in the answer. */
export async function compareWithChampion(challenger: Challenger, champion: OpenArtifact, algorithms: readonly Algorithm[]): Promise<Comparison> {
  const names = { challenger: challenger.manifest.lineage?.job ?? UNKNOWN_JOB, champion: UNKNOWN_JOB };
  try {
    const files = await champion();
    names.champion = jobOf(files) ?? UNKNOWN_JOB;
    return { ...names, ...(await outcomeOf(challenger, await loadModel(files, algorithms))) };
  } catch (error) {
    return { ...names, ...incomparable(error instanceof Error ? error.message : String(error)) };
  }
}

async function outcomeOf({ rows, prediction }: Challenger, champion: Model): Promise<Outcome> {
  const reason = objectionTo(champion.manifest, rows);
  if (reason !== undefined) return incomparable(reason);
  const other = await predictHeldOut(champion, rows);
  const known = Uint32Array.from(prediction.isKnown.keys()).filter((row) => prediction.isKnown[row] === 1 && other.isKnown[row] === 1);
  if (known.length < MIN_BOOTSTRAP_ROWS) return incomparable(`of the rows held out both can predict ${known.length}, and ${MIN_BOOTSTRAP_ROWS} are needed to compare them`);
  const found = differenceOn(known, rows, other.outputs, prediction.outputs);
  if (found === undefined || !Number.isFinite(found.reference) || !Number.isFinite(found.candidate)) return incomparable('the figures of the two are too large to compare');
  const { reference, candidate, difference, interval, level } = found;
  const figure = rows.target.task === 'regression' ? 'RMSE' : 'log loss';
  return { comparable: true, figure, rows: known.length, challengerValue: candidate, championValue: reference, difference, interval, level };
}

/** @param known the rows to compare on */
function differenceOn(known: Uint32Array, { target }: HeldOutRows, champion: Float64Array, challenger: Float64Array): PairedDifference | undefined {
  const { values } = selectTarget(target, known);
  if (target.task === 'regression') return rmseDifference(values, pick(champion, known, 1), pick(challenger, known, 1));
  const width = target.classes.length;
  return logLossDifference(values, pick(champion, known, width), pick(challenger, known, width), width);
}

/** The outputs of some rows. @param width outputs of a row */
function pick(outputs: Float64Array, rows: Uint32Array, width: number): Float64Array {
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, place) => picked.set(outputs.subarray(row * width, (row + 1) * width), place * width));
  return picked;
}

/** Why a champion's figure on these rows would say nothing. */
function objectionTo({ target, task, classes = [], holdout, schema }: ModelManifest, rows: HeldOutRows): string | undefined {
  if (target !== rows.target.name) return `the target was ${JSON.stringify(target)}`;
  if (task !== rows.target.task) return `the task was ${task}`;
  if (rows.target.task === 'classification' && classes.join('\n') !== rows.target.classes.join('\n')) return `the classes were ${listed(classes)}`;
  if (holdout === undefined) return 'nobody noted which rows it had held out';
  if (holdout.seed !== rows.seed) return `it had held out other rows, by the seed ${holdout.seed}, and may have trained on these`;
  // Rows are held out by falling below the fraction: what a larger one held out includes these.
  if (holdout.fraction < rows.fraction) return `it had held out a smaller share of the rows, ${holdout.fraction}, and may have trained on these`;
  // Whether a row is held out depends on all of its cells, learned from or not.
  const columns = new Set(rows.schema.columns.map(({ name }) => name));
  if (columns.symmetricDifference(new Set(schema.fileColumns)).size > 0) return `its files had the columns ${listed(schema.fileColumns)}, so that it held out other rows and may have trained on these`;
  return undefined;
}

function listed(names: readonly string[]): string {
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  return `${names.slice(0, NAMES_SHOWN).map((name) => JSON.stringify(name)).join(', ')}${more}`;
}

function incomparable(reason: string): Outcome {
  return { comparable: false, reason };
}
