import { describe, expect, it } from 'vitest';
import { scoreOf } from '../src/score.ts';

describe('scoreOf', () => {
  it('is R² for regression', () => {
    const target = Float64Array.of(1, 2, 3, 4);
    expect(scoreOf(0, target, target)).toBe(1);
    expect(scoreOf(0, target, Float64Array.of(2.5, 2.5, 2.5, 2.5))).toBe(0);
    expect(scoreOf(0, target, Float64Array.of(1, 2, 3, 5))).toBeCloseTo(0.8, 12);
  });

  it('is 1 or 0 for a constant target', () => {
    expect(scoreOf(0, Float64Array.of(3, 3), Float64Array.of(3, 3))).toBe(1);
    expect(scoreOf(0, Float64Array.of(3, 3), Float64Array.of(3, 4))).toBe(0);
  });

  it('is the share of rows whose likeliest class is right', () => {
    expect(scoreOf(2, Float64Array.of(0, 1, 1, 1), Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.5, 0.5, 0, 1))).toBe(0.75);
  });
});
