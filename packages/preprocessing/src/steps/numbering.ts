/** Categories as numbers. */
import type { FittedNumbering } from '../fitted.ts';
import { replaceColumn, usedLevels, wordColumnOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import { scoreGroups } from '../target.ts';
import type { Target } from '../target.ts';

/** `ordinal`: 0, 1, 2 … in alphabetical order. Policy: a missing value and an unseen level are −1. */
export function fitOrdinal(frame: Frame, name: string): FittedNumbering {
  const levels = usedLevels(wordColumnOf(frame, name));
  return { step: 'ordinal', column: name, values: levels.map((level, index) => [level, index]), missing: -1, unseen: -1 };
}

/** `frequency`: the share of the training rows. Policy: missing values have a share as well; an unseen level's is 0. */
export function fitFrequency(frame: Frame, name: string): FittedNumbering {
  const { levels, codes } = sortedLevels(frame, name);
  const shares = new Float64Array(levels.length + 1);
  for (const code of codes) shares[code] = (shares[code] ?? 0) + 1;
  const shareOf = (code: number): number => (shares[code] ?? 0) / frame.rowCount;
  return { step: 'frequency', column: name, values: levels.map((level, code) => [level, shareOf(code)]), missing: shareOf(levels.length), unseen: 0 };
}

/**
 * `ordinal-by-target`: 0, 1, 2 … in the order of the target, see `scoreGroups`. Policy: a missing value is a level like
 * the others where the training rows have one; an unseen level, and a missing value that was never seen, stands where
 * all rows together do, between two levels.
 */
export function fitOrdinalByTarget(frame: Frame, name: string, target: Target): FittedNumbering {
  const { levels, codes } = sortedLevels(frame, name);
  const { scores, counts, overall } = scoreGroups(codes, levels.length + 1, target);
  const groups = [...scores.keys()].filter((group) => (counts[group] ?? 0) > 0);
  const scoreOf = (group: number): number => scores[group] ?? 0;
  const ranked = groups.sort((a, b) => scoreOf(a) - scoreOf(b) || a - b);
  const unseen = ranked.filter((group) => scoreOf(group) < overall).length - 0.5;
  const missing = ranked.indexOf(levels.length);
  const values = ranked.flatMap((group, rank): [string, number][] => {
    const level = levels[group];
    return level === undefined ? [] : [[level, rank]];
  });
  return { step: 'ordinal', column: name, values, missing: missing === -1 ? unseen : missing, unseen };
}

export function applyNumbering(fitted: FittedNumbering, frame: Frame): Frame {
  const column = wordColumnOf(frame, fitted.column);
  const numberOf = new Map(fitted.values);
  const ofLevel = Float64Array.from(column.levels, (level) => numberOf.get(level) ?? fitted.unseen);
  const values = new Float64Array(frame.rowCount);
  for (let row = 0; row < values.length; row++) values[row] = ofLevel[column.codes[row] ?? -1] ?? fitted.missing;
  return replaceColumn(frame, column.name, [{ name: column.name, kind: 'numeric', values }]);
}

/**
 * A column's levels in alphabetical order, and the place of each row's; the place after the last is for missing values.
 * Without it, sums would be added up in the order in which the file has the levels.
 */
function sortedLevels(frame: Frame, name: string): { readonly levels: readonly string[]; readonly codes: Int32Array } {
  const column = wordColumnOf(frame, name);
  const levels = usedLevels(column);
  const placeOf = new Map(levels.map((level, place) => [level, place]));
  const places = column.levels.map((level) => placeOf.get(level) ?? levels.length);
  return { levels, codes: column.codes.map((code) => places[code] ?? levels.length) };
}
