import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { zipBundle } from './artifact.ts';
import { functions } from './definition.ts';

/** Lambda fetches and unpacks this before the first event is handled. */
const CEILING_BYTES = 1_000_000;

describe("a function's zip", () => {
  test.each(functions.map(({ name }) => name))('is below 1 MB: %s', (name) => {
    const bundle = join(import.meta.dirname, '..', '..', 'apps', name, 'dist', 'main.mjs');
    expect(existsSync(bundle), `there is no ${bundle}: run the test by \`npx nx test infra\`, which bundles the functions first`).toBe(true);
    expect(zipBundle(readFileSync(bundle)).byteLength).toBeLessThan(CEILING_BYTES);
  });

  test('has the same bytes for the same bundle', () => {
    const bundle = new TextEncoder().encode('export const handler = 1;');
    expect(zipBundle(bundle)).toEqual(zipBundle(bundle));
  });
});
