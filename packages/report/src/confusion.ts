/** Which classes are taken for which. */
import type { ClassificationEvaluation } from './report-input.ts';

/** Classes shown by name; the others share one place. */
export const MOST_CLASSES = 12;

/** `counts[actual][predicted]` for the classes of `names`. */
export interface Confusion {
  readonly names: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** Counts pairs of actual and predicted class. Of more than 12 classes the 12 with most rows keep their names. */
export function countConfusion({ actual, probabilities, classes }: ClassificationEvaluation): Confusion {
  const rowsOf = new Uint32Array(classes.length);
  for (const code of actual) rowsOf[code] = (rowsOf[code] ?? 0) + 1;
  const named = largest(rowsOf);
  const places = Array.from(classes, (_, code) => (named.includes(code) ? named.indexOf(code) : named.length));
  const size = named.length + (named.length < classes.length ? 1 : 0);
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  actual.forEach((code, row) => {
    const line = counts[places[code] ?? 0];
    const column = places[likeliest(probabilities, row * classes.length, classes.length)] ?? 0;
    if (line !== undefined) line[column] = (line[column] ?? 0) + 1;
  });
  const others = `${classes.length - named.length} others`;
  return { names: [...named.map((code) => classes[code] ?? ''), ...(size > named.length ? [others] : [])], counts };
}

/** The code of the most probable class; the lowest one where several are as probable. */
export function likeliest(probabilities: Float64Array, start: number, classCount: number): number {
  let best = 0;
  for (let code = 1; code < classCount; code++) {
    if ((probabilities[start + code] ?? 0) > (probabilities[start + best] ?? 0)) best = code;
  }
  return best;
}

/** The codes of the classes to name, in the order of the classes. */
function largest(rowsOf: Uint32Array): number[] {
  const codes = [...rowsOf.keys()];
  if (codes.length <= MOST_CLASSES) return codes;
  return codes.sort((a, b) => (rowsOf[b] ?? 0) - (rowsOf[a] ?? 0) || a - b).slice(0, MOST_CLASSES).sort((a, b) => a - b);
}
