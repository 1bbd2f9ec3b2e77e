/** The code of the largest of `classes` probabilities from `start` on; the lowest code where several are largest. */
export function likeliest(probabilities: Float64Array, start: number, classes: number): number {
  let best = 0;
  for (let label = 1; label < classes; label++) {
    if ((probabilities[start + label] ?? 0) > (probabilities[start + best] ?? 0)) best = label;
  }
  return best;
}
