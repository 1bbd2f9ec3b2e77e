import { expect, test } from 'vitest';
import { metricDefinitions, metricLine } from './metric-lines.ts';

test.each([1081.25, -3, 0, 1.5e-7, 123456789.125])("a line with %d is found by its metric's regex alone", (value) => {
  const line = metricLine('holdout:rmse', value);
  const matches = metricDefinitions().flatMap(({ Name, Regex }) => {
    const match = new RegExp(Regex).exec(line);
    return match === null ? [] : [[Name, Number(match[1])]];
  });
  expect(matches).toEqual([['holdout:rmse', value]]);
});

test("names and regexes are within SageMaker's limits", () => {
  for (const { Name, Regex } of metricDefinitions()) {
    expect(Name).toMatch(/^.{1,255}$/);
    expect(Regex).toMatch(/^.{1,500}$/);
  }
});
