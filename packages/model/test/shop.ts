/** A made-up shop: sales depend on price and place. Rows differ, so that their hashes do. */
import { parseDatasetConfig } from '@dropforest/contracts';
import type { DatasetConfig, DatasetConfigInput } from '@dropforest/contracts';
import type { NamedFile, TrainOptions } from '../src/index.ts';
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

export function file(text: string, name = 'shop.csv'): NamedFile {
  return { name, bytes: new TextEncoder().encode(text) };
}

export function shopFile(rows: readonly string[] = shopRows(400), name?: string): NamedFile {
  return file(`${[HEADER, ...rows].join('\n')}\n`, name);
}

export function configOf(config: DatasetConfigInput = {}): DatasetConfig {
  return parseDatasetConfig(JSON.stringify({ algorithm: 'nearest-neighbours', ...config }));
}

export function optionsOf(files: readonly NamedFile[], config?: DatasetConfigInput): TrainOptions {
  return { dataset: 'shop', files, config: configOf(config), algorithms: [nearestNeighbours] };
}
