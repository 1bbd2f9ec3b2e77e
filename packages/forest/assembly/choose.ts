/** Which features a node tries, and which of them it is split by. */
import * as context from './context';
import { candidateAt, scoreOf } from './emit';
import { below } from './random';
import { CANDIDATE_BYTES, drawOrder, drawn } from './workspace';

/** Scores this close, relative to the best, are ties: rounding noise must not decide, or trees become alike. */
export const TIED: f64 = 1 - 1e-11;

/** Number of features in `drawn`. */
export let drawnCount: u32 = 0;

@inline
export function drawnAt(index: u32): u32 {
  return load<u32>(drawn + (<usize>index << 2));
}

@inline
export function clearDrawn(): void {
  drawnCount = 0;
}

@inline
export function addDrawn(feature: u32): void {
  store<u32>(drawn + (<usize>drawnCount << 2), feature);
  drawnCount++;
}

/** The next feature of a partial Fisher–Yates shuffle. */
@inline
export function drawFeature(index: u32): u32 {
  const order = drawOrder;
  const pick = order + (<usize>(index + below(context.features - index)) << 2);
  const place = order + (<usize>index << 2);
  const feature = load<u32>(pick);
  store<u32>(pick, load<u32>(place));
  store<u32>(place, feature);
  return feature;
}

/** The best of the drawn features, by chance among ties; NO_FEATURE where none has a split. */
export function choose(): u32 {
  const start = drawn;
  const end = start + (<usize>drawnCount << 2);
  const first = candidateAt(0);
  let best: f64 = -1;
  for (let at = start; at < end; at += 4) {
    const score = scoreOf(first + <usize>load<u32>(at) * CANDIDATE_BYTES);
    best = score > best ? score : best;
  }
  if (best < 0) return NO_FEATURE;
  const least = best * TIED;
  let tied: u32 = 0;
  let feature: u32 = 0;
  for (let at = start; at < end; at += 4) {
    const other = load<u32>(at);
    const isTied = scoreOf(first + <usize>other * CANDIDATE_BYTES) >= least;
    feature = isTied ? other : feature;
    tied += <u32>isTied;
  }
  return tied == 1 ? feature : tiedAt(below(tied), least);
}

function tiedAt(place: u32, least: f64): u32 {
  for (let index: u32 = 0; index < drawnCount; index++) {
    const feature = drawnAt(index);
    if (scoreOf(candidateAt(feature)) < least) continue;
    if (place == 0) return feature;
    place--;
  }
  return NO_FEATURE;
}

export const NO_FEATURE: u32 = 0xffffffff;
