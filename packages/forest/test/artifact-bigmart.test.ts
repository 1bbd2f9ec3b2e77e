import { env, stdout } from 'node:process';
import { describe, expect, it } from 'vitest';
import { RandomForestRegressor, validateForest } from '../src/index.ts';
import { readBigMart, takeRows } from './bigmart.ts';

const folder = env['DROPFOREST_BIGMART'];
if (folder === undefined) {
  stdout.write('skipped: the artifact of the Big Mart data, because DROPFOREST_BIGMART does not name its folder\n');
}

describe.skipIf(folder === undefined)('the artifact of 500 fully grown trees on the Big Mart data', () => {
  it('takes at most 8.1 bytes a node, is sound in every node and predicts a row alone as among others', async () => {
    const table = readBigMart(folder ?? '');
    const train = takeRows(table, Array.from({ length: 7_670 }, (_, row) => row));
    const forest = await RandomForestRegressor.fit(train, { nEstimators: 500, threads: 2 });
    expect(forest.nodeCount).toBeGreaterThan(4_000_000);
    expect(forest.data.byteLength / forest.nodeCount).toBeLessThan(8.1);
    validateForest(forest.data);
    const all = RandomForestRegressor.from(forest.data.slice()).predict(table.columns);
    for (const row of [0, 7_000, 8_000, 8_522]) {
      expect(forest.predict(table.columns.map((column) => column.subarray(row, row + 1)))).toEqual(all.slice(row, row + 1));
    }
  });
});
