/** Words for true and false, a pair a language or habit. */
const PAIRS: readonly (readonly [yes: string, no: string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['t', 'f'],
  ['ja', 'nein'],
  ['oui', 'non'],
];

const LONGEST_WORD = 5;
const VALUES = new Map<string, number>([...PAIRS.flatMap(([yes, no]): [string, number][] => [[yes, 1], [no, 0]]), ['1', 1], ['0', 0]]);
const PAIR_OF = new Map<string, number>(PAIRS.flatMap(([yes, no], index): [string, number][] => [[yes, 1 << index], [no, 1 << index]]));

/** A set of pairs is a number with a bit for each. */
export const ALL_PAIRS = (1 << PAIRS.length) - 1;

/** The pair that a word belongs to, as a set; empty for any other text. Case does not matter. */
export function pairOf(text: string): number {
  return text.length > LONGEST_WORD ? 0 : (PAIR_OF.get(text.toLowerCase()) ?? 0);
}

/** The words of the first pair in a set, for a person to read. */
export function namePair(mask: number): string {
  const [yes, no] = PAIRS.find((_, index) => (mask & (1 << index)) !== 0) ?? ['true', 'false'];
  return `${yes}/${no}`;
}

/** 1 or 0, whatever pair the word is of, also for `1` and `0` themselves; `undefined` for any other text. */
export function parseBoolean(text: string): number | undefined {
  return text.length > LONGEST_WORD ? undefined : VALUES.get(text.toLowerCase());
}
