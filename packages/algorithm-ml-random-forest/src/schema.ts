import { z } from 'zod';

const count = new Intl.NumberFormat('en-US');

/** Messages continue the sentence "got …, allowed: ". */
function wholeNumber(least: number, most: number, orElse = ''): z.ZodInt {
  const error = `a whole number from ${count.format(least)} to ${count.format(most)}${orElse}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

const fraction = 'a fraction above 0 and up to 1';

/** The hyperparameters of `ml-random-forest`. */
export const MlRandomForestHyperparametersSchema = z.strictObject({
  /** Number of trees. Few by default: a tree of 7,670 rows × 10 features takes 12 to 15 seconds. */
  nEstimators: wholeNumber(1, 1_000).default(10),
  /** Share of the features that each tree sees, at least one; unlike in scikit-learn it is drawn once a tree. */
  maxFeatures: z.number({ error: fraction }).gt(0, { error: fraction }).max(1, { error: fraction }).default(1),
  /** Splits on a tree's longest path; `null` for no limit. */
  maxDepth: wholeNumber(1, 1_000_000, ', or null for no limit').nullable().default(null),
  /** A node of at most so many rows is not split; the package's name and default for it. */
  minNumSamples: wholeNumber(1, 1_000_000).default(3),
  /** A fit that is estimated to take longer is refused before it starts. */
  budgetSeconds: wholeNumber(1, 10_000_000).default(600),
  /** Whether to start however long it is estimated to take. */
  force: z.boolean({ error: 'true or false' }).default(false),
});

/** Complete hyperparameters of `ml-random-forest`. */
export type MlRandomForestHyperparameters = z.infer<typeof MlRandomForestHyperparametersSchema>;
