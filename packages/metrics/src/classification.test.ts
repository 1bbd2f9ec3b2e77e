import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricsError, accuracy, auc, classificationMetrics, classShareBaseline, logLoss } from './index.ts';

/** Codes and probabilities of a few classes; eighths, so that ties are common and rows add up to exactly 1. */
const predictions = fc.integer({ min: 2, max: 4 }).chain((classCount) =>
  fc.array(fc.tuple(fc.nat(classCount - 1), fc.array(fc.nat(classCount - 1), { minLength: 8, maxLength: 8 })), { minLength: 1, maxLength: 40 }).map((rows) => ({
    classCount,
    actual: Int32Array.from(rows, ([code]) => code),
    probabilities: Float64Array.from(rows.flatMap(([, votes]) => Array.from({ length: classCount }, (_, code) => votes.filter((vote) => vote === code).length / 8))),
  })),
);

describe('classification metrics', () => {
  // The examples of scikit-learn's reference pages for log_loss and roc_auc_score.
  it('gives the figures of the scikit-learn reference pages', () => {
    expect(logLoss([1, 0, 0, 1], Float64Array.of(0.1, 0.9, 0.9, 0.1, 0.8, 0.2, 0.35, 0.65), 2)).toBeCloseTo(0.21616187468057912, 14);
    expect(auc([0, 0, 1, 1], Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8), 2)).toBe(0.75);
  });

  // Computed once with scikit-learn 1.9.1: accuracy_score, log_loss, roc_auc_score(multi_class='ovr').
  it('gives the figures of scikit-learn for three classes with ties', () => {
    const actual = [0, 1, 2, 2, 1, 0, 1, 2];
    const probabilities = Float64Array.of(
      ...[0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.25, 0.5, 0.5, 0.25, 0.25],
      ...[0.125, 0.25, 0.625, 0.375, 0.375, 0.25, 0.25, 0.625, 0.125, 0, 0.125, 0.875],
    );
    const figures = classificationMetrics(actual, probabilities, 3);
    expect(figures.accuracy).toBe(0.75);
    expect(figures.logLoss).toBeCloseTo(0.8045493173502002, 12);
    expect(figures.auc).toBeCloseTo(0.825, 12);
    expect(figures.rows).toBe(8);
  });

  it('counts pairs of rows as a plain double loop does, a tie as half', () => {
    fc.assert(
      fc.property(predictions, ({ actual, probabilities, classCount }) => {
        const areas = Array.from({ length: classCount }, (_, positive) => {
          let won = 0;
          let pairs = 0;
          actual.forEach((one, row) => actual.forEach((other, against) => {
            if (one !== positive || other === positive) return;
            const difference = (probabilities[row * classCount + positive] ?? 0) - (probabilities[against * classCount + positive] ?? 0);
            pairs += 1;
            won += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
          }));
          return won / pairs;
        });
        const expected = classCount === 2 ? (areas[1] ?? 0) : areas.reduce((sum, area) => sum + area, 0) / classCount;
        const found = auc(actual, probabilities, classCount);
        if (Number.isNaN(expected)) expect(found).toBeUndefined();
        else expect(found).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('does not mind the order of the rows', () => {
    fc.assert(
      fc.property(predictions, ({ actual, probabilities, classCount }) => {
        const order = Array.from(actual, (_, row) => row).reverse();
        const shuffled = Float64Array.from(order.flatMap((row) => Array.from(probabilities.subarray(row * classCount, (row + 1) * classCount))));
        const one = classificationMetrics(actual, probabilities, classCount);
        const two = classificationMetrics(order.map((row) => actual[row] ?? 0), shuffled, classCount);
        expect(two.accuracy).toBe(one.accuracy);
        expect(two.auc).toBe(one.auc);
        expect(two.logLoss).toBeCloseTo(one.logLoss, 10);
      }),
    );
  });

  it('agrees with its parts', () => {
    fc.assert(
      fc.property(predictions, ({ actual, probabilities, classCount }) => {
        const area = auc(actual, probabilities, classCount);
        expect(classificationMetrics(actual, probabilities, classCount)).toEqual({
          accuracy: accuracy(actual, probabilities, classCount),
          logLoss: logLoss(actual, probabilities, classCount),
          ...(area === undefined ? {} : { auc: area }),
          rows: actual.length,
        });
      }),
    );
  });

  it('takes the first of equally probable classes', () => {
    expect(accuracy([0, 1], Float64Array.of(0.5, 0.5, 0.5, 0.5), 2)).toBe(0.5);
  });

  it('charges a finite price for what was held impossible', () => {
    expect(logLoss([1], Float64Array.of(1, 0), 2)).toBeCloseTo(52 * Math.LN2, 12);
  });

  it('knows no area where a class has no rows', () => {
    expect(classificationMetrics([1, 1], Float64Array.of(0.5, 0.5, 0, 1), 2)).not.toHaveProperty('auc');
    expect(auc([0, 1, 1], Float64Array.of(1, 0, 0, 0, 1, 0, 0, 1, 0), 3)).toBeUndefined();
  });
});

describe('the baseline of the shares of the classes', () => {
  it('predicts the shares of the training rows, not of the holdout', () => {
    const figures = classShareBaseline([0, 0, 0, 1], [1, 1, 0], 2);
    expect(figures.accuracy).toBeCloseTo(1 / 3, 14);
    expect(figures.logLoss).toBeCloseTo(-(2 * Math.log(0.25) + Math.log(0.75)) / 3, 14);
    expect(figures.auc).toBe(0.5);
  });

  it('has the entropy of the shares as its log loss on the rows whose shares they are', () => {
    const codes = Uint8Array.from({ length: 999 }, (_, row) => (row % 9 < 4 ? 0 : row % 9 < 7 ? 1 : 2));
    const entropy = -[4, 3, 2].reduce((sum, count) => sum + (count / 9) * Math.log(count / 9), 0);
    expect(classShareBaseline(codes, codes, 3).logLoss).toBeCloseTo(entropy, 12);
  });

  it('survives a single class among the training rows', () => {
    expect(classShareBaseline(new Uint8Array(49), [0, 1], 2)).toMatchObject({ accuracy: 0.5, auc: 0.5 });
  });
});

describe('refusals', () => {
  it.each([
    [[], [], 'empty', /actual: got no rows/],
    [[0, 2], [1, 0, 1, 0], 'unknown-class', /got class 2 at row 1, expected a whole number from 0 to 1/],
    [[0, 0.5], [1, 0, 1, 0], 'unknown-class', /got class 0.5 at row 1/],
    [[0], [1, 0, 0], 'length-mismatch', /got 3, expected 1 rows × 2 classes = 2/],
    [[0], [1.5, -0.5], 'not-a-probability', /got 1.5 at row 0, class 0/],
    [[0], [NaN, 1], 'not-a-probability', /got NaN at row 0, class 0/],
    [[0, 0], [1, 0, 0.5, 0.4], 'not-a-probability', /those of row 1 add up to 0.9, expected 1/],
  ])('%j with probabilities %j: %s', (actual, probabilities, code, message) => {
    const act = (): unknown => classificationMetrics(actual, Float64Array.from(probabilities), 2);
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(expect.objectContaining({ code }));
    expect(act).toThrow(message);
  });
});
