/** The hyperparameters that are left to the engine, and what it found for them. */
import type { FitContext, Training, Tuning } from '@dropforest/algorithm';
import { tune } from '@dropforest/forest';
import type { ForestData, ForestOptions, TunedSettings } from '@dropforest/forest';
import type { ForestHyperparameters } from './schema.ts';

/** What tuning adds to the options of a fit, and how it came to it. */
export interface Tuned {
  readonly options: Partial<TunedSettings>;
  readonly tuning: Tuning | undefined;
}

type Tunable = 'minSamplesLeaf' | 'maxFeatures' | 'maxDepth';
const TUNABLE: readonly Tunable[] = ['minSamplesLeaf', 'maxFeatures', 'maxDepth'];

/**
 * Chooses by out-of-bag error what is left open.
 * @param options those of the fit, without what is left open
 * @throws ForestError; the signal's reason when it is aborted
 */
export async function tuneOpen(
  training: Training, data: ForestData, hyperparameters: ForestHyperparameters, options: ForestOptions, context: FitContext,
): Promise<Tuned> {
  const open = TUNABLE.filter((name) => hyperparameters[name] === 'auto');
  const isTuned = hyperparameters.tune === 'auto' && hyperparameters.bootstrap && open.length > 0;
  if (!isTuned) return { options: {}, tuning: undefined };
  const { onProgress: _onProgress, ...settings } = options;
  const { best, trials } = await tune(data, {
    ...settings,
    task: training.task,
    // A depth of "no limit" is a choice too.
    grid: open.includes('maxDepth') ? {} : { maxDepth: [options.maxDepth] },
    onTrial: ({ done, total }) => { context.onProgress?.({ done, total, unit: 'trials' }); },
  });
  if (trials.length === 0) return { options: best, tuning: undefined };
  return {
    options: best,
    tuning: {
      figure: training.task === 'regression' ? 'RMSE' : 'Brier score',
      chosen: pick(best, open),
      trials: trials.map(({ options: tried, trees, loss, stopped }) => ({ hyperparameters: pick(tried, open), trees, value: figureOf(training, loss), stopped })),
    },
  };
}

/** In the hyperparameters' terms: no limit is `null`. */
function pick(settings: TunedSettings, names: readonly Tunable[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, settings[name] ?? null]));
}

/** An estimate from pairs of trees may come out below 0 where the loss is next to nothing. */
function figureOf({ task }: Training, loss: number): number | undefined {
  if (Number.isNaN(loss)) return undefined;
  const least = Math.max(0, loss);
  return task === 'regression' ? Math.sqrt(least) : least;
}
