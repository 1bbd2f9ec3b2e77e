import { DatasetConfigSchema, type ModelMetrics } from '@dropforest/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beatChampion, passGate, type ComparedFigures } from './gate.ts';

const figures = (rmse: number, rows = 853) => ({ rmse, mae: rmse / 2, r2: 0.5, rows });
const metrics: ModelMetrics = { task: 'regression', holdout: figures(1081.234), outOfBag: figures(1100, 7670), baseline: figures(1701.5) };
const { gate } = DatasetConfigSchema.parse({});

describe('the gate', () => {
  test('lets a model through that is better than the baseline, and says by how much', () => {
    expect(passGate(metrics, gate)).toEqual({ passed: true, explanation: 'RMSE 1,081.2 on 853 held-out rows, predicting the mean 1,701.5: 36.5% lower' });
  });

  test.each<[string, ModelMetrics, object, RegExp]>([
    ['as good as the baseline', { task: 'regression', holdout: figures(1701.5), baseline: figures(1701.5) }, {}, /: 0% lower, not better than the baseline$/],
    ['worse than the baseline', { task: 'regression', holdout: figures(1800), baseline: figures(1700) }, {}, /: 5\.9% higher, not better than the baseline$/],
    ['not better by enough', metrics, { minimumImprovement: 0.5 }, /36\.5% lower, less than the 50% that the gate asks for$/],
    ['above the bound', metrics, { maximumRmse: 1081.2 }, /36\.5% lower, above the 1,081\.2 that the gate allows$/],
    ['without figures', { task: 'regression', baseline: figures(1) }, {}, /^there are no figures to judge the model by: too few rows$/],
    ['no number', { task: 'regression', holdout: figures(NaN), baseline: figures(1) }, {}, /not better than the baseline$/],
    ['held against a baseline without error', { task: 'regression', holdout: figures(0), baseline: figures(0) }, {}, /0% lower, not better than the baseline$/],
  ])('refuses a model that is %s', (_, given, more, explanation) => {
    expect(passGate(given, { ...gate, ...more })).toEqual({ passed: false, explanation: expect.stringMatching(explanation) });
  });

  test.each<[string, object]>([
    ['exactly as low as the bound', { maximumRmse: 1081.234 }],
    ['of a regression, whatever accuracy is asked for', { minimumAccuracy: 1 }],
  ])('lets a model through that is %s', (_, more) => {
    expect(passGate(metrics, { ...gate, ...more })).toMatchObject({ passed: true });
  });

  test('lets a model through that is better by exactly what is asked for', () => {
    const half: ModelMetrics = { task: 'regression', holdout: figures(50), baseline: figures(100) };
    expect(passGate(half, { ...gate, minimumImprovement: 0.5 })).toMatchObject({ passed: true });
    expect(passGate(half, { ...gate, minimumImprovement: 0.51 })).toMatchObject({ passed: false });
  });

  test('goes by out-of-bag figures where nothing was held out, and says so', () => {
    const { passed, explanation } = passGate({ task: 'regression', outOfBag: figures(1100, 4000), baseline: figures(1700, 4000) }, { ...gate, maximumRmse: 1099 });
    expect(explanation).toContain('RMSE 1,100 on 4,000 out-of-bag rows, predicting the mean 1,700: 35.3% lower');
    expect(passed).toBe(false);
  });
});

describe('the gate of a classification', () => {
  const shares = (accuracy: number, logLoss: number) => ({ accuracy, logLoss, rows: 200 });
  const classification: ModelMetrics = { task: 'classification', holdout: shares(0.9, 0.3), baseline: shares(0.6, 0.6) };

  test('goes by the log loss beside that of the shares of the classes', () => {
    expect(passGate(classification, gate)).toEqual({ passed: true, explanation: 'log loss 0.3 on 200 held-out rows, predicting the shares of the classes 0.6: 50% lower' });
  });

  test('may ask for an accuracy', () => {
    expect(passGate(classification, { ...gate, minimumAccuracy: 0.9 }).passed).toBe(true);
    expect(passGate(classification, { ...gate, minimumAccuracy: 0.95 })).toEqual({ passed: false, explanation: expect.stringMatching(/: 50% lower, accuracy 90%, below the 95% that the gate asks for$/) });
  });

  test('asks out-of-bag figures for it where nothing was held out, and no RMSE of it', () => {
    const outOfBag: ModelMetrics = { task: 'classification', outOfBag: shares(0.9, 0.3), baseline: shares(0.6, 0.6) };
    expect(passGate(outOfBag, { ...gate, minimumAccuracy: 0.95 })).toMatchObject({ passed: false });
    expect(passGate(outOfBag, { ...gate, maximumRmse: 0.1 })).toMatchObject({ passed: true });
  });
});

const compared = (challengerValue: number, championValue: number, [lower, upper]: readonly [number, number], figure = 'RMSE', rows = 885): ComparedFigures => ({
  comparable: true,
  challenger: 'a',
  champion: 'b',
  figure,
  rows,
  challengerValue,
  championValue,
  difference: championValue - challengerValue,
  interval: [lower, upper],
  level: 0.95,
});

describe('a comparison with the model that predicts', () => {
  test.each<[ComparedFigures, number, boolean, string]>([
    [compared(1081.2, 1095.3, [8.1, 20.1]), 0, true, 'RMSE 1,081 against 1,095 of version 3 on 885 held-out rows: better by 14 ± 6'],
    [compared(1092, 1095, [-6, 12]), 0, false, 'RMSE 1,092 against 1,095 of version 3 on 885 held-out rows: better by 3 ± 9, which may be luck'],
    [compared(1099, 1085, [-20, -8]), 0, false, 'RMSE 1,099 against 1,085 of version 3 on 885 held-out rows: worse by 14 ± 6'],
    [compared(1081, 1081, [-6, 6]), 0, false, 'RMSE 1,081 against 1,081 of version 3 on 885 held-out rows: no difference, ± 6'],
    [compared(0.31, 0.36, [0.02, 0.08], 'log loss', 12_000), 0, true, 'log loss 0.31 against 0.36 of version 3 on 12,000 held-out rows: better by 0.05 ± 0.03'],
    [compared(1088.6, 1095, [0.2, 12.4]), 0, true, 'RMSE 1,088.6 against 1,095.0 of version 3 on 885 held-out rows: better by 6.4 ± 6.2'],
    [compared(1081.2, 1095.3, [8.1, 20.1]), 0.02, false, 'RMSE 1,081 against 1,095 of version 3 on 885 held-out rows: better by 14 ± 6, but not for certain by the 2% that the gate asks for'],
    [compared(1092, 1095, [-6, 12]), 0.02, false, 'RMSE 1,092 against 1,095 of version 3 on 885 held-out rows: better by 3 ± 9, which may be luck'],
    [compared(1099, 1095, [-10, 4]), -0.05, true, 'RMSE 1,099 against 1,095 of version 3 on 885 held-out rows: worse by 4 ± 6, within the 5% that the gate allows it to be worse'],
    [compared(1081.2, 1095.3, [8.1, 20.1]), -0.05, true, 'RMSE 1,081 against 1,095 of version 3 on 885 held-out rows: better by 14 ± 6'],
    [compared(1199, 1095, [-120, -94]), -0.05, false, 'RMSE 1,199 against 1,095 of version 3 on 885 held-out rows: worse by 104 ± 16, and it may be worse by more than the 5% that the gate allows'],
    [compared(1080, 1095, [15.5, 16]), 0, true, 'RMSE 1,080 against 1,095 of version 3 on 885 held-out rows: better by 15 ± 0'],
  ])('%#: says what was found, and why it is not enough', (comparison, margin, passed, explanation) => {
    expect(beatChampion(comparison, 3, { margin })).toEqual({ passed, explanation });
  });

  test.each([
    [0, 0, false],
    [0, Number.MIN_VALUE, true],
    [0.5, 50, false],
    [0.5, 50.001, true],
    [-0.5, -50, false],
    [-0.5, -49.999, true],
    [-0.5, 0, true],
    [0, NaN, false],
  ])('is won with a margin of %j when the interval begins at %j: %j', (margin, lower, passed) => {
    expect(beatChampion(compared(40, 100, [lower, 70]), 3, { margin }).passed).toBe(passed);
  });

  test('that begins at 0 and is let through by the margin says that it was', () => {
    expect(beatChampion(compared(90, 100, [0, 20]), 3, { margin: -0.1 }).explanation).toMatch(/better by 10 ± 10, within the 10% that the gate allows it to be worse$/);
  });

  test('that begins at 0 may be luck', () => {
    expect(beatChampion(compared(90, 100, [0, 20]), 3, { margin: 0.1 }).explanation).toMatch(/better by 10 ± 10, which may be luck$/);
  });

  test('reads as it was decided: what is won is better by more than its ±', () => {
    const value = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (challenger, champion, reach) => {
        const difference = champion - challenger;
        fc.pre(Math.abs(difference - reach) > 1e-9 && Math.abs(difference) > 1e-9);
        const { passed, explanation } = beatChampion(compared(challenger, champion, [difference - reach, difference + reach]), 3, { margin: 0 });
        const [, word, by = '', off = ''] = /: (better|worse) by ([\d,.]+) ± ([\d,.]+)(?:, which may be luck)?$/.exec(explanation) ?? [];
        const [shown, uncertainty] = [by, off].map((text) => Number(text.replaceAll(',', '')));
        expect(word).toBe(difference > 0 ? 'better' : 'worse');
        expect(passed).toBe(word === 'better' && (shown ?? NaN) > (uncertainty ?? NaN));
        expect(Math.abs((shown ?? NaN) - Math.abs(difference))).toBeLessThanOrEqual(Math.max(reach, Math.abs(difference)) / 2);
      }),
    );
  });
});
