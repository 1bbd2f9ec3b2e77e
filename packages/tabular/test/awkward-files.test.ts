import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inferSchema, inspectHead, openCsv, readTable, readTableInPlace, TabularError } from '../src/index.ts';
import type { FileProblemCode, HeadInspection, RowReason, Table } from '../src/index.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const inspect = (content: string | Uint8Array): HeadInspection => inspectHead(typeof content === 'string' ? utf8(content) : content, { complete: true });

const REFUSED: readonly (readonly [name: string, content: string | Uint8Array, code: FileProblemCode, message: RegExp])[] = [
  ['zero bytes', '', 'empty', /0 bytes/],
  ['only a byte-order mark', '\ufeff', 'empty', /blank lines/],
  ['only blank lines', '\n\r\n  \n', 'empty', /blank lines/],
  ['a header only', 'a,b\n', 'no-rows', /no rows/],
  ['a header and blank lines', 'a,b\n\n\n', 'no-rows', /no rows/],
  ['a gzip file named .csv', gzipSync('a,b\n1,2\n'), 'not-csv', /gzip/],
  ['an Excel workbook named .csv', utf8('PK\u0003\u0004rest'), 'not-csv', /xlsx/],
  ['a Parquet file named .csv', utf8('PAR1rest'), 'not-csv', /Parquet/],
  ['a PDF named .csv', utf8('%PDF-1.7\n'), 'not-csv', /PDF/],
  ['JSON', '[\n {"a": 1},\n {"a": 2}\n]', 'not-csv', /JSON/],
  ['a web page that says the download failed', '<!DOCTYPE html>\n<html></html>', 'not-csv', /HTML/],
  ['NUL bytes', 'a,b\n1,2\n3,\u0000\n', 'not-csv', /line 3 has a NUL byte/],
  ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0x00), 'unsupported-encoding', /UTF-16/],
  ['Windows-1252', Buffer.from('a,b\n1,2\ncaf\xe9,3\n', 'latin1'), 'unsupported-encoding', /line 3 is not valid UTF-8/],
  ['two columns of one name', 'a,b,a\n1,2,3\n', 'duplicate-column', /columns 1 and 3 both "a"/],
  ['two names that differ in white space', 'a, a\n1,2\n', 'duplicate-column', /columns 1 and 2/],
  ['a column without a name', ',a\n0,1\n', 'empty-column-name', /column 1 of 2/],
  ['a delimiter at the end of the header', 'a,b,\n1,2,\n', 'empty-column-name', /column 3 of 3/],
  ['no header', '1,2\n3,4\n', 'no-header', /all it has is numbers/],
  ['a title above the header', 'Sales 2026\n\na,b\n1,2\n', 'ragged', /line 3 has 2 fields/],
  ['a header of another width than all rows', 'a,b\n1,2,3\n4,5,6\n', 'ragged', /line 2 has 3 fields/],
  ['a header whose quote is never closed', 'a,"b\n1,2\n', 'unreadable-header', /never closed/],
  ['quotes that are never closed all over', `a,b\n${'1,"x" y\n'.repeat(300)}`, 'ragged', /broken quotes/],
];

describe('at the door', () => {
  test.each(REFUSED)('%s is refused', (_name, content, code, message) => {
    const result = inspect(content);
    expect(result).toMatchObject({ ok: false, problem: { code } });
    if (result.ok) return;
    expect(result.problem.message).toMatch(message);
    expect(result.problem.remedy).not.toBe('');
  });

  test.each(REFUSED.filter(([, , code]) => code !== 'no-rows' && code !== 'ragged'))('%s is refused by openCsv in the same words', (_name, content) => {
    const result = inspect(content);
    const open = (): unknown => openCsv({ name: 'sales.csv', bytes: typeof content === 'string' ? utf8(content) : content });
    expect(open).toThrow(TabularError);
    if (!result.ok) expect(open).toThrow(`sales.csv: ${result.problem.message}; ${result.problem.remedy}`);
  });

  test('a header that goes on behind the head is refused, for the head is all there is', () => {
    const head = utf8(Array.from({ length: 5000 }, (_, index) => `column${index}`).join(','));
    expect(inspectHead(head, { complete: false })).toMatchObject({ ok: false, problem: { code: 'unreadable-header' } });
    expect(inspectHead(head, { complete: true })).toMatchObject({ ok: false, problem: { code: 'no-rows' } });
  });

  test('a head that ends inside a character or a quoted field is let in', () => {
    const bytes = utf8('a,b\n1,"x\ny"\n2,ä\n');
    for (let length = 4; length < bytes.length; length++) {
      expect(inspectHead(bytes.subarray(0, length), { complete: false }), `${length} bytes`).toMatchObject({ ok: true, header: ['a', 'b'] });
    }
  });
});

function readAll(content: string): { table: Table; reasons: RowReason[]; lines: number[] } {
  const csv = openCsv({ bytes: utf8(content) });
  const { table, problems } = readTable([csv], inferSchema([csv]));
  return { table, reasons: problems.map(({ reason }) => reason), lines: problems.map(({ line }) => line) };
}

const column = (table: Table, index: number): unknown => {
  const found = table.columns[index];
  if (found === undefined) return undefined;
  return found.kind === 'numeric' ? Array.from(found.values) : Array.from(found.codes, (code) => found.levels[code] ?? null);
};

describe('an awkward file that is read', () => {
  test('mixes LF and CRLF', () => {
    const { table, reasons } = readAll('a,b\r\n1,x\n2,"y"\r\n3,z');
    expect(reasons).toEqual([]);
    expect([column(table, 0), column(table, 1)]).toEqual([[1, 2, 3], ['x', 'y', 'z']]);
  });

  test('has CR line endings and a quoted LF', () => {
    const { table } = readAll('a,b\r1,"x\ny"\r2,z\r');
    expect(column(table, 1)).toEqual(['x\ny', 'z']);
  });

  test('has CR CR LF line endings, as a program makes that translates them twice', () => {
    const { table, reasons } = readAll('a,b\r\r\n1,x\r\r\n2,y\r\r\n');
    expect([column(table, 0), column(table, 1), reasons]).toEqual([[1, 2], ['x', 'y'], []]);
  });

  test('has blank lines above the header, between the rows and at the end', () => {
    expect(column(readAll('\n\na,b\n\n1,2\n  \n3,4\n\n').table, 0)).toEqual([1, 3]);
  });

  test('has one column, with an empty quoted value that is no blank line', () => {
    expect(column(readAll('a\nx\n\n""\ny\n').table, 0)).toEqual(['x', null, 'y']);
  });

  test('has a byte-order mark twice', () => {
    const csv = openCsv({ bytes: utf8('\ufeff\ufeffa,b\n1,2\n3,4\n') });
    const { table, spans } = readTableInPlace(csv, inferSchema([csv]));
    expect(column(table, 0)).toEqual([1, 3]);
    expect(Array.from({ length: 2 }, (_, row) => csv.text.slice(spans[2 * row], spans[2 * row + 1]))).toEqual(['1,2', '3,4']);
  });

  test('ends with a byte-order mark', () => {
    expect(column(readAll('a,b\n1,2\n\ufeff').table, 0)).toEqual([1]);
  });

  test('has a field of 2 MB', () => {
    const long = 'x'.repeat(2_000_000);
    expect(column(readAll(`a,b\n1,"${long}"\n2,y\n`).table, 1)).toEqual([long, 'y']);
  });

  test('has 5,000 columns', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `c${index}`);
    expect(readAll(`${names.join(';')}\n${names.map((_, index) => index).join(';')}\n`).table.columns).toHaveLength(5000);
  });

  test('writes missing numbers in every way, and words that only look like it in a column of words', () => {
    const { table } = readAll('n,w\n1,NA\nNA,x\nn/a,-\nNULL,\nnan,?\n?,a\n-,b\n,c\n');
    expect(column(table, 0)).toEqual([1, NaN, NaN, NaN, NaN, NaN, NaN, NaN]);
    expect(column(table, 1)).toEqual(['NA', 'x', '-', null, '?', 'a', 'b', 'c']);
  });

  test('has numbers that only JavaScript would take: they make the column categorical', () => {
    const { table } = readAll('hex,infinite,huge,thousands\n0x10,Infinity,1e999,"1,000"\n1,1,1,1\n');
    expect(table.columns.map(({ kind }) => kind)).toEqual(['categorical', 'categorical', 'categorical', 'categorical']);
  });

  test('has a column without any value: it is categorical, so that no later value is refused', () => {
    expect(readAll('a,b\n1,\n2,\n').table.columns[1]).toMatchObject({ kind: 'categorical', levels: [] });
  });

  test('has a word in the last row of a column of numbers: the whole file counts, not its beginning', () => {
    const { table } = readAll(`a,b\n${'1,2\n'.repeat(5000)}1,two\n`);
    expect(table.columns[1]).toMatchObject({ kind: 'categorical', levels: ['2', 'two'] });
  });

  test('has ragged rows: each is left out, with its line', () => {
    const { table, reasons, lines } = readAll('a,b\n1,"x\ny"\n2\n3,z,extra\n4,w\n');
    expect(column(table, 0)).toEqual([1, 4]);
    expect([reasons, lines]).toEqual([['too-few-fields', 'too-many-fields'], [4, 5]]);
  });

  test('has a quote that is never closed: one row is lost, not the rest of the file', () => {
    const { table, reasons, lines } = readAll('a,b\n1,x\n2,"y\n3,z\n4,w\n');
    expect(column(table, 0)).toEqual([1, 3, 4]);
    expect([reasons, lines]).toEqual([['unclosed-quote'], [3]]);
  });

  test('has text behind a closing quote: one row is lost, not the one below it', () => {
    const { table, reasons, lines } = readAll('a,b\r\n1,"6" pipe\r\n2,"y"\r\n3,z\r\n');
    expect(column(table, 0)).toEqual([2, 3]);
    expect([reasons, lines]).toEqual([['misplaced-quote'], [2]]);
  });

  test('has broken quotes all over: it is given up, not searched for hours', () => {
    expect(() => readAll(`a,b\n1,2\n${'1,"x" y\n'.repeat(300)}`)).toThrow(/more than 100 rows/);
  });

  test('has broken quotes within a hundred rows: every other row is read', () => {
    const { table, reasons } = readAll(`a,b\n${'1,"x" y\n2,z\n'.repeat(100)}`);
    expect([table.rowCount, reasons.length]).toEqual([100, 100]);
  });
});

describe('a schema that is given', () => {
  const schema = { columns: [{ name: 'n', kind: 'numeric' }, { name: 'w', kind: 'categorical' }] } as const;

  test('finds columns by name in any order and ignores the others', () => {
    const { table } = readTable([openCsv({ bytes: utf8('extra,w,n\n9,x,1\n9,y,2\n') })], schema);
    expect(table.columns.map(({ name }) => name)).toEqual(['n', 'w']);
    expect([column(table, 0), column(table, 1)]).toEqual([[1, 2], ['x', 'y']]);
  });

  test('refuses text in a numeric column, with place and value, and keeps the place of the row', () => {
    const csv = openCsv({ name: 'p.csv', bytes: utf8('n,w\n1,x\nheavy,y\n3,z\n') });
    const { table, problems } = readTableInPlace(csv, schema);
    expect([column(table, 0), column(table, 1)]).toEqual([[1, NaN, 3], ['x', null, 'z']]);
    expect(problems).toEqual([
      { file: 'p.csv', line: 3, row: 2, fields: 2, column: 'n', value: 'heavy', reason: 'not-a-number', message: '"heavy" in column "n" is not a number' },
    ]);
  });

  test('leaves out and lists rows without a value in a column that must have one', () => {
    const { table, problems } = readTable([openCsv({ bytes: utf8('n,w\n1,x\nNA,y\n3,z\n') })], schema, { required: ['n'] });
    expect(column(table, 0)).toEqual([1, 3]);
    expect(problems).toMatchObject([{ line: 3, row: 2, column: 'n', value: 'NA', reason: 'missing-value' }]);
  });

  test('a row that is left out adds no level', () => {
    const { table } = readTable([openCsv({ bytes: utf8('n,w\nheavy,only here\n1,x\n') })], schema);
    expect(table.columns[1]).toMatchObject({ levels: ['x'] });
  });

  test('names the column that is missing and the one that was probably meant', () => {
    expect(() => readTable([openCsv({ name: 'p.csv', bytes: utf8('N,w\n1,x\n') })], schema)).toThrow(/^p\.csv: the file has no column "n"; it has "N", "w"; rename the column "N" to "n", or add it$/);
  });
});

describe('several files', () => {
  const first = openCsv({ name: 'one.csv', bytes: utf8('a,b\n1,x\n2,y\n') });

  test('are one table in the order given, whatever the order of their columns and their dialects', () => {
    const second = openCsv({ name: 'two.csv', bytes: utf8('b;a\r\nx;3\r\nz;\r\n') });
    const { table } = readTable([first, second], inferSchema([first, second]));
    expect([column(table, 0), column(table, 1)]).toEqual([[1, 2, 3, NaN], ['x', 'y', 'x', 'z']]);
  });

  test('decide together what kind a column is', () => {
    const second = openCsv({ bytes: utf8('a,b\nthree,z\n') });
    expect(inferSchema([first, second]).columns[0]).toEqual({ name: 'a', kind: 'categorical' });
  });

  test.each([
    ['a,c\n1,2\n', /^two\.csv: the file has no column "b"/],
    ['a,b,c\n1,2,3\n', /^one\.csv: the file has no column "c"/],
  ])('with different columns are refused, by name', (content, message) => {
    const second = openCsv({ name: 'two.csv', bytes: utf8(content) });
    expect(() => inferSchema([first, second])).toThrow(message);
  });
});
