/** The smallest algorithm worth the name, for the tests: the mean target of the k nearest training rows. */
import { z } from 'zod';
import { defineAlgorithm } from '@dropforest/algorithm';
import type { Algorithm, Feature, Predictor } from '@dropforest/algorithm';

interface Memory {
  readonly k: number;
  /** Numbers that are predicted for a row: one, or one a class. */
  readonly outputs: number;
  /** Each row's features, scaled, and its target. */
  readonly rows: readonly { readonly x: readonly number[]; readonly y: number }[];
  readonly scales: readonly number[];
}

const FILE = 'neighbours.json';

export const nearestNeighbours: Algorithm = defineAlgorithm({
  name: 'nearest-neighbours',
  capabilities: { tasks: ['regression', 'classification'], missingValues: false, categories: false },
  hyperparameters: z.strictObject({ k: z.int().min(1, 'a whole number from 1').default(5), outOfBag: z.boolean().default(true) }),
  async fit(training, { k, outOfBag }, { onProgress, signal }) {
    signal?.throwIfAborted();
    const { features, target } = training;
    const scales = features.map(({ values }) => Math.max(...values) - Math.min(...values) || 1);
    const rows = Array.from(target, (y, row) => ({ x: rowOf(features, scales, row), y }));
    onProgress?.({ done: 1, total: 1, unit: 'memories' });
    const memory = { k, outputs: training.task === 'classification' ? training.classCount : 1, rows, scales };
    const predictor = predictorOf(memory);
    // Each row is predicted without itself.
    return outOfBag ? { ...predictor, oobPrediction: Float64Array.from(rows.flatMap((row) => near(memory, row.x, row))) } : predictor;
  },
  async load(files) {
    const memory: unknown = JSON.parse(new TextDecoder().decode(files.get(FILE)));
    return predictorOf(MemorySchema.parse(memory));
  },
});

const MemorySchema: z.ZodType<Memory> = z.object({ k: z.number(), outputs: z.number(), rows: z.array(z.object({ x: z.array(z.number()), y: z.number() })), scales: z.array(z.number()) });

function predictorOf(memory: Memory): Predictor {
  return {
    predict: (features) => Float64Array.from(Array.from({ length: features[0]?.values.length ?? 0 }, (_, row) => near(memory, rowOf(features, memory.scales, row))).flat()),
    save: () => new Map([[FILE, new TextEncoder().encode(JSON.stringify(memory))]]),
    featureImportances: Float64Array.from(memory.scales, (_, index) => (index + 1) / ((memory.scales.length * (memory.scales.length + 1)) / 2)),
  };
}

function rowOf(features: readonly Feature[], scales: readonly number[], row: number): number[] {
  return features.map(({ values }, index) => (values[row] ?? 0) / (scales[index] ?? 1));
}

function near({ k, outputs, rows }: Memory, x: readonly number[], except?: object): number[] {
  const distances = rows.filter((row) => row !== except).map((row) => ({ y: row.y, distance: row.x.reduce((sum, value, index) => sum + (value - (x[index] ?? 0)) ** 2, 0) }));
  const nearest = distances.sort((a, b) => a.distance - b.distance).slice(0, k);
  if (outputs === 1) return [nearest.reduce((sum, { y }) => sum + y, 0) / nearest.length];
  return Array.from({ length: outputs }, (_, code) => nearest.filter(({ y }) => y === code).length / nearest.length);
}
