/** Which program grows the trees, over which memory: what a thread must be told to grow some of them. */
import { ForestError } from './errors.ts';
import type { TreeGrower } from './grown-tree.ts';
import { KernelGrower, shapeOf, workspaceBytes } from './kernel/kernel-grower.ts';
import type { SetShape } from './kernel/kernel-grower.ts';
import { openKernel } from './kernel/kernel.ts';
import type { OpenedKernel } from './kernel/kernel.ts';
import { growTo, placeSet } from './kernel/placed-set.ts';
import type { PlacedSet } from './kernel/placed-set.ts';
import type { ForestSettings, GrowSettings } from './options.ts';
import type { TrainingSet } from './training-set.ts';

/** A training set ready to be grown from; can be sent to a thread where its memory is shared. */
export type Growth =
  | { readonly kind: 'wasm'; readonly placed: PlacedSet; readonly shape: SetShape; readonly workspaceBytes: number }
  | { readonly kind: 'typescript'; readonly set: TrainingSet };

/**
 * Readies a set for `threads` threads, each of which grows with any of `settings`.
 * @throws ForestError `too-large` where the kernel's memory cannot hold it; `invalid-option` for `wasm` where there is none
 */
export function prepareGrowth(set: TrainingSet, kernel: ForestSettings['kernel'], settings: readonly GrowSettings[], threads: number): Growth {
  if (kernel === 'typescript') return { kind: 'typescript', set };
  const opened = openKernel();
  if (opened !== undefined) return prepareKernel(opened, set, settings, threads);
  if (kernel === 'auto') return { kind: 'typescript', set };
  throw new ForestError('invalid-option', 'kernel: got "wasm" where WebAssembly cannot be used, allowed: "typescript" or "auto"');
}

function prepareKernel(opened: OpenedKernel, set: TrainingSet, settings: readonly GrowSettings[], threads: number): Growth {
  const placed = placeSet(opened, set);
  const shape = shapeOf(set);
  const bytes = settings.reduce((most, one) => Math.max(most, workspaceBytes(placed, shape, one)), 0);
  growTo(placed.memory, placed.end + threads * bytes);
  return { kind: 'wasm', placed, shape, workspaceBytes: bytes };
}

/**
 * The twin is loaded only where it is wanted: threads start the sooner the less they load.
 * @param thread number of the thread, from 0: each has a workspace of its own
 */
export async function createGrower(growth: Growth, settings: GrowSettings, thread: number): Promise<TreeGrower> {
  if (growth.kind === 'typescript') {
    const { TwinGrower } = await import('./twin/twin-grower.ts');
    return new TwinGrower(growth.set, settings);
  }
  return new KernelGrower(growth.placed, growth.shape, settings, growth.placed.end + thread * growth.workspaceBytes);
}
