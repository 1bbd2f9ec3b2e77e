/** Probabilities that rule nothing out. */
import type { Feature, Predictor } from '@dropforest/algorithm';

/** What is known of the classes without looking at a row. */
export interface ClassPrior {
  /** Share of each class among the training rows. */
  readonly shares: readonly number[];
  /** Training rows. */
  readonly rows: number;
}

/** @param codes class of each training row */
export function priorOf(codes: Float64Array, classCount: number): ClassPrior {
  const counts = new Array<number>(classCount).fill(0);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return { shares: counts.map((count) => count / codes.length), rows: codes.length };
}

/**
 * The predictor with each probability drawn towards the class's share by as much as one more training row would. Fully
 * grown trees say 0 of what none of their leaves has seen; taken at its word, a single such row would make the log loss
 * of a good model worse than the naive one's.
 */
export function temper(predictor: Predictor, prior: ClassPrior): Predictor {
  const { oobPrediction } = predictor;
  return {
    ...predictor,
    predict: (features: readonly Feature[]) => tempered(predictor.predict(features), prior),
    save: () => predictor.save(),
    ...(oobPrediction === undefined ? {} : { oobPrediction: tempered(oobPrediction, prior) }),
  };
}

function tempered(probabilities: Float64Array, { shares, rows }: ClassPrior): Float64Array {
  return probabilities.map((probability, index) => (probability * rows + (shares[index % shares.length] ?? 0)) / (rows + 1));
}
