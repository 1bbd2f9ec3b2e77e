import { z } from 'zod';
import { ArtifactError, defineAlgorithm, requireFile } from '../src/index.ts';
import type { Algorithm, Feature, Predictor, Training } from '../src/index.ts';

const Hyperparameters = z.strictObject({ neighbours: z.int().min(1).default(9) });

const ModelSchema = z.strictObject({
  seed: z.int(),
  neighbours: z.int(),
  /** Number of classes, or nothing for regression. */
  classCount: z.int().optional(),
  columns: z.array(z.array(z.number())),
  target: z.array(z.number()),
});
type Model = z.infer<typeof ModelSchema>;

/** The smallest algorithm for both tasks: it asks the rows that are nearest, in ranges of each feature. */
export function createNearestAlgorithm(): Algorithm {
  return defineAlgorithm<z.infer<typeof Hyperparameters>>({
    name: 'nearest',
    capabilities: { tasks: ['classification', 'regression'], missingValues: false, categories: false },
    hyperparameters: Hyperparameters,
    fit: async (training, { neighbours }, { seed, signal, onProgress }) => {
      signal?.throwIfAborted();
      onProgress?.({ done: 1, total: 1, unit: 'models' });
      signal?.throwIfAborted();
      return predictor({ seed, neighbours, ...contentOf(training) });
    },
    load: async (files) => predictor(parse(requireFile(files, 'rows.json', 'nearest'))),
  });
}

function contentOf(training: Training): Pick<Model, 'columns' | 'target' | 'classCount'> {
  const columns = training.features.map(({ values }) => [...values]);
  return { ...(training.task === 'classification' && { classCount: training.classCount }), columns, target: [...training.target] };
}

function parse(bytes: Uint8Array): Model {
  try {
    return ModelSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new ArtifactError('damaged-file', 'algorithm "nearest": rows.json is damaged', { cause });
  }
}

function predictor(model: Model): Predictor {
  return {
    predict: (features) => Float64Array.from([...(features[0]?.values.keys() ?? [])].flatMap((row) => predictRow(model, features, row))),
    save: () => new Map([['rows.json', new TextEncoder().encode(JSON.stringify(model))]]),
  };
}

function predictRow({ neighbours, classCount, columns, target }: Model, features: readonly Feature[], row: number): number[] {
  const ranges = columns.map((column) => Math.max(...column) - Math.min(...column) || 1);
  const distances = target.map((_value, known) =>
    columns.reduce((sum, column, feature) => sum + (((features[feature]?.values[row] ?? 0) - (column[known] ?? 0)) / (ranges[feature] ?? 1)) ** 2, 0));
  const nearest = [...distances.keys()].sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0)).slice(0, neighbours).map((known) => target[known] ?? 0);
  const share = (of: (value: number) => number): number => nearest.reduce((sum, value) => sum + of(value), 0) / nearest.length;
  return classCount === undefined ? [share((value) => value)] : Array.from({ length: classCount }, (_, code) => share((value) => Number(value === code)));
}
