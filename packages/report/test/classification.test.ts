import { describe, expect, it } from 'vitest';
import { countConfusion } from '../src/confusion.ts';
import { renderReport } from '../src/index.ts';
import type { ClassificationEvaluation } from '../src/index.ts';
import { reliabilityBins } from '../src/reliability.ts';
import { rocPoints } from '../src/roc-curve.ts';
import { sampleClasses } from './sample-input.ts';

const textOf = (page: string): string => page.replace(/<style>.*<\/style>/s, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const names = (count: number): string[] => Array.from({ length: count }, (_, code) => `class ${code}`);

/** Rows of certain predictions. */
function certain(actual: number[], predicted: number[], classes: string[]): ClassificationEvaluation {
  const probabilities = new Float64Array(actual.length * classes.length);
  predicted.forEach((code, row) => { probabilities[row * classes.length + code] = 1; });
  return { task: 'classification', source: 'holdout', actual: Int32Array.from(actual), probabilities, classes };
}

/** Rows of two classes by the probability of the second. */
function pair(actual: number[], second: number[]): ClassificationEvaluation {
  return { task: 'classification', source: 'holdout', actual: Float64Array.from(actual), probabilities: Float64Array.from(second.flatMap((p) => [1 - p, p])), classes: ['no', 'yes'] };
}

describe('a report on classes', () => {
  it('says how good the model is beside the class shares', async () => {
    const input = sampleClasses(100, ['no', 'yes']);
    const page = await renderReport({
      ...input,
      metrics: {
        task: 'classification',
        holdout: { accuracy: 0.842, logLoss: 0.4123, auc: 0.913, rows: 869, intervals: { accuracy: [0.817, 0.865], logLoss: [0.38, 0.45], auc: [0.89, 0.93] } },
        baseline: { accuracy: 0.451, logLoss: 1.054, auc: 0.5, rows: 869 },
      },
    });
    const text = textOf(page);
    expect(text).toContain('Accuracy 84.2 % (81.7–86.5 %) on 869 held-out rows; predicting the class shares: 45.1 %. Log loss 0.4123 beside 1.054, 61 % lower.');
    for (const expected of ['39.1 points higher', '0.4123 (0.380–0.450)', '0.913 (0.890–0.930)', 'no or yes', 'What is taken for what', 'Reliability', 'ROC curve']) expect(text).toContain(expected);
    expect(page.match(/<svg /g)).toHaveLength(3);
  });

  it('has no ROC curve for more than two classes or where one has no rows', async () => {
    const three = textOf(await renderReport(sampleClasses(100, names(3))));
    expect(three).not.toContain('ROC curve');
    const input = sampleClasses(100, ['no', 'yes']);
    const figures = { accuracy: 1, logLoss: 0.1, rows: 3 };
    const lonely = { ...input, metrics: { task: 'classification' as const, holdout: figures, baseline: figures }, evaluation: certain([1, 1, 1], [1, 1, 0], ['no', 'yes']) };
    expect(textOf(await renderReport(lonely))).not.toContain('ROC curve');
  });

  it('can be drawn for one class, many classes and blank names, the same every time', async () => {
    for (const input of [sampleClasses(5, ['only']), sampleClasses(400, names(40)), sampleClasses(40, ['', 'a'])]) {
      const page = await renderReport(input);
      expect(page).not.toMatch(/NaN|Infinity|undefined/);
      expect(await renderReport(input)).toBe(page);
    }
  });

  it('stays small for many rows', async () => {
    expect((await renderReport(sampleClasses(20_000, ['no', 'yes']))).length).toBeLessThan(80_000);
  });
});

describe('a confusion matrix', () => {
  it('counts rows by actual and predicted class', () => {
    expect(countConfusion(certain([0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 2, 0], ['a', 'b', 'c']))).toEqual({
      names: ['a', 'b', 'c'],
      counts: [[1, 1, 0], [0, 1, 0], [1, 0, 2]],
    });
  });

  it('takes the first of equally probable classes', () => {
    expect(countConfusion(pair([1], [0.5])).counts).toEqual([[0, 0], [1, 0]]);
  });

  it('names the twelve classes with most rows and puts the others together', () => {
    const actual = Array.from({ length: 14 }, (_, code) => new Array<number>(code === 3 || code === 9 ? 1 : 2).fill(code)).flat();
    const { names: shown, counts } = countConfusion(certain(actual, actual, names(14)));
    expect(shown).toEqual([...names(14).filter((_name, code) => code !== 3 && code !== 9), '2 others']);
    expect(counts.map((line, place) => line[place])).toEqual([...new Array<number>(12).fill(2), 2]);
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(actual.length);
  });
});

describe('reliability', () => {
  it('compares mean probability and share within each bin that has rows', () => {
    expect(reliabilityBins(pair([1, 0, 1, 1, 0], [1, 0.25, 0.25, 0.95, 0]))).toEqual([
      { predicted: 0, observed: 0, rows: 1 },
      { predicted: 0.25, observed: 0.5, rows: 2 },
      { predicted: 0.975, observed: 1, rows: 2 },
    ]);
  });

  it('takes the predicted class where there are more than two', () => {
    const evaluation: ClassificationEvaluation = { task: 'classification', source: 'holdout', actual: Int32Array.of(2, 0), probabilities: Float64Array.of(0.25, 0.25, 0.5, 0.25, 0.5, 0.25), classes: names(3) };
    expect(reliabilityBins(evaluation)).toEqual([{ predicted: 0.5, observed: 0.5, rows: 2 }]);
  });
});

describe('a ROC curve', () => {
  it('goes from nothing to everything, one step a probability', () => {
    expect(rocPoints(pair([1, 0, 1, 0], [0.9, 0.8, 0.8, 0.1]))).toEqual([
      { found: 0, falseAlarms: 0 },
      { found: 0.5, falseAlarms: 0 },
      { found: 1, falseAlarms: 0.5 },
      { found: 1, falseAlarms: 1 },
    ]);
  });

  it('has the area that the metrics say', () => {
    const input = sampleClasses(300, ['no', 'yes']);
    if (input.evaluation.task !== 'classification' || input.metrics.task !== 'classification') throw new Error('the sample is of classes');
    const points = rocPoints(input.evaluation);
    const area = points.slice(1).reduce((sum, { found, falseAlarms }, index) => {
      const before = points[index] ?? { found: 0, falseAlarms: 0 };
      return sum + ((found + before.found) / 2) * (falseAlarms - before.falseAlarms);
    }, 0);
    expect(area).toBeCloseTo(input.metrics.holdout?.auc ?? NaN, 9);
  });
});
