/** What tuning tries: every combination of a few values of the settings that matter most. */
import { ForestError } from './errors.ts';
import { resolveSettings } from './options.ts';
import type { DataShape, ForestOptions, ForestSettings } from './options.ts';

/** The settings that are tuned, as options of a fit. */
export interface TunedSettings {
  readonly minSamplesLeaf: number;
  readonly maxFeatures: number | 'sqrt' | 'log2';
  /** `undefined` for no limit. */
  readonly maxDepth: number | undefined;
}

/** The values to try of each setting, at least one. */
export interface TuningGrid {
  readonly minSamplesLeaf: readonly TunedSettings['minSamplesLeaf'][];
  readonly maxFeatures: readonly TunedSettings['maxFeatures'][];
  readonly maxDepth: readonly TunedSettings['maxDepth'][];
}

/** One combination, and the settings of a whole fit with it. */
export interface Candidate {
  readonly options: TunedSettings;
  readonly settings: ForestSettings;
}

/** Each about twice the one before: noisy targets want large leaves. */
const LEAVES = [1, 2, 5, 10, 20, 50, 100, 200];
/** Leaves of more than a tenth of the rows are not tried. */
const FEWEST_LEAVES = 10;
const DEPTHS = [undefined, 8, 5];

/**
 * Every combination once, also where several values come to the same number of rows or features; the first one has the
 * first value of each setting.
 * @param options of the fit; a setting that they give is not tuned unless the grid names values for it
 * @throws ForestError `invalid-option`
 */
export function candidatesOf(options: ForestOptions, grid: Partial<TuningGrid>, shape: DataShape): readonly [Candidate, ...Candidate[]] {
  const { minSamplesLeaf: leaves, maxFeatures: shares, maxDepth: depths } = { ...usualGrid(options, shape), ...grid };
  const combinations = leaves.flatMap((minSamplesLeaf) => shares.flatMap((maxFeatures) => depths.map((maxDepth) => ({ minSamplesLeaf, maxFeatures, maxDepth }))));
  const distinct = new Map<string, Candidate>();
  for (const combination of combinations) {
    const settings = resolveSettings({ ...options, ...combination }, shape);
    const key = [settings.minSamplesLeaf, settings.maxFeatures, settings.maxDepth].join();
    if (!distinct.has(key)) distinct.set(key, { options: combination, settings });
  }
  const [first, ...others] = distinct.values();
  if (first === undefined) throw new ForestError('invalid-option', 'grid: got no value of a setting, allowed: at least one of each');
  return [first, ...others];
}

function usualGrid({ minSamplesLeaf, maxFeatures, maxDepth }: ForestOptions, { rows, classes }: DataShape): TuningGrid {
  return {
    minSamplesLeaf: minSamplesLeaf === undefined ? LEAVES.filter((leaf) => leaf === 1 || leaf * FEWEST_LEAVES <= rows) : [minSamplesLeaf],
    maxFeatures: maxFeatures === undefined ? (classes === 0 ? [1, 1 / 2, 1 / 3] : ['sqrt', 1 / 2, 1]) : [maxFeatures],
    maxDepth: maxDepth === undefined ? DEPTHS : [maxDepth],
  };
}
