/**
 * The interface every algorithm stands behind. An algorithm sees features and a target as typed arrays, never files,
 * column types or missing-value spellings: those are the preprocessing's business, fitted once and saved in the model.
 */
import type { z } from 'zod';
import { HyperparameterError, TaskError } from './errors.ts';

/** What is predicted: a number, or one of several classes. */
export type Task = 'regression' | 'classification';

/** One input column. `values[row]` is a number; `NaN` stands for a missing value. */
export interface Feature {
  readonly name: string;
  readonly values: Float64Array;
  /** Given when `values` are category codes: `categories[values[row]]` is the level's name. */
  readonly categories?: readonly string[];
}

/** Rows to learn to predict a number from. All arrays have the same length: one entry a row. */
export interface RegressionTraining {
  readonly task: 'regression';
  readonly features: readonly Feature[];
  /** The number to predict. */
  readonly target: Float64Array;
}

/** Rows to learn to predict a class from. All arrays have the same length: one entry a row. */
export interface ClassificationTraining {
  readonly task: 'classification';
  readonly features: readonly Feature[];
  /** The row's class as a code, `0…classCount−1`. */
  readonly target: Float64Array;
  /** Number of classes, at least 1. A class need not occur in `target`. */
  readonly classCount: number;
}

/** What an algorithm learns from. */
export type Training = RegressionTraining | ClassificationTraining;

/** Progress of a fit. A fit in several parts counts another unit in each, one part after the other. */
export interface FitProgress {
  readonly done: number;
  /** Known from the start of the part. */
  readonly total: number;
  /** What is counted, in the plural: `trees`, `trials`. */
  readonly unit: string;
}

/** What surrounds a fit: nothing in it may change the result except `seed`. */
export interface FitContext {
  readonly seed: number;
  /** Worker threads that may be used, at least 1. The fitted model is the same for every number. */
  readonly threads: number;
  readonly onProgress?: (progress: FitProgress) => void;
  /** Told what a person who waits should know, in sentences. */
  readonly onMessage?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** What a fit tried before it settled on hyperparameters that were left to it. */
export interface Tuning {
  /** What settings are compared by, the lower the better: `RMSE`, `Brier score`; on rows out of bag. */
  readonly figure: string;
  /** Hyperparameters that were left to the fit, with the values it settled on. */
  readonly chosen: Readonly<Record<string, unknown>>;
  /** The best first. */
  readonly trials: readonly TuningTrial[];
}

/** One combination of values. */
export interface TuningTrial {
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Trees that it was last tried with. */
  readonly trees: number;
  /** `undefined` where there were too few rows for a figure. */
  readonly value: number | undefined;
  /** Whether it was given up early. */
  readonly stopped: boolean;
}

/** File name → bytes: what an algorithm adds to the model artifact. Names are relative, without folders. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A fitted model. */
export interface Predictor {
  /**
   * Predictions for features in the order of the training: rows × outputs, row by row. Regression has one output, the
   * value. Classification has `classCount`: the probability of class `k` in `row` stands at `row × classCount + k`;
   * a row's probabilities are not negative and add up to 1.
   */
  predict(features: readonly Feature[]): Float64Array;
  /** The files from which `load` makes a predictor that gives bit-equal predictions. */
  save(): Files;
  /** One share a feature, not negative, adding up to 1 (all zero where nothing could be learned). */
  readonly featureImportances?: Float64Array;
  /**
   * Out-of-bag predictions of the training rows, rows × outputs as `predict` gives them; all outputs of a row are `NaN`
   * where every tree had seen it. Only right after `fit`: they are not saved.
   */
  readonly oobPrediction?: Float64Array;
  /** What was tried; only right after a `fit` that was left a choice. */
  readonly tuning?: Tuning;
}

/** What an algorithm can do; the model prepares the features accordingly. */
export interface Capabilities {
  readonly tasks: readonly Task[];
  /** Whether features may hold `NaN`; otherwise the preprocessing fills every gap. */
  readonly missingValues: boolean;
  /** Whether category codes may be given as they are; otherwise they are encoded as numbers first. */
  readonly categories: boolean;
}

/** An algorithm, with its hyperparameters checked at its door. */
export interface Algorithm {
  /** The value of `algorithm` in dataset.json. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /**
   * The complete hyperparameters: what was given, checked, with every default filled in.
   * @throws HyperparameterError naming the hyperparameter, what was got and what is allowed
   */
  resolveHyperparameters(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /**
   * @throws HyperparameterError as `resolveHyperparameters`
   * @throws TaskError where `training.task` is not one of `capabilities.tasks`
   * @throws the signal's reason when `context.signal` is aborted
   */
  fit(training: Training, hyperparameters: Readonly<Record<string, unknown>>, context: FitContext): Promise<Predictor>;
  /**
   * The inverse of `Predictor.save`.
   * @throws ArtifactError where a file is missing or damaged
   */
  load(files: Files): Promise<Predictor>;
}

/** What an algorithm package writes; `H` is its hyperparameters with every default filled in. */
export interface AlgorithmDefinition<H extends Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** A strict object with a default for every key: unknown keys are refused. */
  readonly hyperparameters: z.ZodType<H>;
  fit(training: Training, hyperparameters: H, context: FitContext): Promise<Predictor>;
  load(files: Files): Promise<Predictor>;
}

/** Makes an `Algorithm` of its definition: callers need not know the type of its hyperparameters. */
export function defineAlgorithm<H extends Readonly<Record<string, unknown>>>(definition: AlgorithmDefinition<H>): Algorithm {
  const { name, capabilities, hyperparameters: schema } = definition;
  const checkTask = ({ task }: Training): void => {
    if (!capabilities.tasks.includes(task)) throw new TaskError(name, task, capabilities.tasks);
  };
  const resolve = (given: Readonly<Record<string, unknown>>): H => {
    const result = schema.safeParse(given);
    if (!result.success) throw HyperparameterError.from(name, given, result.error);
    return result.data;
  };
  return {
    name,
    capabilities,
    resolveHyperparameters: resolve,
    fit: async (training, hyperparameters, context) => {
      checkTask(training);
      return definition.fit(training, resolve(hyperparameters), context);
    },
    load: (files) => definition.load(files),
  };
}
