/** Instances of the kernel in ../../assembly. */
import { KERNEL_BASE64 } from './kernel-bytes.ts';
import { MOST_PAGES, webAssembly } from './webassembly.ts';
import type { WasmMemory } from './webassembly.ts';

/** What the kernel exports; pointers are byte offsets, flags 0 or 1. The meaning of each is said in ../../assembly. */
export interface Kernel {
  readonly setData: (
    rows: number, features: number, classes: number, drawable: number, drawableCount: number, weights: number, sums: number,
    targetRanks: number, targetLevels: number, featureTable: number, columnBits: number,
  ) => void;
  readonly setSettings: (
    criterion: number, isRandomSplitter: number, maxDepth: number, maxLeafNodes: number, minSamplesSplit: number, minSamplesLeaf: number,
    minImpurityDecrease: number, maxFeatures: number, isBootstrap: number, draws: number, isBalancedSubsample: number, seedLow: number,
    seedHigh: number, hasMissing: number,
  ) => void;
  readonly layOut: (base: number) => number;
  readonly growTree: (tree: number) => void;
  readonly walkTree: (root: number, rows: number, count: number, rowBytes: number, mask: number, shift: number, bits: number, leaves: number) => void;
  readonly setBases: (leaves: number, count: number, values: number, valueCount: number, bases: number) => void;
  readonly addDifferences: (leaves: number, count: number, values: number, valueCount: number, bases: number, sums: number) => void;
  readonly nodeCount: { readonly value: number };
  readonly mixedCount: { readonly value: number };
  readonly setWords: { readonly value: number };
  readonly isTooLarge: { readonly value: number };
  readonly nodesPointer: () => number;
  readonly mixedPointer: () => number;
  readonly setsPointer: () => number;
  readonly importancesPointer: () => number;
}

const FUNCTIONS = ['setData', 'setSettings', 'layOut', 'growTree', 'nodesPointer', 'mixedPointer', 'setsPointer', 'importancesPointer', 'walkTree', 'setBases', 'addDifferences'] as const;
const GLOBALS = ['nodeCount', 'mixedCount', 'setWords', 'isTooLarge'] as const;

/** The compiled kernel, which can be sent to a thread, and a memory for it. */
export interface OpenedKernel {
  readonly kernel: object;
  readonly memory: WasmMemory;
}

/**
 * `undefined` where there is no WebAssembly, no room for its addresses, or a page's content security policy forbids to compile
 * it. The memory is shared, as the kernel demands, whether or not there will be threads.
 */
export function openKernel(): OpenedKernel | undefined {
  try {
    return { kernel: compileKernel(), memory: new (webAssembly().Memory)({ initial: 1, maximum: MOST_PAGES, shared: true }) };
  } catch {
    return undefined;
  }
}

let compiled: object | undefined;

function compileKernel(): object {
  compiled ??= new (webAssembly().Module)(decode(KERNEL_BASE64));
  return compiled;
}

/** An instance over the memory. */
export function instantiate(kernel: object, memory: WasmMemory): Kernel {
  const { exports } = new (webAssembly().Instance)(kernel, { env: { memory } });
  if (!isKernel(exports)) throw new TypeError('WebAssembly: kernel-bytes.ts does not fit kernel.ts; build the kernel again');
  return exports;
}

function isKernel(exports: object): exports is Kernel {
  const known: Readonly<Record<string, unknown>> = { ...exports };
  return FUNCTIONS.every((name) => typeof known[name] === 'function') && GLOBALS.every((name) => typeof known[name] === 'object');
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
