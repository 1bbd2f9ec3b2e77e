import { z } from 'zod';
import { ArtifactError, defineAlgorithm, requireFile } from '../src/index.ts';
import type { Algorithm, Predictor } from '../src/index.ts';

const Hyperparameters = z.strictObject({
  rounds: z.int({ error: 'a whole number from 1 to 10' }).min(1, { error: 'a whole number from 1 to 10' }).max(10, { error: 'a whole number from 1 to 10' }).default(3),
  shrink: z.number({ error: 'a number' }).default(0.5),
});

/** The smallest algorithm that learns: a line through the feature that varies most with the target. */
export function createLineAlgorithm(): Algorithm {
  return defineAlgorithm<z.infer<typeof Hyperparameters>>({
    name: 'line',
    capabilities: { tasks: ['regression'], missingValues: false, categories: false },
    hyperparameters: Hyperparameters,
    fit: async ({ features, target }, { rounds }, { seed, signal, onProgress }) => {
      signal?.throwIfAborted();
      for (let done = 1; done <= rounds; done++) {
        onProgress?.({ done, total: rounds, unit: 'rounds' });
        signal?.throwIfAborted();
      }
      const lines = features.map(({ values }, feature) => ({ feature, seed, ...throughMeans(values, target) }));
      return predictor(lines.reduce((best, line) => (line.error < best.error ? line : best)));
    },
    load: async (files) => predictor(parse(requireFile(files, 'line.json', 'line'))),
  });
}

const LineSchema = z.strictObject({ feature: z.int(), seed: z.int(), slope: z.number(), intercept: z.number(), error: z.number() });

function parse(bytes: Uint8Array): z.infer<typeof LineSchema> {
  try {
    return LineSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new ArtifactError('damaged-file', 'algorithm "line": line.json is damaged', { cause });
  }
}

function predictor(line: z.infer<typeof LineSchema>): Predictor {
  return {
    predict: (features) => (features[line.feature]?.values ?? new Float64Array(0)).map((value) => line.intercept + line.slope * value),
    save: () => new Map([['line.json', new TextEncoder().encode(JSON.stringify(line))]]),
  };
}

function throughMeans(x: Float64Array, y: Float64Array): { slope: number; intercept: number; error: number } {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  const variation = x.reduce((sum, value) => sum + (value - middleX) ** 2, 0);
  const together = x.reduce((sum, value, row) => sum + (value - middleX) * ((y[row] ?? 0) - middleY), 0);
  const slope = variation === 0 ? 0 : together / variation;
  const intercept = middleY - slope * middleX;
  return { slope, intercept, error: y.reduce((sum, value, row) => sum + (value - intercept - slope * (x[row] ?? 0)) ** 2, 0) };
}
