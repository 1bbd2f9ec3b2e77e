import type { Column } from '@dropforest/tabular';
import { describe, expect, test } from 'vitest';
import { selectTarget, targetOf } from '../src/target.ts';

const numbers = (...values: number[]): Column => ({ name: 'y', kind: 'numeric', values: Float64Array.from(values) });
const repeated = (values: readonly number[], times: number): Column => numbers(...Array.from({ length: times }, () => values).flat());
const texts = (codes: number[], levels: string[]): Column => ({ name: 'y', kind: 'categorical', codes: Int32Array.from(codes), levels });

describe('a target of numbers', () => {
  test('is a number to predict, where it has fractions', () => {
    expect(targetOf(repeated([1.5, 2, 3], 100), 'auto')).toMatchObject({ target: { task: 'regression' } });
  });

  test('is classes, where it has few different whole numbers with many rows each, and that is said', () => {
    const { target, note } = targetOf(repeated([3, 0, 10], 20), 'auto');
    expect(target).toMatchObject({ task: 'classification', classes: ['0', '3', '10'] });
    expect([...target.values.subarray(0, 3)]).toEqual([1, 0, 2]);
    expect(note).toMatch(/3 different whole numbers.*set "task" to "regression"/);
  });

  test.each<[string, Column]>([
    ['too few rows each', repeated([0, 1, 2], 19)],
    ['too many different values', repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 100)],
    ['one value only', repeated([4], 100)],
  ])('is a number to predict with %s', (_, column) => {
    expect(targetOf(column, 'auto').target.task).toBe('regression');
  });

  test('is what dataset.json says, without a word', () => {
    expect(targetOf(repeated([0, 1], 100), 'regression')).toMatchObject({ target: { task: 'regression' } });
    expect(targetOf(numbers(0.5, 0.5, 2), 'classification')).toEqual({ target: { task: 'classification', name: 'y', classes: ['0.5', '2'], values: Float64Array.of(0, 0, 1) } });
  });
});

describe('a target of texts', () => {
  test('is classes in the order of their names, whatever the order of the rows', () => {
    expect(targetOf(texts([0, 1, 0, 2], ['yes', 'no', 'maybe']), 'classification').target).toMatchObject({ classes: ['maybe', 'no', 'yes'], values: Float64Array.of(2, 1, 2, 0) });
    expect(targetOf(texts([1, 0, 1], ['no', 'yes', 'unused']), 'auto')).toMatchObject({ target: { classes: ['no', 'yes'] }, note: expect.stringContaining('2 different texts') });
  });

  test.each<[string, Column, 'auto' | 'regression', string]>([
    ['a number is asked for', texts([0, 1], ['a', 'b']), 'regression', 'target-not-numeric'],
    ['every row is of one class', texts([0, 0], ['a', 'b']), 'auto', 'one-class'],
    ['there are too many', texts(Array.from({ length: 201 }, (_, code) => code), Array.from({ length: 201 }, (_, code) => `v${code}`)), 'auto', 'too-many-classes'],
  ])('is refused where %s', (_, column, task, code) => {
    expect(() => targetOf(column, task)).toThrow(expect.objectContaining({ code }));
  });
});

test('the rows of a target are selected in the order given', () => {
  expect([...selectTarget(targetOf(numbers(1.5, 2.5, 3.5), 'auto').target, Uint32Array.of(2, 0)).values]).toEqual([3.5, 1.5]);
});
