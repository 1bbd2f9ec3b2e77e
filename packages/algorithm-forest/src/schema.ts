import { z } from 'zod';

const count = new Intl.NumberFormat('en-US');

/** Messages continue the sentence "got …, allowed: ". Each part of a union needs the whole one: zod reports the part that comes closest. */
function wholeNumber(least: number, most: number, orElse = ''): z.ZodInt {
  const error = `a whole number from ${count.format(least)} to ${count.format(most)}${orElse}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function oneOf<const T extends readonly string[]>(...words: T): z.ZodType<T[number]> {
  return z.enum(words, { error: words.map((word) => JSON.stringify(word)).join(' or ') });
}

/** A limit or something else that can be absent: `"none"`, which dataset.json can say, is the same as `null`, which JSON has. */
function orNone<T>(schema: z.ZodType<T>, error: string): z.ZodType<T | null> {
  return z.union([schema, z.null(), z.literal('none').transform(() => null)], { error });
}

/** A number of rows from `least`, or a fraction of all rows. */
function rows(least: number, error: string): z.ZodType<number> {
  return z.number({ error }).refine((value) => (value > 0 && value < 1) || (Number.isSafeInteger(value) && value >= least), { error });
}

/** A fraction up to 1, or a whole number from 2. */
function fractionOrNumber(error: string): z.ZodType<number> {
  return z.number({ error }).refine((value) => value > 0 && (value <= 1 || Number.isSafeInteger(value)), { error });
}

const ROWS = 'a whole number from 2 (rows), or a fraction of the rows above 0 and below 1';
const LEAF_ROWS = 'a whole number from 1 (rows), a fraction of the rows above 0 and below 1, or "auto"';
const FEATURES = 'a fraction of the features above 0 and up to 1, a whole number from 2 (features), "sqrt", "log2" or "auto"';
const SAMPLES = 'a fraction of the rows above 0 and up to 1, a whole number from 2 (rows), or "none" for as many as there are';
const NO_LIMIT = ', or "none" for no limit';
const DEPTH = ', "none" for no limit, or "auto"';
const trueOrFalse = z.boolean({ error: 'true or false' });
const notNegative = 'a number from 0';

/** The hyperparameters of `forest`, in scikit-learn's names and with its meaning, but for `tune` and the word "auto". */
export const ForestHyperparametersSchema = z.strictObject({
  /** Number of trees. */
  nEstimators: wholeNumber(1, 10_000).default(500),
  /** `auto`: those of `minSamplesLeaf`, `maxFeatures` and `maxDepth` that are `auto` are chosen by out-of-bag error, which needs `bootstrap`. */
  tune: oneOf('auto', 'off').default('auto'),
  /** Rows every leaf must have: a number, or a fraction of all rows. `auto`: tuned, else 1. */
  minSamplesLeaf: z.union([rows(1, LEAF_ROWS), z.literal('auto')], { error: LEAF_ROWS }).default('auto'),
  /** Features tried at a node; 1 means all of them. `auto`: tuned, else all for regression and the square root of their number for classification. */
  maxFeatures: z.union([fractionOrNumber(FEATURES), z.enum(['auto', 'sqrt', 'log2'])], { error: FEATURES }).default('auto'),
  /** Splits on a tree's longest path; `null` for no limit. `auto`: tuned, else no limit. */
  maxDepth: orNone(z.union([wholeNumber(1, 1_000_000, DEPTH), z.literal('auto')]), `a whole number from 1 to 1,000,000${DEPTH}`).default('auto'),
  /** Rows a node needs to be split: a number, or a fraction of all rows. */
  minSamplesSplit: rows(2, ROWS).default(2),
  /** What a split reduces. `auto`: the squared error for regression, Gini impurity for classification. */
  criterion: oneOf('auto', 'squared_error', 'gini', 'entropy').default('auto'),
  /** `best`: the best cut of a feature; `random`: a single one drawn at random (extremely randomised trees). */
  splitter: oneOf('best', 'random').default('best'),
  /** Leaves of a tree, grown where they help most first; `null` for no limit. */
  maxLeafNodes: orNone(wholeNumber(2, 1_000_000, NO_LIMIT), `a whole number from 2 to 1,000,000${NO_LIMIT}`).default(null),
  /** What a split must reduce the impurity by at least, weighted by its share of the tree's rows. */
  minImpurityDecrease: z.number({ error: notNegative }).min(0, { error: notNegative }).default(0),
  /** Whether each tree learns from a bootstrap sample; without it there are no out-of-bag predictions. */
  bootstrap: trueOrFalse.default(true),
  /** Rows drawn for a tree: a fraction, or a number; needs `bootstrap`. `null`: as many as there are. */
  maxSamples: orNone(fractionOrNumber(SAMPLES), SAMPLES).default(null),
  /** Classification: `balanced` gives every class the same weight in all, `balanced_subsample` in each tree. `null`: each row counts 1. */
  classWeight: orNone(z.enum(['balanced', 'balanced_subsample']), '"balanced", "balanced_subsample", or "none"').default(null),
});

/** Complete hyperparameters of `forest`. */
export type ForestHyperparameters = z.infer<typeof ForestHyperparametersSchema>;
