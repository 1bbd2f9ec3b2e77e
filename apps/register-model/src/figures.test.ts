import { describe, expect, test } from 'vitest';
import { countText, decimalsFor, decimalText, figureText, percentText } from './figures.ts';

test('figures have five digits, counts all of them, shares are per cent', () => {
  expect([figureText(1081.234), figureText(0.3123456), countText(1234567), percentText(0.36524), percentText(0.5)]).toEqual(['1,081.2', '0.31235', '1,234,567', '36.5%', '50%']);
});

describe('decimals of a difference', () => {
  test.each([
    // One digit of the uncertainty, two where the first is a 1.
    [14.1, 6.2, 1081, 0],
    [14.1, 1.2, 1081, 1],
    [14.1, 0.62, 1081, 1],
    [14.1, 0.12, 1081, 2],
    [140, 62, 1081, 0],
    [14.1, 12, 1081, 0],
    // 9.96 is a 10 with one digit.
    [30, 0.996, 1081, 1],
    // Without an uncertainty the difference itself.
    [0.03, 0, 1081, 2],
    [0, 0, 1081, 0],
    // The figures have two digits at least.
    [0, 0, 0.31, 2],
    [2, 3, 1.5, 1],
    [2, 3, 0, 0],
    // More where rounding would turn the two around, or make them one.
    [6.4, 6.2, 1081, 1],
    [6.44, 6.41, 1081, 2],
    [6.2, 5.6, 1081, 1],
    [6.2, 6.4, 1081, 0],
    [5.6, 6.4, 1081, 0],
    // No more than a double has.
    [1e-20, 0, 1e-20, 15],
    [1 + Number.EPSILON, 1, 1081, 15],
  ])('%j ± %j at %j: %j', (difference, uncertainty, figure, decimals) => {
    expect(decimalsFor(difference, uncertainty, figure)).toBe(decimals);
  });

  test('are written even where they are zeros', () => {
    expect([decimalText(1081.2, 2), decimalText(1081.6, 0), decimalText(-0.001, 1)]).toEqual(['1,081.20', '1,082', '-0.0']);
  });
});
