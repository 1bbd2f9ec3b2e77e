import { describe, expect, test } from 'vitest';
import { matchContents, type Content } from './upload-id.ts';

function content(file: string, etag: string, droppedAt: string | undefined = '2026-03-04T05:00:00.000Z', zone: Content['zone'] = 'predict'): Content {
  return { zone, key: `${zone}/shop/${file}`, file, etag, droppedAt };
}

const march = content('march.csv', 'abcdef0123456789');
const older = { ...content('march.csv', 'fedcba9876543210'), droppedAt: undefined };
const oldest = { ...content('march.csv', '00000000aaaaaaaa'), droppedAt: undefined };
const copy = content('copy.csv', 'abcdef0123456789');
const near = content('near.csv', 'abcdef9999999999');

describe('an id', () => {
  test('may be a whole etag or its beginning', () => {
    expect(matchContents('abcdef0123456789', [march, near])).toEqual([march]);
    expect(matchContents('abcdef01', [march, near])).toEqual([march]);
  });

  test('means the content wherever it lies', () => {
    expect(matchContents('abcdef01', [march, copy])).toEqual([march, copy]);
  });

  test('that fits several contents is refused, and shows them', () => {
    expect(() => matchContents('abcdef', [march, near])).toThrow('abcdef is the beginning of 2 ids: abcdef0123456789, abcdef9999999999');
  });

  test('of fewer than six characters is no id', () => {
    expect(matchContents('abcde', [march])).toEqual([]);
  });

  test('may be of a content that was overwritten', () => {
    expect(matchContents('fedcba', [march, older])).toEqual([older]);
  });

  test.each(['predict/shop/march.csv', 'march.csv'])('may be a key or a name (%s), and then means what lies there now', (id) => {
    expect(matchContents(id, [older, march, oldest])).toEqual([march]);
  });

  test('may be a name of what lies there no longer, and then means what was claimed last', () => {
    expect(matchContents('march.csv', [oldest, older])).toEqual([older]);
  });
});
