/**
 * Numbers as whole multiples of a power of two. Sums of whole numbers below 2⁵³ are exact in a double, so they depend
 * neither on the order of addition nor on how the work was divided among threads.
 */

/** Sums stay at or below 2⁵², leaving a bit for rounding each number to the grid. */
const MOST = 2 ** 52;
const MOST_SCALE = 2 ** 1000;

/** `value ≈ center + units / scale` with whole `units`. */
export interface Grid {
  readonly center: number;
  readonly scale: number;
}

/**
 * The finest grid for values between `min` and `max` on which every sum of `units × weight` stays exact, as long as the
 * weights add up to at most `totalWeight`. For 7,670 rows of weight 1 its step is 2⁻⁴⁰ of the range.
 */
export function createGrid(min: number, max: number, totalWeight: number): Grid {
  return { center: min / 2 + max / 2, scale: finestScale(max / 2 - min / 2, totalWeight) };
}

/** The nearest grid point, as a whole number of steps from the centre. */
export function toUnits(grid: Grid, value: number): number {
  return Math.round((value - grid.center) * grid.scale);
}

/** The inverse of `toUnits`, for fractions of a step as well. */
export function fromUnits(grid: Grid, units: number): number {
  return grid.center + units / grid.scale;
}

/** The largest power of two `s` with `size × s × count ≤ 2⁵²`; found by doubling because a logarithm may round. */
export function finestScale(size: number, count: number): number {
  if (size === 0) return 1;
  let scale = 1;
  while (size * scale * count > MOST) scale /= 2;
  while (size * scale * 2 * count <= MOST && scale < MOST_SCALE) scale *= 2;
  return scale;
}
