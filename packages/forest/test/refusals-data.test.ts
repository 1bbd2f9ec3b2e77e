import { describe, expect, it } from 'vitest';
import { checkClasses, checkData, checkPredictColumns } from '../src/columns.ts';
import type { ClassificationData, ForestData } from '../src/columns.ts';
import { refusalOf } from './refusal-of.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);
const data: ForestData = { columns: [column(1, 2, 3), column(4, NaN, 6)], target: column(1, 2, 3) };

/** What a caller without types passes. */
function untyped<T>(json: string): T {
  const value: T = JSON.parse(json);
  return value;
}

describe('data that cannot be learned from', () => {
  it.each<[Partial<ForestData>, string]>([
    [{ columns: [column(1, 2, 3), column(4, Infinity, 6)], names: ['price', 'weight'] }, 'columns[1] ("weight"): got Infinity at row 1, expected a finite number, or NaN where the value is missing'],
    [{ columns: [Float32Array.of(1, 2, -Infinity)] }, 'columns[0]: got -Infinity at row 2, expected a finite number, or NaN where the value is missing'],
    [{ columns: [column(1, 2)] }, 'columns[0]: got 2 rows, expected 3, one value for each row of target'],
    [{ columns: [] }, 'columns: got 0 columns, expected from 1 to 65535'],
    [{ columns: untyped('[[1, 2, 3]]') }, 'columns[0]: got Array, expected one of Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array'],
    [{ columns: untyped('[null]'), names: ['price'] }, 'columns[0] ("price"): got Null, expected one of Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array'],
    [{ columns: untyped('{}') }, 'columns: got Object, expected Array'],
    [{ columns: [column()], target: column() }, 'target: got 0 rows, expected from 1 to 1073741824'],
    [{ target: untyped('[1, 2, 3]') }, 'target: got Array, expected Float64Array'],
    [{ target: column(1, NaN, 3) }, 'target: got NaN at row 1, expected a finite number'],
    [{ target: column(1, 2, Infinity) }, 'target: got Infinity at row 2, expected a finite number'],
    [{ weights: column(1, -2, 1) }, 'weights: got -2 at row 1, expected 0 or more'],
    [{ weights: column(0, 0, 0) }, 'weights: got only zeros, expected at least one above 0'],
    [{ weights: column(1, 1) }, 'weights: got 2 rows, expected 3, one weight for each row of target'],
    [{ weights: column(1, NaN, 1) }, 'weights: got NaN at row 1, expected a finite number'],
    [{ weights: untyped('[1, 1, 1]') }, 'weights: got Array, expected Float64Array'],
    [{ categoricalFeatures: untyped('3') }, 'categoricalFeatures: got Number, expected Array'],
    [{ categoricalFeatures: [2] }, 'categoricalFeatures[0]: got 2, expected the index of a column, a whole number from 0 to 1'],
    [{ categoricalFeatures: [1, 0.5] }, 'categoricalFeatures[1]: got 0.5, expected the index of a column, a whole number from 0 to 1'],
    [{ categoricalFeatures: [1, 0, 1] }, 'categoricalFeatures[2]: got 1 again, expected each feature once'],
    [{ columns: [column(0, 1.5, 2)], categoricalFeatures: [0] }, 'columns[0]: got 1.5 at row 1, expected the code of a level, a whole number from 0 to 65535, or NaN where it is missing'],
    [{ columns: [column(0, NaN, -1)], categoricalFeatures: [0] }, 'columns[0]: got -1 at row 2, expected the code of a level, a whole number from 0 to 65535, or NaN where it is missing'],
  ])('%#: is refused by name', async (change, message) => {
    expect(await refusalOf(() => { checkData({ ...data, ...change }); })).toBe(`invalid-data | ${message}`);
  });

  it('includes a level too many', async () => {
    const rows = 65_537;
    const wide = { columns: [Float64Array.from({ length: rows }, (_, row) => row)], target: new Float64Array(rows), names: ['city'], categoricalFeatures: [0] };
    expect(await refusalOf(() => { checkData(wide); })).toBe(
      'invalid-data | columns[0] ("city"): got 65536 at row 65536, expected the code of a level, a whole number from 0 to 65535, or NaN where it is missing');
  });
});

describe('data that can be learned from', () => {
  it.each<[string, ForestData]>([
    ['with missing values', data],
    ['of one row', { columns: [column(5)], target: column(0) }],
    ['of constants', { columns: [column(5, 5), column(0, 0)], target: column(3, 3) }],
    ['without any value in a column', { columns: [column(NaN, NaN)], target: column(3, 4) }],
    ['of 2,000 features', { columns: Array.from({ length: 2000 }, () => column(1, 2)), target: column(3, 4) }],
    ['of every kind of column', { columns: [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array].map((Kind) => Kind.of(1, 2)), target: column(3, 4) }],
    ['of 65,536 levels', { columns: [Uint16Array.of(0, 65_535)], target: column(3, 4), categoricalFeatures: [0] }],
    ['in shared memory', { columns: [new Float64Array(new SharedArrayBuffer(16))], target: new Float64Array(new SharedArrayBuffer(16)) }],
    ['with rows that do not count', { ...data, weights: column(0, 0.5, 0) }],
  ])('%s passes', async (_, given) => {
    expect(await refusalOf(() => { checkData(given); })).toBe('nothing was refused');
  });
});

describe('class codes', () => {
  it.each<[Partial<ClassificationData>, string]>([
    [{ target: column(0, 1.5, 1) }, 'target: got 1.5 at row 1, expected a class code, a whole number from 0 to 1'],
    [{ target: column(0, 1, -1) }, 'target: got -1 at row 2, expected a class code, a whole number from 0 to 1'],
    [{ target: column(0, 1, 2), classCount: 2 }, 'target: got 2 at row 2, expected a class code, a whole number from 0 to 1'],
    [{ target: column(0, 1, 70_000) }, 'target: got 70000 at row 2, expected a class code, a whole number from 0 to 65534'],
    [{ classCount: 0 }, 'classCount: got 0, expected a whole number from 1 to 65535'],
    [{ classCount: 2.5 }, 'classCount: got 2.5, expected a whole number from 1 to 65535'],
    [{ classCount: 65_536 }, 'classCount: got 65536, expected a whole number from 1 to 65535'],
  ])('%#: that cannot be learned from are refused by name', async (change, message) => {
    expect(await refusalOf(() => checkClasses({ ...data, target: column(0, 1, 1), ...change }))).toBe(`invalid-data | ${message}`);
  });

  it('say how many classes there are, one included', () => {
    expect(checkClasses({ ...data, target: column(0, 2, 1) })).toBe(3);
    expect(checkClasses({ ...data, target: column(0, 0, 0) })).toBe(1);
    expect(checkClasses({ ...data, target: column(0, 0, 0), classCount: 4 })).toBe(4);
  });
});

describe('columns to predict for', () => {
  it('may hold any number', () => {
    expect(checkPredictColumns([column(NaN, Infinity), Int8Array.of(-1, 1)], 2)).toBe(2);
    expect(checkPredictColumns([column()], 1)).toBe(0);
  });

  it('must be as many as were learned from, of one length, in typed arrays', async () => {
    expect(await refusalOf(() => checkPredictColumns([column(1)], 2))).toBe('invalid-data | columns: got 1 columns, expected 2, in the order of the fit');
    expect(await refusalOf(() => checkPredictColumns([column(1), column(1, 2)], 2))).toBe('invalid-data | columns[1]: got 2 rows, expected 1, as many rows as columns[0]');
    expect(await refusalOf(() => checkPredictColumns(untyped('[[1]]'), 1))).toMatch(/^invalid-data \| columns\[0\]: got Array, expected one of Float64Array/);
    expect(await refusalOf(() => checkPredictColumns(untyped('"abc"'), 3))).toBe('invalid-data | columns: got String, expected Array');
  });
});
