import { describe, expect, it } from 'vitest';
import { formatChange, formatCount, formatDay, formatFigure, formatInterval, formatPercent, formatPercents, formatPoints, formatRows, formatSetting, formatShare, formatTime } from './format.ts';

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

  it('writes shares as figures, and how far apart they are', () => {
    expect([formatPercent(0.9), formatPercent(0.8964), formatPercents([0.4, 0.459])]).toEqual(['90 %', '89.6 %', '40.0–45.9 %']);
    expect([formatPoints(0.123), formatPoints(-0.001), formatPoints(0.0001)]).toEqual(['12.3 points higher', '0.1 points lower', 'the same']);
  });

  it.each<[[number, number], string]>([[[1060.4, 1198.6], '1,060–1,199'], [[934.2, 1042], '934–1,042'], [[0.9, 0.909], '0.900–0.909'], [[-0.1, 0], '-0.100 to 0'], [[1e-9, 2e13], '1.00e-9–2.00e+13']])(
    'writes the interval %o more coarsely than its figure: %s', (interval, text) => { expect(formatInterval(interval)).toBe(text); },
  );

  it('writes days since 1970 as dates, as far as calendars reach', () => {
    expect([formatDay(0), formatDay(20779.7), formatDay(-1), formatDay(-1e6), formatDay(1e9)]).toEqual(['1970-01-01', '2026-11-22', '1969-12-31', '-000768-02-04', '1,000,000,000.0']);
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
