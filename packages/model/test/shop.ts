/** A made-up shop: sales depend on price and place. Rows differ, so that their hashes do. */
import { parseDatasetConfig } from '@dropforest/contracts';
import type { DatasetConfig, DatasetConfigInput, ModelMetrics } from '@dropforest/contracts';
import { bytesSource } from '@dropforest/tabular';
import type { CsvSource } from '@dropforest/tabular';
import type { TrainOptions } from '../src/index.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';

export const HEADER = 'price,place,weight,sales';

export function shopRows(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = first + index;
    const price = ((id * 7919) % 1000) / 10;
    const place = ['north', 'south', 'east'][id % 3] ?? '';
    const weight = id % 11 === 0 ? '' : String(id % 13);
    return `${price},${place},${weight},${(price * (1 + (id % 3)) + ((id * 31) % 17)).toFixed(2)}`;
  });
}

export function file(text: string, name = 'shop.csv'): CsvSource {
  return bytesSource(new TextEncoder().encode(text), name);
}

export function shopFile(rows: readonly string[] = shopRows(400), name?: string): CsvSource {
  return file(`${[HEADER, ...rows].join('\n')}\n`, name);
}

export function configOf(config: DatasetConfigInput = {}): DatasetConfig {
  return parseDatasetConfig(JSON.stringify({ algorithm: 'nearest-neighbours', ...config }));
}

export function optionsOf(files: readonly CsvSource[], config?: DatasetConfigInput): TrainOptions {
  return { dataset: 'shop', files, config: configOf(config), algorithms: [nearestNeighbours] };
}

/** Figures that are expected to be a regression's. */
export function regressionOf(metrics: ModelMetrics): Extract<ModelMetrics, { task: 'regression' }> {
  if (metrics.task === 'regression') return metrics;
  throw new TypeError(`figures of a ${metrics.task}`);
}

/** Likewise of a classification. */
export function classificationOf(metrics: ModelMetrics): Extract<ModelMetrics, { task: 'classification' }> {
  if (metrics.task === 'classification') return metrics;
  throw new TypeError(`figures of a ${metrics.task}`);
}
