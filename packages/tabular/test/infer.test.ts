import { describe, expect, test } from 'vitest';
import { bytesSource, inferSchema, readLayout, readTable, TabularError } from '../src/index.ts';
import type { InferOptions } from '../src/index.ts';
import { columnNamed, readAll, utf8 } from './tables.ts';

const infer = async (content: string, options: InferOptions = {}) => (await readAll(content, options)).schema;
const kindsOf = async (content: string, options: InferOptions = {}) => Object.fromEntries((await infer(content, options)).columns.map(({ name, kind }) => [name, kind]));
const lines = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('the kind of a column', () => {
  test('is told by the whole file: words from row 5,000 on make a column of numbers one of words', async () => {
    const { schema, table } = await readAll(`a,b\n${lines(5000, (index) => `${index * 2},${index % 7}`)}\n${lines(300, () => '1,two')}\n`);
    expect(schema.columns.map(({ kind }) => kind)).toEqual(['numeric', 'categorical']);
    expect(columnNamed(table, 'b').at(-1)).toBe('two');
  });

  test('is identifier where few rows share a value, and the report says so with figures', async () => {
    const { columns } = await infer(`item,x\n${lines(300, (index) => `I${index % 60},${index % 11}.5`)}\n`);
    expect(columns[0]).toEqual({ name: 'item', kind: 'identifier', explanation: 'it names rows instead of describing them: 60 different values in 300 rows' });
    expect(columns[1]?.kind).toBe('numeric');
  });

  test.each([
    ['twenty values are categories, however few the rows', `w,x\n${lines(20, (index) => `L${index},${index % 3}`)}\n`, 'categorical'],
    ['ten rows a value are categories', `w,x\n${lines(250, (index) => `L${index % 25},${index % 3}`)}\n`, 'categorical'],
    ['numbers that rise by one from 1 count the rows', `w,x\n${lines(30, (index) => `${index + 1},${index % 3}`)}\n`, 'identifier'],
    ['numbers that rise by one from 5 are numbers', `w,x\n${lines(30, (index) => `${index + 5},${index % 3}`)}\n`, 'numeric'],
    ['twenty numbers that rise by one are numbers', `w,x\n${lines(20, (index) => `${index + 1},${index % 3}`)}\n`, 'numeric'],
    ['numbers that rise by one but for one are numbers', `w,x\n${lines(30, (index) => `${index === 17 ? 99 : index},${index % 3}`)}\n`, 'numeric'],
    ['prices of which no two are equal are numbers', `w,x\n${lines(500, (index) => `${(index * 7.31).toFixed(4)},${index % 3}`)}\n`, 'numeric'],
    ['a single value and blanks are categories: the blank says something', 'w,x\nyes,1\n,2\nyes,3\n', 'boolean'],
    ['0 and 1 are numbers', 'w,x\n0,1\n1,2\n0,3\n', 'numeric'],
    ['words of two pairs are categories', 'w,x\nyes,1\nfalse,2\n', 'categorical'],
  ])('%s', async (_name, content, kind) => {
    expect((await kindsOf(content))['w']).toBe(kind);
  });

  test('of more values than are counted one by one is still near enough', async () => {
    const { columns } = await infer(`w,x\n${lines(60_000, (index) => `L${index % 30_000},${index % 3}`)}\n`);
    const about = /about (\d+) different values in 60000 rows/.exec(columns[0]?.explanation ?? '')?.[1];
    expect(Math.abs(Number(about) / 30_000 - 1)).toBeLessThan(0.05);
    expect(columns[0]?.kind).toBe('identifier');
  });

  test('does not depend on the order of the rows, the row numbers excepted', async () => {
    const rows = Array.from({ length: 400 }, (_, index) => `I${index % 90},${index % 13}.5,2024-01-${String((index % 28) + 1).padStart(2, '0')}`);
    const forward = await infer(`a,b,c\n${rows.join('\n')}\n`);
    expect(await infer(`a,b,c\n${rows.toReversed().join('\n')}\n`)).toEqual(forward);
  });

  test('of the target is one that can be predicted', async () => {
    const content = `id,label\n${lines(40, (index) => `${index + 1},L${index}`)}\n`;
    expect(await kindsOf(content)).toEqual({ id: 'identifier', label: 'identifier' });
    expect(await kindsOf(content, { target: 'label' })).toEqual({ id: 'identifier', label: 'categorical' });
    expect(await kindsOf(content, { target: 'id' })).toEqual({ id: 'numeric', label: 'identifier' });
  });
});

describe('what dataset.json says of a column', () => {
  test('goes before what inference would say', async () => {
    const { schema, table, problems } = await readAll('n,c,b,i\n1,1,0,x\ntwo,2,1,y\n3,3,1,z\n', {
      columns: { n: { kind: 'numeric' }, c: { kind: 'categorical' }, b: { kind: 'boolean' }, i: { kind: 'ignore' } },
    });
    expect(schema.columns.map(({ kind }) => kind)).toEqual(['numeric', 'categorical', 'boolean', 'text']);
    expect(columnNamed(table, 'c')).toEqual(['1', '3']);
    expect(problems).toMatchObject([{ line: 3, row: 2, column: 'n', value: 'two', reason: 'not-a-number', message: 'column "n" needs a number, not "two"' }]);
  });

  test('a decimal mark decides what is ambiguous', async () => {
    const { table } = await readAll('a,b\n"1,234",x\n"5,678",y\n', { columns: { a: { decimal: ',' } } });
    expect(columnNamed(table, 'a')).toEqual([1.234, 5.678]);
  });

  test('a date format decides what is ambiguous, and may be one that is not looked for', async () => {
    const { table } = await readAll('a,b\n01/02/1970,19700103\n01/03/1970,19700104\n', { columns: { a: { dateFormat: 'MM/DD/YYYY' }, b: { kind: 'date', dateFormat: 'YYYYMMDD' } } });
    expect([columnNamed(table, 'a'), columnNamed(table, 'b')]).toEqual([[1, 2], [2, 3]]);
  });

  test('marks of its own take the place of the usual ones, in columns of words and of numbers', async () => {
    const { table, schema } = await readAll('n,w\n1,unknown\n-999,a\n3,NA\n4,Unknown\n', { columns: { n: { missing: ['-999'] }, w: { missing: ['unknown'] } } });
    expect(schema.columns[0]).toMatchObject({ kind: 'numeric', missing: ['-999'] });
    expect([columnNamed(table, 'n'), columnNamed(table, 'w')]).toEqual([[1, null, 3, 4], [null, 'a', 'NA', null]]);
  });

  test('a kind that is given has its numbers read in the way that most columns would', async () => {
    const { table, problems } = await readAll('a;b\n"1.234,5";x\nfoo;y\n2,5;z\n', { columns: { a: { kind: 'numeric' } } });
    expect(columnNamed(table, 'a')).toEqual([1234.5, 2.5]);
    expect(problems).toHaveLength(1);
  });
});

describe('a schema that is stored', () => {
  test('is plain JSON and reads another file the same way', async () => {
    const { schema } = await readAll('preis;tag;ja\n"1.234,50 €";31.12.1970;ja\n12,5 €;1.1.1971;nein\n');
    const stored: unknown = JSON.parse(JSON.stringify(schema));
    expect(stored).toEqual(schema);
    const other = bytesSource(utf8('ja,preis,tag,more\nJA,"7,25",2.1.1970,x\nnein,"7.25",2.1.1970,x\n'));
    const { table, problems } = await readTable([other], schema);
    expect(table.columns.map((column) => 'values' in column && Array.from(column.values))).toEqual([[7.25], [1], [1]]);
    expect(problems).toMatchObject([{ column: 'preis', reason: 'not-a-number', message: 'column "preis" needs a number with a decimal comma, not "7.25"' }]);
  });

  test('reads only the columns that are asked for, and nothing in the others makes a row bad', async () => {
    const { schema } = await readAll('a,b,c\n1,2,x\n3,4,y\n');
    const { table, problems } = await readTable([bytesSource(utf8('a,b,c\n1,bad,x\n3,4,y\n'))], schema, { columns: ['c', 'a'] });
    expect(table.columns.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(problems).toEqual([]);
  });
});

describe('a file without a header', () => {
  const iris = '5.1,3.5,setosa\n4.9,3.0,setosa\n';

  test('gets names from dataset.json', async () => {
    const { schema, table } = await readAll(iris, { reading: { columnNames: ['length', 'width', 'species'] } });
    expect(schema).toMatchObject({ header: false, rows: 2 });
    expect(columnNamed(table, 'length')).toEqual([5.1, 4.9]);
  });

  test('is read with its first row as names only where dataset.json says so', async () => {
    const { schema } = await readAll('1,2\n3,4\n', { reading: { header: true } });
    expect(schema.columns.map(({ name }) => name)).toEqual(['1', '2']);
  });

  test('may lack the column to predict', async () => {
    const source = bytesSource(utf8('5.1,3.5\n4.9,3.0\n'));
    const reading = { header: false, columnNames: ['length', 'width', 'species'] };
    await expect(readLayout(source, reading)).rejects.toThrow(/has 2 fields, but 3 columns are expected: "length", "width", "species"/);
    expect(await readLayout(source, { ...reading, target: 'species' })).toMatchObject({ hasHeader: false, header: ['length', 'width'] });
  });
});

describe('several files', () => {
  const first = bytesSource(utf8('a,b\n1,x\n2,y\n'), 'one.csv');

  test('are one table in the order given, whatever the order of their columns and their dialects', async () => {
    const second = bytesSource(utf8('b;a\r\nx;3\r\nz;\r\n'), 'two.csv');
    const { table } = await readTable([first, second], await inferSchema([first, second]));
    expect([columnNamed(table, 'a'), columnNamed(table, 'b')]).toEqual([[1, 2, 3, null], ['x', 'y', 'x', 'z']]);
  });

  test('decide together what kind a column is', async () => {
    const second = bytesSource(utf8('a,b\nthree,z\n'), 'two.csv');
    expect((await inferSchema([first, second])).columns[0]).toMatchObject({ name: 'a', kind: 'categorical' });
  });

  test('that each number their rows have row numbers', async () => {
    const part = (from: number) => bytesSource(utf8(`id,x\n${lines(25, (index) => `${index + from},${index % 3}`)}\n`));
    expect((await inferSchema([part(1), part(1)])).columns[0]?.kind).toBe('identifier');
    expect((await inferSchema([part(1), part(26)])).columns[0]?.kind).toBe('identifier');
    expect((await inferSchema([part(1), part(7)])).columns[0]?.kind).toBe('numeric');
  });

  test.each([
    ['a,c\n1,2\n', /^two\.csv: the file has no column "b"/],
    ['a,b,c\n1,2,3\n', /^one\.csv: the file has no column "c"/],
  ])('with different columns are refused, by name', async (content, message) => {
    const second = bytesSource(utf8(content), 'two.csv');
    await expect(inferSchema([first, second])).rejects.toThrow(message);
  });

  test('of which one cannot be opened fail as its owner says', async () => {
    const broken = { name: 'x.csv', *open(): Generator<Uint8Array> { throw new Error('no such file'); } };
    await expect(inferSchema([first, broken])).rejects.toThrow('no such file');
    await expect(inferSchema([first, bytesSource(new Uint8Array(0), 'empty.csv')])).rejects.toThrow(TabularError);
  });
});
