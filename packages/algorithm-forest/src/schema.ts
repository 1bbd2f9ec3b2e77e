import { z } from 'zod';

const count = new Intl.NumberFormat('en-US');

/** Messages continue the sentence "got …, allowed: ". */
function wholeNumber(least: number, most: number, orElse = ''): z.ZodInt {
  const error = `a whole number from ${count.format(least)} to ${count.format(most)}${orElse}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function rowsOrFraction(least: number): z.ZodNumber {
  const error = `a whole number from ${least} (rows), or a fraction of the rows above 0 and below 1`;
  return z.number({ error }).refine((value) => (value > 0 && value < 1) || (Number.isSafeInteger(value) && value >= least), { error });
}

function featuresOrFraction(): z.ZodType<number | 'auto' | 'sqrt' | 'log2'> {
  const error = 'a fraction of the features above 0 and up to 1, a whole number from 2 (features), "sqrt", "log2" or "auto"';
  const number = z.number().refine((value) => value > 0 && (value <= 1 || Number.isSafeInteger(value)), { error });
  return z.union([number, z.enum(['auto', 'sqrt', 'log2'])], { error });
}

/** The hyperparameters of `forest`, in scikit-learn's names and with its meaning. */
export const ForestHyperparametersSchema = z.strictObject({
  /** Number of trees. */
  nEstimators: wholeNumber(1, 10_000).default(500),
  /** Splits on a tree's longest path; `null` for no limit. */
  maxDepth: wholeNumber(1, 1_000_000, ', or null for no limit').nullable().default(null),
  /** Rows a node needs to be split: a number, or a fraction of all rows. */
  minSamplesSplit: rowsOrFraction(2).default(2),
  /** Rows every leaf must have: a number, or a fraction of all rows. */
  minSamplesLeaf: rowsOrFraction(1).default(1),
  /** Features tried at a node; 1 means all of them. `auto`: all for regression, the square root of their number for classification. */
  maxFeatures: featuresOrFraction().default('auto'),
  /** Whether each tree learns from a bootstrap sample; without it there are no out-of-bag predictions. */
  bootstrap: z.boolean({ error: 'true or false' }).default(true),
});

/** Complete hyperparameters of `forest`. */
export type ForestHyperparameters = z.infer<typeof ForestHyperparametersSchema>;
