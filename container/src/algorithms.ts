/** The algorithms that this image offers. A new one is a package and a line here. */
import type { Algorithm } from '@dropforest/algorithm';
import { createForest } from '@dropforest/algorithm-forest';
import { mlRandomForest } from '@dropforest/algorithm-ml-random-forest';

/** In the image this is one bundled file, with the bundle of `forest-worker.ts` beside it. */
const isBundled = !import.meta.url.endsWith('.ts');

export const algorithms: readonly Algorithm[] = [createForest(isBundled ? { workerUrl: new URL('./forest-worker.mjs', import.meta.url) } : {}), mlRandomForest];
