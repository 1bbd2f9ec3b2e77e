import { describe, expect, test } from 'vitest';
import { readAll } from './tables.ts';

const numbers = (count: number, write = (value: number) => String(value)) => Array.from({ length: count }, (_, row) => write(((row * 37) % 100) + 0.5));
const table = (values: readonly string[]) => `a;b\n${values.map((value, row) => `${value};${row % 3}`).join('\n')}\n`;

describe('a column of numbers with a few words among them', () => {
  test.each([
    ['plain ones', numbers(60)],
    ['ones with a decimal comma', numbers(60, (value) => String(value).replace('.', ','))],
  ])('is one of numbers, said aloud: %s', async (_, values) => {
    const { schema, table: read, problems } = await readAll(table(values.toSpliced(30, 2, 'ERR', 'ERR')));
    expect(schema.columns[0]).toMatchObject({ name: 'a', kind: 'numeric', explanation: '58 of 60 values are numbers, the others are not, "ERR" for one' });
    expect(schema.notes).toEqual([expect.stringContaining('column "a": 58 of 60 values are numbers')]);
    expect(problems.map(({ line, column, reason, value }) => [line, column, reason, value])).toEqual([[32, 'a', 'not-a-number', 'ERR'], [33, 'a', 'not-a-number', 'ERR']]);
    expect(read.rowCount).toBe(58);
    const column = read.columns[0];
    expect(column !== undefined && 'values' in column ? column.values[0] : undefined).toBe(0.5);
  });

  test.each([
    ['there are more than one in twenty', numbers(60).toSpliced(0, 4, 'x', 'x', 'x', 'x')],
    ['there are few numbers', numbers(19).toSpliced(3, 0, 'x')],
  ])('is one of words where %s', async (_, values) => {
    const { schema } = await readAll(table(values));
    expect(schema.columns[0]?.kind).not.toBe('numeric');
    expect(schema.notes).toEqual([]);
  });

  test('is what dataset.json says', async () => {
    const { schema } = await readAll(table(numbers(60).toSpliced(30, 1, 'ERR')), { columns: { a: { kind: 'categorical' } } });
    expect(schema.columns[0]).toMatchObject({ kind: 'categorical', explanation: 'dataset.json says that it is categorical' });
  });
});
