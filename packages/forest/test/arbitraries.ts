/** Random data sets for properties: small, with ties, constant columns and a few awkward values. */
import fc from 'fast-check';
import type { NumericTable } from './bigmart.ts';

const tied = fc.integer({ min: -2, max: 2 });
const wide = fc.integer({ min: -1e6, max: 1e6 }).map((value) => value / 64);

/** 1 to 24 rows, 1 to 4 columns; the target is often tied as well. */
export const tables: fc.Arbitrary<NumericTable> = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, features]) => {
    const column = fc
      .oneof(fc.array(tied, { minLength: rows, maxLength: rows }), fc.array(wide, { minLength: rows, maxLength: rows }))
      .map((values) => Float64Array.from(values));
    return fc.record({ columns: fc.array(column, { minLength: features, maxLength: features }), target: column });
  });

/** A table and a weight from 1 to 3 for each row. */
export const weightedTables: fc.Arbitrary<NumericTable & { readonly weights: Float64Array }> = tables.chain((table) => {
  const rows = table.target.length;
  return fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: rows, maxLength: rows })
    .map((weights) => ({ ...table, weights: Float64Array.from(weights) }));
});

/** Limits on growth, often none. */
export const limits = fc.record({
  maxDepth: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  minSamplesSplit: fc.integer({ min: 2, max: 6 }),
  minSamplesLeaf: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(),
});

/** As `tables`, with codes of up to four classes as the target; not every code need occur. */
export const classTables: fc.Arbitrary<NumericTable & { readonly classCount: number }> = tables.chain((table) => {
  const rows = table.target.length;
  return fc.integer({ min: 1, max: 4 }).chain((classCount) =>
    fc
      .array(fc.integer({ min: 0, max: classCount - 1 }), { minLength: rows, maxLength: rows })
      .map((codes) => ({ ...table, target: Float64Array.from(codes), classCount })));
});

/** A table of classes and a weight from 1 to 3 for each row. */
export const weightedClassTables = classTables.chain((table) => {
  const rows = table.target.length;
  return fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: rows, maxLength: rows })
    .map((weights) => ({ ...table, weights: Float64Array.from(weights) }));
});
