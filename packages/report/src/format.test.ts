import { describe, expect, it } from 'vitest';
import { formatChange, formatCount, formatFigure, formatRows, formatSetting, formatShare, formatTime } from './format.ts';

describe('numbers in words', () => {
  it.each<[number, string]>([[1123.42, '1,123.4'], [1701.2, '1,701.2'], [0.57134, '0.5713'], [0, '0'], [-12.3456, '-12.35'], [1e-7, '1.000e-7'], [3e15, '3.000e+15']])(
    'writes %d as %s', (value, text) => { expect(formatFigure(value)).toBe(text); },
  );

  it('says how far an error is from the baseline’s', () => {
    expect(formatChange(1123.4, 1701.2)).toBe('34 % lower');
    expect(formatChange(110, 100)).toBe('10 % higher');
    expect(formatChange(99.5, 100)).toBe('0.5 % lower');
    expect(formatChange(100, 100)).toBe('the same');
    expect(formatChange(0, 0)).toBe('the same');
    expect(formatChange(1, 0)).toBe('higher');
  });

  it('writes counts, shares, times and settings', () => {
    expect(formatCount(8523)).toBe('8,523');
    expect(formatRows(1)).toBe('1 row');
    expect(formatShare(0.1717)).toBe('17 %');
    expect(formatShare(0.004)).toBe('0.4 %');
    expect(formatTime('2026-11-22T16:39:12.345Z')).toBe('2026-11-22 16:39 UTC');
    expect([formatSetting('sqrt'), formatSetting(null), formatSetting(0.5), formatSetting(undefined)]).toEqual(['sqrt', 'null', '0.5', 'not set']);
  });
});
