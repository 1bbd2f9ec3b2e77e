import { createHash } from 'node:crypto';

/**
 * A number from 0 to 1 that follows from the words: what happens to one call or one delivery does not depend on how
 * many others came before it.
 */
export function chance(...words: readonly (string | number)[]): number {
  return createHash('sha1').update(JSON.stringify(words)).digest().readUInt32BE(0) / 2 ** 32;
}

/** One of the items, by chance. */
export function pick<T>(items: readonly T[], ...words: readonly (string | number)[]): T | undefined {
  return items[Math.floor(chance(...words) * items.length)];
}
