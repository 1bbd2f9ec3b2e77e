import { ForestError } from '../errors.ts';
import { fromUnits } from '../fixed-point.ts';
import { columnBitsOf } from '../grown-tree.ts';
import type { GrownTree, TreeGrower } from '../grown-tree.ts';
import type { GrowSettings } from '../options.ts';
import type { TrainingSet } from '../training-set.ts';
import { instantiate } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import type { PlacedSet } from './placed-set.ts';

/** What of a training set the kernel does not read from its memory; can be sent to a thread. */
export interface SetShape {
  readonly rows: number;
  readonly classes: number;
  readonly features: number;
  readonly hasMissing: boolean;
  readonly drawable: number;
  readonly targetLevels: number;
  readonly weightScale: number;
  readonly grid: TrainingSet['grid'];
}

/** What `KernelGrower` needs to know of a set. */
export function shapeOf({ rows, classes, features, drawable, targetLevels, weightScale, grid }: TrainingSet): SetShape {
  return {
    rows,
    classes,
    features: features.length,
    hasMissing: features.some(({ hasMissing }) => hasMissing),
    drawable: drawable.length,
    targetLevels: targetLevels.length,
    weightScale,
    grid,
  };
}

const CRITERIA = { variance: 0, gini: 1, entropy: 2 } as const;
const MOST_DEPTH = 2 ** 31 - 1;

/**
 * The WebAssembly kernel as a grower, one per thread.
 * @see TwinGrower, which gives the same bytes and says what is computed
 */
export class KernelGrower implements TreeGrower {
  readonly #kernel: Kernel;
  readonly #placed: PlacedSet;
  readonly #shape: SetShape;

  /** @param base where the thread's workspace begins; `workspaceBytes` of memory must be there */
  constructor(placed: PlacedSet, shape: SetShape, settings: GrowSettings, base: number) {
    this.#kernel = prepare(placed, shape, settings);
    this.#kernel.layOut(base);
    this.#placed = placed;
    this.#shape = shape;
  }

  grow(tree: number): GrownTree {
    const kernel = this.#kernel;
    kernel.growTree(tree);
    if (kernel.isTooLarge.value !== 0) {
      throw new ForestError('too-large', `tree ${tree}: got more nodes or level sets than 32-bit words can address, allowed: fewer; raise minSamplesLeaf or lower maxDepth`);
    }
    const { classes, features } = this.#shape;
    return {
      nodes: this.#words(kernel.nodesPointer(), 2 * kernel.nodeCount.value),
      sets: this.#words(kernel.setsPointer(), kernel.setWords.value),
      mixed: this.#mixed(this.#doubles(kernel.mixedPointer(), kernel.mixedCount.value * Math.max(1, classes))),
      importances: this.#doubles(kernel.importancesPointer(), features),
    };
  }

  /** Means arrive in steps of the grid. */
  #mixed(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
    const { classes, grid, weightScale } = this.#shape;
    return classes === 0 ? values.map((mean) => fromUnits(grid, mean * weightScale)) : values;
  }

  // Pointers come as signed numbers: from 2 GiB on as negative ones.
  #words(pointer: number, count: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(new Uint32Array(this.#placed.memory.buffer, pointer >>> 0, count));
  }

  #doubles(pointer: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(new Float64Array(this.#placed.memory.buffer, pointer >>> 0, count));
  }
}

/** Bytes of a thread's workspace. */
export function workspaceBytes(placed: PlacedSet, shape: SetShape, settings: GrowSettings): number {
  return prepare(placed, shape, settings).layOut(placed.end) - placed.end;
}

function prepare(placed: PlacedSet, shape: SetShape, settings: GrowSettings): Kernel {
  const kernel = instantiate(placed.kernel, placed.memory);
  const { drawable, weights, sums, targetRanks, featureTable } = placed;
  kernel.setData(
    shape.rows, shape.features, shape.classes, drawable, shape.drawable, weights, sums, targetRanks, shape.targetLevels, featureTable,
    columnBitsOf(shape.features),
  );
  kernel.setSettings(
    CRITERIA[settings.criterion], Number(settings.splitter === 'random'), Math.min(settings.maxDepth, MOST_DEPTH),
    settings.maxLeafNodes === Infinity ? 0 : settings.maxLeafNodes, settings.minSamplesSplit, settings.minSamplesLeaf,
    settings.minImpurityDecrease, settings.maxFeatures, Number(settings.bootstrap), settings.draws, Number(settings.isBalancedSubsample),
    settings.seed | 0, Math.floor(settings.seed / 2 ** 32), Number(shape.hasMissing),
  );
  return kernel;
}
