import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { appendColumns, bytesSource, formatCell, inspectHead, openCsv, readLayout, readTable, readTableInPlace, TabularError, withoutFormula } from '../src/index.ts';
import type { TableSchema } from '../src/index.ts';
import { gunzip, gunzipStream } from '../src/gunzip.ts';
import { columnNamed, readAll, utf8 } from './tables.ts';

const schema: TableSchema = { header: true, columns: [{ name: 'n', kind: 'numeric', explanation: '' }, { name: 'w', kind: 'categorical', explanation: '' }] };

describe('bad rows', () => {
  test('in place: are named with place and value, and keep their place', () => {
    const csv = openCsv({ name: 'p.csv', bytes: utf8('n,w\n1,x\n=heavy,y\n3,z\n4\n') });
    const { table, problems, isBad } = readTableInPlace(csv, schema);
    expect([columnNamed(table, 'n'), columnNamed(table, 'w')]).toEqual([[1, null, 3, null], ['x', null, 'z', null]]);
    expect(Array.from(isBad)).toEqual([0, 1, 0, 1]);
    expect(problems).toEqual([
      { file: 'p.csv', line: 3, row: 2, fields: 2, column: 'n', value: '=heavy', reason: 'not-a-number', message: 'column "n" needs a number, not "=heavy"' },
      { file: 'p.csv', line: 5, row: 4, fields: 1, reason: 'too-few-fields', message: '1 field where 2 are expected' },
    ]);
  });

  test('are those without a value in a column that must have one', async () => {
    const { table, problems, rowHash } = await readTable([bytesSource(utf8('n,w\n1,x\nNA,y\n3,z\n'))], schema, { required: ['n'] });
    expect(columnNamed(table, 'n')).toEqual([1, 3]);
    expect(rowHash).toHaveLength(2);
    expect(problems).toMatchObject([{ line: 3, row: 2, column: 'n', value: 'NA', reason: 'missing-value' }]);
  });

  test('add no level', async () => {
    const { table } = await readTable([bytesSource(utf8('n,w\nheavy,only here\n1,x\n'))], schema);
    expect(table.columns[1]).toMatchObject({ levels: ['x'] });
  });

  test('are counted beyond the ten thousand that are kept', async () => {
    const { problems, problemCounts } = await readTable([bytesSource(utf8(`n,w\n${'x,y\n'.repeat(10_050)}`))], schema);
    expect([problems.length, problemCounts.get('not-a-number')]).toEqual([10_000, 10_050]);
  });

  test('know their line below quoted line breaks', async () => {
    const { problems } = await readAll('a,b\n1,"x\n\ny"\n2\n');
    expect(problems).toMatchObject([{ line: 5, row: 2 }]);
  });
});

test('a missing column is named together with the one that was probably meant', async () => {
  await expect(readTable([bytesSource(utf8('N,w\n1,x\n'), 'p.csv')], schema)).rejects.toThrow(/^p\.csv: the file has no column "n"; it has "N", "w"; rename the column "N" to "n", or add it$/);
});

test('a table of more rows and levels than the first arrays hold is read whole', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => `${index / 8},a level with a long name ${index}`);
  const { table } = await readTable([bytesSource(utf8(`n,w\n${rows.join('\n')}\n`))], schema);
  expect(columnNamed(table, 'n')).toEqual(rows.map((_, index) => index / 8));
  expect(columnNamed(table, 'w')).toEqual(rows.map((_, index) => `a level with a long name ${index}`));
});

describe('an answer', () => {
  const answer = (bytes: Uint8Array): Uint8Array => {
    const csv = openCsv({ bytes });
    return appendColumns(csv, readTableInPlace(csv, { header: csv.hasHeader, columns: [] }).spans, ['prediction'], () => ['é€😀']);
  };

  test('is in the encoding of the file, its bytes untouched', () => {
    expect(Buffer.from(answer(Buffer.from('\ufeffa;b\nä;1\n', 'utf16le'))).toString('utf16le')).toBe('\ufeffa;b;prediction\nä;1;é€😀\n');
    expect(Buffer.from(answer(Buffer.from('a;b\r\nä\u0093;1', 'latin1'))).toString('latin1')).toBe('a;b;prediction\r\nä\u0093;1;é\u0080??');
  });

  test('to a packed file is not packed', () => {
    expect(Buffer.from(answer(gzipSync('a\n1\n'))).toString()).toBe('a,prediction\n1,é€😀\n');
  });

  test('to a file without a header has none', () => {
    expect(Buffer.from(answer(utf8('1,2\n3,4\n'))).toString()).toBe('1,2,é€😀\n3,4,é€😀\n');
  });

  test.each([['=1+1', "'=1+1"], ['+cmd', "'+cmd"], ['@SUM(A1)', "'@SUM(A1)"], ['-2+3', "'-2+3"], ['-2.5', '-2.5'], ['1e-7', '1e-7'], ['-', '-'], ['plain', 'plain']])('%s is added as %s', (value, added) => {
    expect(withoutFormula(value)).toBe(added);
    expect(formatCell(value, ',')).toBe(added);
  });
});

describe('gzip', () => {
  const packed = gzipSync(utf8(`a,b\n${Array.from({ length: 5000 }, (_, index) => `${index * 7919 % 10_007},x${index}`).join('\n')}\n`));

  test('that is cut is looked at as far as it goes', () => {
    for (const length of [200, 1000, packed.length - 1]) {
      expect(inspectHead(packed.subarray(0, length), { complete: false }), `${length} bytes`).toMatchObject({ ok: true, header: ['a', 'b'] });
    }
    expect(inspectHead(packed.subarray(0, 1000), { complete: true })).toMatchObject({ ok: false, problem: { code: 'broken-gzip' } });
  });

  test('that grows without end is given up', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    expect(() => gunzip(bomb, true, 10_000)).toThrow(TabularError);
    const unpackAll = async (): Promise<number> => {
      let length = 0;
      const pieces = async function* (): AsyncGenerator<Uint8Array> { yield bomb; };
      for await (const piece of gunzipStream(pieces(), 10_000)) length += piece.length;
      return length;
    };
    await expect(unpackAll()).rejects.toThrow(/unpacks to more than 10000 bytes/);
  });
});

test('a head that ends inside a character or a quoted field is let in', () => {
  const bytes = utf8('a,b\n1,"x\ny"\n2,ä\n');
  for (let length = 4; length < bytes.length; length++) {
    expect(inspectHead(bytes.subarray(0, length), { complete: false }), `${length} bytes`).toMatchObject({ ok: true, header: ['a', 'b'] });
  }
});

test('a header that goes on behind the head is refused, for the head is all there is', () => {
  const head = utf8(Array.from({ length: 5000 }, (_, index) => `column${index}`).join(','));
  expect(inspectHead(head, { complete: false })).toMatchObject({ ok: false, problem: { code: 'unreadable-header' } });
});

test('whoever stops early leaves no source open', async () => {
  let closed = false;
  const source = {
    async *open(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield utf8('a,b\n1,2\n'.repeat(10_000));
      } finally {
        closed = true;
      }
    },
  };
  expect(await readLayout(source)).toMatchObject({ header: ['a', 'b'] });
  expect(closed).toBe(true);
});
