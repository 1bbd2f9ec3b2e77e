import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asLabel, shorten } from './aws-text.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 400 });

describe('a shortened text', () => {
  test('is left as it is when it fits exactly, and ends in … when it does not', () => {
    expect(shorten('abcd', 4)).toBe('abcd');
    expect(shorten('abcde', 4)).toBe('abc…');
  });

  test('is one line', () => {
    expect(shorten(' a\r\n\tb\u0085c\u2028\u0000d ', 100)).toBe('a b c d');
  });

  test('is never cut within a character', () => {
    expect(shorten('ab😀cd', 4)).toBe('ab…');
    expect(shorten('a😀bcd', 4)).toBe('a😀…');
  });

  test('holds the limit and is well-formed, whatever the text', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const short = shorten(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        expect(short.isWellFormed()).toBe(true);
        expect(short).toMatch(/^.*$/);
      }),
    );
  });
});

describe('a label', () => {
  test.each([
    ['RMSE 1,081 against 12,095,000: better by 14 ± 6, approved', 'RMSE 1081 against 12095000: better by 14 +- 6 - approved'],
    ['36.5% lower; rejected', '36.5 percent lower - rejected'],
    ['1,08 and 1,0811 and a,123', '1 -08 and 10811 and a -123'],
    [`a person's "word" (his own) ’tis`, 'a persons word his own tis'],
    ['train/täglich/a+b=c@d_e-f.csv', 'train/täglich/a+b=c@d_e-f.csv'],
    ['a&b#c', 'a_b_c'],
    ['two\nlines', 'two lines'],
    ['cafe\u0301', 'café'],
  ])('spells %j as %j', (text, label) => {
    expect(asLabel(text)).toBe(label);
  });

  test('has at most 256 characters and ends in ... when it was cut', () => {
    expect(asLabel('a'.repeat(256))).toBe('a'.repeat(256));
    expect(asLabel('a'.repeat(257))).toBe(`${'a'.repeat(253)}...`);
    expect(asLabel(`${'a'.repeat(252)}𝒜bcde`)).toBe(`${'a'.repeat(252)}...`);
  });

  test('is a value that tags and properties take, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const label = asLabel(text);
        expect(label).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
        expect(label.length).toBeLessThanOrEqual(256);
      }),
    );
  });

  test('of a label is the label', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(asLabel(asLabel(text))).toBe(asLabel(text));
      }),
    );
  });
});
