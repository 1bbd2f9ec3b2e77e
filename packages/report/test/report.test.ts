import { meanBaseline, regressionMetrics } from '@dropforest/metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReportError, renderReport } from '../src/index.ts';
import type { Evaluation, ReportInput } from '../src/index.ts';
import { sampleClasses, sampleInput } from './sample-input.ts';

const HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">\'"&</style></svg>\u0000\u2028{{datum}}';

/** Everything between angle brackets: with correct escaping these are the page's own tags and no others. */
const tagsOf = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];
const textOf = (page: string): string => page.replace(/<style>.*<\/style>/s, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

function withText(input: ReportInput, text: string): ReportInput {
  return {
    ...input,
    dataset: text,
    job: text,
    target: text,
    algorithm: text,
    columns: input.columns.map((column) => ({ ...column, name: text, kind: text, explanation: text, detail: text, summary: { levels: [{ value: text, share: 1 }] } })),
    evaluation: input.evaluation.task === 'regression' ? input.evaluation : { ...input.evaluation, classes: input.evaluation.classes.map(() => text) },
    importances: input.importances.map(({ share }) => ({ name: text, share })),
    hyperparameters: { [text]: text },
    tuning: { figure: text, chosen: { [text]: text }, trials: [{ hyperparameters: { [text]: text }, trees: 3, value: 1, stopped: false }] },
    comparison: { comparable: false, challenger: text, champion: text, reason: text },
    files: [{ key: text, etag: text }],
    notes: [text],
  };
}

function withPairs(actual: Float64Array, predicted: Float64Array): ReportInput {
  return { ...sampleInput(2), metrics: regressionOn(regressionMetrics(actual, predicted), meanBaseline(actual, actual)), evaluation: pairs(actual, predicted) };
}

type Figures = ReturnType<typeof regressionMetrics>;
const regressionOn = (holdout: Figures, baseline: Figures): ReportInput['metrics'] => ({ task: 'regression', holdout, baseline });
const pairs = (actual: Float64Array, predicted: Float64Array): Evaluation => ({ task: 'regression', source: 'holdout', actual, predicted });

describe('a report', () => {
  it('says in one sentence how good the model is beside the mean', async () => {
    const input = sampleInput(853);
    const figures = { rmse: 1123.42, mae: 780, r2: 0.56, rows: 853 };
    const metrics = regressionOn(figures, { ...figures, rmse: 1701.2 });
    const text = textOf(await renderReport({ ...input, metrics }));
    expect(text).toContain('RMSE 1,123.4 on 853 held-out rows; predicting the mean: 1,701.2; 34 % lower.');
    expect(text).not.toContain('In brackets');
  });

  it('shows where figures may lie and how many rows the intervals held, where it is told', async () => {
    const input = sampleInput(853);
    const metrics: ReportInput['metrics'] = {
      task: 'regression',
      holdout: { rmse: 1128.9, mae: 780.4, r2: 0.5614, rows: 869, intervals: { rmse: [1060.2, 1198.6], mae: [741.2, 822], r2: [-0.02, 0.601] } },
      baseline: { rmse: 1701.2, mae: 1300, r2: 0, rows: 869 },
      coverage: { level: 0.9, share: 0.8964, rows: 869 },
    };
    const text = textOf(await renderReport({ ...input, metrics }));
    expect(text).toContain('RMSE 1,128.9 (1,060–1,199) on 869 held-out rows; predicting the mean: 1,701.2; 34 % lower.');
    expect(text).toContain('780.4 (741–822)');
    expect(text).toContain('0.5614 (-0.0200 to 0.601)');
    expect(text).toContain('90 % intervals held 89.6 % of 869 held-out rows.');
    expect(text).toContain('in 95 % of resamples');
  });

  it('shows rows, columns, settings, files and notes', async () => {
    const text = textOf(await renderReport(sampleInput(100)));
    for (const expected of [
      'bigmart', 'df-bigmart-3f9c2ab81d04-1', '2026-11-22 16:39 UTC', '8,523', '7,668', 'Item_Visibility', '17 % missing', 'missing values filled from Outlet_Type', 'they name things', 'left out',
      '4.555 to 21.35', 'half of them 8.77 to 16.85', 'Low Fat 60 %, Regular 34 %, LF 4 %, …', '1984-12-31 to 2009-10-31', '0.4 % missing',
      'nEstimators', '500', '1f3870be274f6c49b3e31a0c6728957f', '2 rows were left out', 'out of bag', '53 %',
    ]) expect(text).toContain(expected);
  });

  it('says what was tried and which settings were chosen, where any were', async () => {
    const trial = (minSamplesLeaf: number, maxDepth: number | null, value: number | undefined, stopped: boolean) => ({ hyperparameters: { minSamplesLeaf, maxDepth, maxFeatures: 1 / 3 }, trees: stopped ? 12 : 36, value, stopped });
    const trials = [trial(20, null, 1080.23, false), trial(50, null, 1080.41, false), trial(2, 5, undefined, false), ...Array.from({ length: 69 }, () => trial(1, null, 1134, true))];
    const tuning = { figure: 'RMSE', chosen: { minSamplesLeaf: 50, maxDepth: null, maxFeatures: 1 / 3 }, trials };
    const text = textOf(await renderReport({ ...sampleInput(30), tuning }));
    expect(text).toContain('72 combinations of minSamplesLeaf, maxDepth and maxFeatures were compared by the RMSE of training rows');
    expect(text).toContain('This model uses minSamplesLeaf 50, maxDepth no limit, maxFeatures 0.333:');
    expect(text).toContain('20 no limit 0.333 1,080.2 36 50 no limit 0.333 1,080.4 36 chosen 2 5 0.333 – 36');
    expect(text).toContain('69 others did worse or were given up');
    expect(textOf(await renderReport(sampleInput(30)))).not.toContain('What was tried');
  });

  it.each<[what: string, difference: number, interval: [number, number], said: string]>([
    ['better', 14.06, [5.2, 23.14], 'This model is better : RMSE 1,081.2 against 1,095.3 on the same 885 rows, which neither was trained on. Its RMSE is 14.1 lower; 5.20–23.1 lower in 95 % of resamples of the rows.'],
    ['worse', -14.06, [-123.14, -5.2], 'This model is worse : RMSE 1,081.2 against 1,095.3 on the same 885 rows, which neither was trained on. Its RMSE is 14.1 higher; 5.20–123 higher in 95 %'],
    ['as good as luck has it', 3, [-9.25, 15], 'Neither is better for certain : RMSE 1,081.2 against 1,095.3 on the same 885 rows, which neither was trained on. Its RMSE is 3.00 lower; from 9.25 higher to 15.0 lower in 95 %'],
    ['the same', 0, [0, 0], 'Neither is better for certain : RMSE 1,081.2 against 1,095.3 on the same 885 rows, which neither was trained on. Its RMSE is the same; the same in 95 %'],
  ])('says of the model that predicts that this one is %s', async (_what, difference, interval, said) => {
    const comparison = { comparable: true, challenger: 'b', champion: 'df-bigmart-0123456789ab-1', figure: 'RMSE', rows: 885, challengerValue: 1081.24, championValue: 1095.3, difference, interval, level: 0.95 } as const;
    const text = textOf(await renderReport({ ...sampleInput(30), comparison }));
    expect(text).toContain(said);
    expect(text).toContain('The model that predicts is of job df-bigmart-0123456789ab-1 .');
  });

  it('says why the model could not be compared with the one that predicts, and nothing where none does', async () => {
    const comparison = { comparable: false, challenger: 'b', champion: '', reason: 'the target was "price"' } as const;
    const text = textOf(await renderReport({ ...sampleInput(30), comparison }));
    expect(text).toContain('They could not be compared: the target was &quot;price&quot;.');
    expect(text).not.toContain('of job');
    expect(textOf(await renderReport(sampleInput(30)))).not.toContain('the model that predicts');
  });

  it('shows no more than ten of the settings that were tried', async () => {
    const trials = Array.from({ length: 15 }, (_, leaf) => ({ hyperparameters: { leaf }, trees: 36, value: leaf, stopped: false }));
    const text = textOf(await renderReport({ ...sampleInput(30), tuning: { figure: 'Brier score', chosen: { leaf: 0 }, trials } }));
    expect(text).toContain('15 values of leaf were compared by the Brier score');
    expect(text).toContain('5 others');
  });

  it('is the same bytes for the same input', async () => {
    for (const rows of [50, 2500]) expect(await renderReport(sampleInput(rows))).toBe(await renderReport(sampleInput(rows)));
  });

  it('needs nothing but itself: no script, link, image or font from elsewhere', async () => {
    const page = await renderReport(sampleInput(300));
    expect(tagsOf(page).filter((tag) => /^<(script|link|img|iframe|object|embed|base|form)/i.test(tag))).toEqual([]);
    expect(page).not.toMatch(/url\(|@import|\s(href|src)=/i);
    expect(page.match(/<svg /g)).toHaveLength(3);
    expect(page.match(/https?:\/\/[^"\s]+/g)?.every((address) => address.startsWith('http://www.w3.org/'))).toBe(true);
  });

  it('draws a point a row up to 2,000 rows and counts in cells above', async () => {
    const points = await renderReport(sampleInput(2000));
    const cells = await renderReport(sampleInput(20_000));
    expect(points.match(/<path [^>]*d="M[^"]*A/g)).toHaveLength(2000);
    expect(cells.length).toBeLessThan(points.length);
  });

  it('says that out-of-bag rows stand in where nothing was held out', async () => {
    const input = sampleInput(40);
    const { holdout: _, ...metrics } = input.metrics;
    const text = textOf(await renderReport({ ...input, metrics, evaluation: { ...input.evaluation, source: 'out-of-bag' } }));
    expect(text).toContain('on 40 out-of-bag rows');
    expect(text).toContain('each row is predicted by the trees that did not see it');
    expect(text).not.toContain('rows held out');
  });

  it('leaves the importances out where there are none and adds up those beyond the twentieth', async () => {
    const input = sampleInput(20);
    expect((await renderReport({ ...input, importances: [] })).match(/<svg /g)).toHaveLength(2);
    const many = Array.from({ length: 60 }, (_, index) => ({ name: `feature ${index}`, share: 1 / 60 }));
    const text = textOf(await renderReport({ ...input, importances: many }));
    expect(text).toContain('40 other features');
    expect(text).toContain('67 %');
  });

  it.each<[string, ReportInput]>([
    ['one row', withPairs(Float64Array.of(5), Float64Array.of(4))],
    ['a constant', withPairs(Float64Array.of(3, 3), Float64Array.of(3, 3))],
    ['zeros', withPairs(new Float64Array(3), new Float64Array(3))],
    ['huge numbers', withPairs(Float64Array.of(1e150, -1e150), Float64Array.of(2e149, 0))],
    ['tiny numbers', withPairs(Float64Array.of(1e-150, 3e-150), Float64Array.of(2e-150, 1e-150))],
    ['many equal rows', withPairs(new Float64Array(3000).fill(7), new Float64Array(3000).fill(7))],
    ['importances that are all 0', { ...sampleInput(3), importances: [{ name: 'a', share: 0 }] }],
  ])('can be drawn for %s', async (_name, input) => {
    const page = await renderReport(input);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(page.match(/<svg /g)).toHaveLength(3);
  });
});

describe('text from the data', () => {
  it.each([['numbers', sampleInput(30)], ['classes', sampleClasses(30, ['a', 'b', 'c'])]])('never becomes markup: %s', async (_name, input) => {
    const page = await renderReport(withText(input, HOSTILE));
    const plain = await renderReport(withText(input, 'plain'));
    const namesOf = (tags: string[]): string[] => tags.map((tag) => /^<\/?[a-z0-9!]+/i.exec(tag)?.[0] ?? tag);
    expect(namesOf(tagsOf(page))).toEqual(namesOf(tagsOf(plain)));
    const attributes = tagsOf(page).join('').replace(/"[^"]*"/g, '');
    expect(attributes).not.toMatch(/\son[a-z]+=/i);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('\u0000');
  });

  it('never becomes markup, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(sampleInput(2), sampleClasses(30, ['a', 'b'])), fc.string({ unit: fc.constantFrom(...'<>"\'&;/=${}[]()\\ \n\t\u0001\u2028ab1', '\ud800', '😀'), maxLength: 40 }), async (input, text) => {
        // Vega draws no element for an empty text.
        const page = await renderReport(withText(input, `x${text}`));
        const plain = await renderReport(withText(input, 'x'));
        expect(tagsOf(page)).toHaveLength(tagsOf(plain).length);
        expect(page.isWellFormed()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

/** One row of two classes, with a change. */
function classesOf(change: Partial<Extract<Evaluation, { task: 'classification' }>>): Partial<ReportInput> {
  const { metrics } = sampleClasses(30, ['a', 'b']);
  return { metrics, evaluation: { task: 'classification', source: 'holdout', actual: Int32Array.of(0), probabilities: Float64Array.of(1, 0), classes: ['a', 'b'], ...change } };
}

describe('input that cannot be drawn', () => {
  const input = sampleInput(3);
  it.each<[Partial<ReportInput>, RegExp]>([
    [{ evaluation: pairs(new Float64Array(0), new Float64Array(0)) }, /evaluation: got 0 actual and 0 predicted/],
    [{ evaluation: pairs(new Float64Array(2), new Float64Array(3)) }, /evaluation: got 2 actual and 3 predicted/],
    [{ evaluation: pairs(Float64Array.of(1), Float64Array.of(NaN)) }, /evaluation: got values that are not finite/],
    [{ metrics: { task: 'regression', baseline: { rmse: 1, mae: 1, r2: 0, rows: 3 } } }, /metrics: got none for holdout/],
    [{ metrics: sampleClasses(3, ['a', 'b']).metrics }, /metrics: got those of classification, expected those of regression/],
    [classesOf({ actual: Int32Array.of(2) }), /evaluation: got class 2 at row 0, expected a code from 0 to 1/],
    [classesOf({ probabilities: Float64Array.of(1) }), /evaluation: got 1 rows and 1 probabilities, expected .* 2 probabilities a row/],
    [classesOf({ probabilities: Float64Array.of(NaN, 1) }), /evaluation: got a probability outside 0 to 1/],
    [{ createdAt: 'yesterday' }, /createdAt: got "yesterday"/],
    [{ importances: [{ name: 'a', share: 7 }] }, /importances: got a share outside 0 to 1/],
  ])('%#: is refused by the field’s name', async (change, message) => {
    const report = renderReport({ ...input, ...change });
    await expect(report).rejects.toThrow(ReportError);
    await expect(report).rejects.toThrow(message);
  });
});
