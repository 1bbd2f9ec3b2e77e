/** Rows as walks read them: the codes of a row side by side, one for each column that a node may name. */
import { CutIndex, codeOf, levelOf } from './encode.ts';
import type { Column } from './columns.ts';
import type { FlatForest } from './flat-forest.ts';
import type { TrainingSet } from './training-set.ts';

/** Goes left at every cut: a missing value where those go left. */
const ALWAYS_LEFT = -1;
/** Goes right at every cut: a missing value where those go right. Also the code of the column that leaves name. */
const ALWAYS_RIGHT = 2 ** 31 - 1;
/** Fewer rows do not pay for an index of the thresholds. */
const FEWEST_INDEXED = 2048;

/**
 * The code of a row's virtual column c (see grown-tree.ts) stands at `row × stride + (c >> columnShift)`. Where no
 * value is missing the two columns of a feature say the same and share one place: `columnShift` is 1, else 0.
 */
export interface EncodedRows {
  readonly rows: number;
  /** At least rows × stride long. */
  readonly codes: Int32Array;
  readonly stride: number;
  readonly columnShift: 0 | 1;
}

/**
 * Encodes rows [start, end) of checked columns for one forest.
 * @param memory at least (end − start) × (2 × features + 1) long; the result lies in it
 */
export function encodeRows(forest: FlatForest, columns: readonly Column[], start: number, end: number, memory: Int32Array): EncodedRows {
  const { features, cuts, cutStarts, categoricalLevels } = forest;
  const layout = layOut(end - start, features, columns.some((column, feature) => categoricalLevels[feature] === 0 && hasMissing(column, start, end)), memory);
  columns.forEach((column, feature) => {
    const levels = categoricalLevels[feature] ?? 0;
    const firstCut = cutStarts[feature] ?? 0;
    const endCut = cutStarts[feature + 1] ?? 0;
    const index = end - start < FEWEST_INDEXED || levels > 0 ? undefined : new CutIndex(cuts.subarray(firstCut, endCut));
    for (let row = start; row < end; row++) {
      const x = column[row] ?? NaN;
      if (levels > 0) writeCode(layout, row - start, feature, levelOf(levels, x));
      else if (Number.isNaN(x)) writeMissing(layout, row - start, feature);
      else writeCode(layout, row - start, feature, index === undefined ? codeOf(cuts, x, firstCut, endCut) : index.codeOf(x));
    }
  });
  return layout;
}

/** Encodes the rows that a forest learned from, for trees that are not yet packed. */
export function encodeTrainingRows({ rows, features }: TrainingSet): EncodedRows {
  const isMissing = features.some(({ codes, levels, isCategorical }) => !isCategorical && codes.includes(levels));
  const layout = layOut(rows, features.length, isMissing, new Int32Array(rows * (2 * features.length + 1)));
  features.forEach(({ codes, levels, isCategorical }, feature) => {
    codes.forEach((code, row) => {
      if (code === levels && !isCategorical) writeMissing(layout, row, feature);
      else writeCode(layout, row, feature, code);
    });
  });
  return layout;
}

function layOut(rows: number, features: number, isMissing: boolean, memory: Int32Array): EncodedRows {
  const columnShift = isMissing ? 0 : 1;
  const stride = ((2 * features) >> columnShift) + 1;
  for (let row = 0; row < rows; row++) memory[row * stride + stride - 1] = ALWAYS_RIGHT;
  return { rows, codes: memory, stride, columnShift };
}

function writeCode({ codes, stride, columnShift }: EncodedRows, row: number, feature: number, code: number): void {
  const at = row * stride + ((2 * feature) >> columnShift);
  codes[at] = code;
  if (columnShift === 0) codes[at + 1] = code;
}

/** Only where every virtual column has its own place. */
function writeMissing({ codes, stride }: EncodedRows, row: number, feature: number): void {
  codes[row * stride + 2 * feature] = ALWAYS_LEFT;
  codes[row * stride + 2 * feature + 1] = ALWAYS_RIGHT;
}

function hasMissing(column: Column, start: number, end: number): boolean {
  for (let row = start; row < end; row++) {
    if (Number.isNaN(column[row])) return true;
  }
  return false;
}
