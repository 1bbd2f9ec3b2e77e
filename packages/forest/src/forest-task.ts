import type { ForestTask } from './flat-forest.ts';
import { openForest } from './open-forest.ts';

/**
 * What the forest in a buffer predicts, and so which class's `from` reads it.
 * @throws ForestError `invalid-buffer` where the bytes are no forest
 */
export function forestTask(buffer: ArrayBuffer): ForestTask {
  return openForest(buffer).classes === 0 ? 'regression' : 'classification';
}
