/** Points and weights on [0, 1] that integrate polynomials exactly. */
export interface Quadrature {
  /** Strictly between 0 and 1, ascending. */
  readonly points: Float64Array;
  /** Positive, sum 1. */
  readonly weights: Float64Array;
}

/**
 * Gauss–Legendre quadrature: `count` points, exact up to degree 2 × count − 1. The points are the roots of the Legendre
 * polynomial, found by Newton's method from the usual cosine guess (Abramowitz and Stegun, 1964, 22.16.6 and 25.4.29).
 */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    let x = -Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    // Newton's method doubles the digits at each step; the guess has at least one.
    for (let step = 0; step < 6; step++) {
      const { value, slope } = legendre(count, x);
      x -= value / slope;
    }
    const { slope } = legendre(count, x);
    points[index] = (1 + x) / 2;
    weights[index] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

/** The Legendre polynomial of a degree from 1 and its derivative at `x` inside (−1, 1), by the three-term recurrence. */
function legendre(degree: number, x: number): { readonly value: number; readonly slope: number } {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n++) {
    const next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
    before = value;
    value = next;
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
