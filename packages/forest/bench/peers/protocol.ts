/**
 * What the benchmark and a peer say to each other: one line of JSON a request, one line an answer. A peer is a process of
 * its own that keeps the tables it has read and the forest it has fitted last, so that only the work asked for is timed.
 */

/** A table is named by its folder, see raw-table.ts. */
export type Request =
  /** Answers `seconds`, `trees`, `nodes` and the peak of the process so far, `peakMegabytes`; the note is a digest of the forest, where there is one. */
  | {
      readonly do: 'fit';
      readonly table: string;
      readonly trees: number;
      readonly threads: number;
      readonly seed: number;
      readonly mode: FitMode;
    }
  /** Answers `rmse` on a table that the forest has not seen. */
  | { readonly do: 'evaluate'; readonly table: string }
  /** Predicts all rows of a table at once, on one core: `seconds`. */
  | { readonly do: 'predict'; readonly table: string }
  /** Predicts the first rows of a table one by one, on one core: `seconds`, the median of a row. */
  | { readonly do: 'predict-one'; readonly table: string; readonly rows: number }
  /** Writes the forest in the peer's own format: `bytes`. */
  | { readonly do: 'save'; readonly file: string }
  /** Reads that file and predicts the first row of a table: `seconds`. */
  | { readonly do: 'load'; readonly file: string; readonly table: string }
  /** The note is the peer's version. */
  | { readonly do: 'version' };

/** `tuned`: settings are chosen first, and that time counts. Only Dropforest knows anything but `exact`. */
export type FitMode = 'exact' | 'histogram' | 'tuned';

export interface Answer {
  readonly figures: Readonly<Record<string, number>>;
  readonly note: string;
}

/**
 * @throws Error where the line is no answer, or is a peer's `{"error": "…"}`
 */
export function parseAnswer(line: string): Answer {
  const answer: unknown = JSON.parse(line);
  if (isAnswer(answer)) return answer;
  throw new Error(isRecord(answer) && typeof answer['error'] === 'string' ? answer['error'] : `a peer answered ${line}`);
}

function isAnswer(value: unknown): value is Answer {
  return isRecord(value) && typeof value['note'] === 'string' && isRecord(value['figures'])
    && Object.values(value['figures']).every((figure) => typeof figure === 'number');
}

export function isRequest(value: unknown): value is Request {
  return isRecord(value) && typeof value['do'] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
