/** The stack of nodes that wait to be grown, of whole trees and of small subtrees. */
import { NODE_BYTES } from './workspace';

/** A node: its samples are at [start, end) of every list. */
@inline export function startOf(node: usize): u32 { return load<u32>(node); }
@inline export function endOf(node: usize): u32 { return load<u32>(node, 4); }
@inline export function depthOf(node: usize): u32 { return load<u32>(node, 8); }
/** The node whose right child it is, or NO_LINK. */
@inline export function rightOfOf(node: usize): u32 { return load<u32>(node, 12); }
@inline export function weightOf(node: usize): f64 { return load<f64>(node, 16); }
@inline export function sumOf(node: usize): f64 { return load<f64>(node, 24); }
/** Number of its histogram, or NO_SLOT. */
@inline export function slotOf(node: usize): u32 { return load<u32>(node, 32); }

@inline
export function setNode(node: usize, start: u32, end: u32, depth: u32, rightOf: u32, weight: f64, sum: f64, slot: u32): void {
  store<u32>(node, start);
  store<u32>(node, end, 4);
  store<u32>(node, depth, 8);
  store<u32>(node, rightOf, 12);
  store<f64>(node, weight, 16);
  store<f64>(node, sum, 24);
  store<u32>(node, slot, 32);
}

/** Bytes from a pending node to the next. */
export const STEP: usize = NODE_BYTES;
