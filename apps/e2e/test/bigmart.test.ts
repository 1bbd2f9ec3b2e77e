import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dropforest } from '../src/command-line.ts';

/** Folder of the real Big Mart data: train.csv and predict.csv. */
const data = process.env['DROPFOREST_BIGMART'];
if (data === undefined) process.stdout.write('skipped: DROPFOREST_BIGMART does not name a folder with the real data\n');

const OutcomeSchema = z.object({ tuning: z.object({ trials: z.array(z.unknown()) }).optional(), metrics: z.object({ holdout: z.object({ rmse: z.number(), rows: z.number() }), baseline: z.object({ rmse: z.number() }), coverage: z.object({ level: z.number(), share: z.number() }) }) });
const recipe = join(import.meta.dirname, '..', '..', '..', 'packages', 'dataset-bigmart', 'dataset.json');

describe.skipIf(data === undefined)('the real Big Mart data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dropforest-bigmart-'));
  const dataDir = join(folder, 'data');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['bigmart', 'with nothing said of it', [], true],
    ['shop-7', 'with the recipe, under a name that appears nowhere', ['--config', recipe], false],
    ['shop-8', 'with the recipe and tuning', ['--config', recipe, '--set', 'tune=auto'], true],
  ])('trains 500 trees as %s, %s, to an RMSE below 1,200, and predicts every row in place', async (dataset, _, options, isTuned) => {
    const trained = await dropforest(dataDir, 'train', dataset, join(data ?? '', 'train.csv'), ...options, '--json');
    const { metrics, tuning } = OutcomeSchema.parse(JSON.parse(trained.stdout));
    expect((tuning?.trials.length ?? 0) > 0).toBe(isTuned);
    expect(metrics.holdout.rmse).toBeLessThan(1200);
    expect(metrics.holdout.rows).toBeGreaterThan(700);
    expect(metrics.baseline.rmse).toBeGreaterThan(1500);
    // Over six seeds of the holdout tuned forests held 0.889 to 0.932.
    expect(Math.abs(metrics.coverage.share - metrics.coverage.level)).toBeLessThan(0.04);
    process.stdout.write(`${dataset}: intervals meant to hold ${metrics.coverage.level} held ${metrics.coverage.share.toFixed(3)};  holdout RMSE ${metrics.holdout.rmse.toFixed(1)} on ${metrics.holdout.rows} rows, predicting the mean ${metrics.baseline.rmse.toFixed(1)}\n`);

    const out = join(folder, `${dataset}.csv`);
    const predicted = await dropforest(dataDir, 'predict', dataset, join(data ?? '', 'predict.csv'), '--out', out);
    expect(predicted.code).toBe(0);
    const input = readFileSync(join(data ?? '', 'predict.csv'), 'utf8').trimEnd().split(/\r?\n/);
    const output = readFileSync(out, 'utf8').trimEnd().split(/\r?\n/);
    expect(output).toHaveLength(5682);
    expect(output.map((line) => line.slice(0, line.lastIndexOf(',')))).toEqual(input);
    for (const line of output.slice(1)) expect(Number(line.slice(line.lastIndexOf(',') + 1))).toBeGreaterThan(0);
  });
});
