import { meanBaseline, regressionMetrics } from '@dropforest/metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReportError, renderReport } from '../src/index.ts';
import type { ReportInput } from '../src/index.ts';
import { sampleInput } from './sample-input.ts';

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
    columns: input.columns.map((column) => ({ ...column, name: text, kind: text, use: text })),
    importances: input.importances.map(({ share }) => ({ name: text, share })),
    hyperparameters: { [text]: text },
    files: [{ key: text, etag: text }],
    notes: [text],
  };
}

function withPairs(actual: Float64Array, predicted: Float64Array): ReportInput {
  const metrics = { holdout: regressionMetrics(actual, predicted), baseline: meanBaseline(actual, actual) };
  return { ...sampleInput(2), metrics, evaluation: { source: 'holdout', actual, predicted } };
}

describe('a report', () => {
  it('says in one sentence how good the model is beside the mean', async () => {
    const input = sampleInput(853);
    const figures = { rmse: 1123.42, mae: 780, r2: 0.56, rows: 853 };
    const text = textOf(await renderReport({ ...input, metrics: { holdout: figures, baseline: { ...figures, rmse: 1701.2 } } }));
    expect(text).toContain('RMSE 1,123.4 on 853 held-out rows; predicting the mean: 1,701.2; 34 % lower.');
  });

  it('shows rows, columns, settings, files and notes', async () => {
    const text = textOf(await renderReport(sampleInput(100)));
    for (const expected of [
      'bigmart', 'df-bigmart-3f9c2ab81d04-1', '2026-11-22 16:39 UTC', '8,523', '7,668', 'Item_Visibility', '17 %', 'missing values filled from Outlet_Type',
      'nEstimators', '500', '1f3870be274f6c49b3e31a0c6728957f', '2 rows were left out', 'out of bag', '53 %',
    ]) expect(text).toContain(expected);
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
    const { outOfBag, baseline } = input.metrics;
    const text = textOf(await renderReport({ ...input, metrics: { outOfBag, baseline }, evaluation: { ...input.evaluation, source: 'out-of-bag' } }));
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
  it('never becomes markup', async () => {
    const page = await renderReport(withText(sampleInput(30), HOSTILE));
    const plain = await renderReport(withText(sampleInput(30), 'plain'));
    const namesOf = (tags: string[]): string[] => tags.map((tag) => /^<\/?[a-z0-9!]+/i.exec(tag)?.[0] ?? tag);
    expect(namesOf(tagsOf(page))).toEqual(namesOf(tagsOf(plain)));
    const attributes = tagsOf(page).join('').replace(/"[^"]*"/g, '');
    expect(attributes).not.toMatch(/\son[a-z]+=/i);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('\u0000');
  });

  it('never becomes markup, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'<>"\'&;/=${}[]()\\ \n\t\u0001\u2028ab1', '\ud800', '😀'), maxLength: 40 }), async (text) => {
        // Vega draws no element for an empty text.
        const page = await renderReport(withText(sampleInput(2), `x${text}`));
        const plain = await renderReport(withText(sampleInput(2), 'x'));
        expect(tagsOf(page)).toHaveLength(tagsOf(plain).length);
        expect(page.isWellFormed()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('input that cannot be drawn', () => {
  const input = sampleInput(3);
  it.each<[Partial<ReportInput>, RegExp]>([
    [{ evaluation: { source: 'holdout', actual: new Float64Array(0), predicted: new Float64Array(0) } }, /evaluation: got 0 actual and 0 predicted/],
    [{ evaluation: { source: 'holdout', actual: new Float64Array(2), predicted: new Float64Array(3) } }, /evaluation: got 2 actual and 3 predicted/],
    [{ evaluation: { source: 'holdout', actual: Float64Array.of(1), predicted: Float64Array.of(NaN) } }, /evaluation: got values that are not finite/],
    [{ metrics: { baseline: input.metrics.baseline } }, /metrics: got none for holdout/],
    [{ createdAt: 'yesterday' }, /createdAt: got "yesterday"/],
    [{ importances: [{ name: 'a', share: 7 }] }, /importances: got a share outside 0 to 1/],
  ])('%#: is refused by the field’s name', async (change, message) => {
    const report = renderReport({ ...input, ...change });
    await expect(report).rejects.toThrow(ReportError);
    await expect(report).rejects.toThrow(message);
  });
});
