/**
 * Yggdrasil Decision Forests compiled to WebAssembly, as its npm package gives it: one thread and no settings, so 300
 * trees of its own defaults (a third of the features at a node, at most 16 splits deep, at least five rows a leaf), and an
 * out-of-bag evaluation at the end of every fit.
 */
import load from 'ydf-training';
import type { Model } from 'ydf-training';
import { packageVersion } from './package-version.ts';
import { serve } from './serve.ts';

const LABEL = 'target';
const ydf = await load({ print: () => undefined, printErr: () => undefined });
let model: Model | undefined;

const named = (columns: readonly Float32Array[]): Record<string, number[]> => Object.fromEntries(columns.map((column, index) => [`x${index}`, [...column]]));
const unmeasured = (): never => { throw new Error('ydf-training: not measured'); };

await serve({
  version: () => `ydf-training ${packageVersion('ydf-training')}`,
  fit: async ({ columns, target }) => {
    model?.unload();
    model = new ydf.RandomForestLearner(LABEL, 'REGRESSION').train({ ...named(columns), [LABEL]: [...target] });
    const description = model.describe();
    return { trees: Number(/Number of trees: (\d+)/.exec(description)?.[1]), nodes: Number(/Total number of nodes: (\d+)/.exec(description)?.[1]), digest: () => '' };
  },
  predict: (columns) => model?.predict(named(columns)) ?? [],
  save: unmeasured,
  load: unmeasured,
});
