/**
 * The WebAssembly kernel: grows trees and walks them. What it computes, and in which order, is what the readable twin in
 * ../src/twin computes, so that both give the same bytes; how it does so is for speed. It uses no arithmetic but that
 * of IEEE doubles and integers: no fused multiply-add, no library function.
 */
import { drawSamples } from './samples';
import { growBestFirst, growDepthFirst } from './grow-general';
import { growFast } from './grow-fast';
import * as context from './context';
import { normaliseImportances, startTree } from './emit';
import { importances, mixed, nodes, sets } from './workspace';

export { setData, setSettings } from './context';
export { layOut } from './workspace';
export { isTooLarge, mixedCount, nodeCount, setWords } from './emit';
export { addDifferences, setBases, walkTree } from './walk';

/** Grows a tree into the workspace. */
export function growTree(tree: i32): void {
  startTree();
  drawSamples(tree);
  if (context.maxLeafNodes > 0) {
    growBestFirst();
  } else if (context.criterion == context.VARIANCE && !context.isRandomSplitter && !context.hasMissing && !context.hasCategorical) {
    growFast();
  } else {
    growDepthFirst();
  }
  normaliseImportances();
}

export function nodesPointer(): usize { return nodes; }
export function mixedPointer(): usize { return mixed; }
export function setsPointer(): usize { return sets; }
export function importancesPointer(): usize { return importances; }
