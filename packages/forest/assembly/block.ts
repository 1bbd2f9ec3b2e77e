/**
 * Samples that lie close together. The samples of a node are strewn over those of the tree; where a node has become small
 * enough for a cache its samples are copied side by side and numbered anew, and its subtree is grown from the copy.
 */
import * as context from './context';
import { cells, lists, pairs, plainLists, ranks, renumbered, stride, useStorage, wideCodes } from './workspace';

/** Copies the samples at [start, start + count) of the lists into a block, whose storage is then the one in use. */
export function enterBlock(block: usize, capacity: u32, start: u32, count: u32): void {
  const fromPairs = pairs;
  const fromRanks = ranks;
  const fromCodes = wideCodes;
  const fromCells = cells;
  const fromLists = lists;
  const fromStride = <usize>stride;
  useStorage(block, capacity);
  const rowBytes = <usize>context.narrowCount << 1;
  for (let place: u32 = 0; place < count; place++) {
    const sample = <usize>load<u32>(fromLists + (<usize>(start + place) << 2));
    store<u32>(renumbered + (sample << 2), place);
    v128.store(pairs + (<usize>place << 4), v128.load(fromPairs + (sample << 4)));
    store<u32>(ranks + (<usize>place << 2), load<u32>(fromRanks + (sample << 2)));
    for (let at: usize = 0, to = cells + <usize>place * rowBytes, from = fromCells + sample * rowBytes; at < rowBytes; at += 2) store<u16>(to + at, load<u16>(from + at));
    store<u32>(lists + (<usize>place << 2), place);
  }
  for (let wide: u32 = 0; wide < context.wideCount; wide++) {
    const from = fromLists + ((<usize>(plainLists + wide) * fromStride + start) << 2);
    const to = lists + ((<usize>(plainLists + wide) * stride) << 2);
    const codes = fromCodes + ((<usize>wide * fromStride) << 2);
    const toCodes = wideCodes + ((<usize>wide * stride) << 2);
    for (let at: usize = 0, end = <usize>count << 2; at < end; at += 4) {
      const sample = <usize>load<u32>(from + at) << 2;
      const place = load<u32>(renumbered + sample);
      store<u32>(to + at, place);
      store<u32>(toCodes + (<usize>place << 2), load<u32>(codes + sample));
    }
  }
}
