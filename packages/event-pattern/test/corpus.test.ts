import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { EventPatternError, matches, parsePattern } from '../src/index.ts';
import type { JsonObject } from '../src/index.ts';

/**
 * Every file of the corpus is `{ Event, EventPattern }`. The end of its name says what comes out: `_NEG` no match,
 * `_EXC` no valid pattern, otherwise a match.
 */
interface Case {
  readonly Event: JsonObject;
  readonly EventPattern: unknown;
}

const folder = new URL('corpus/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

function isCase(json: unknown): json is Case {
  return typeof json === 'object' && json !== null && 'Event' in json && 'EventPattern' in json;
}

function readCase(name: string): Case {
  const json: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
  if (!isCase(json)) throw new Error(`corpus/${name}.json must hold { Event, EventPattern }`);
  return json;
}

describe('the pattern corpus', () => {
  it.each(names.filter((name) => name.endsWith('_EXC')))('%s is refused', (name) => {
    expect(() => parsePattern(readCase(name).EventPattern)).toThrow(EventPatternError);
  });

  it.each(names.filter((name) => name.endsWith('_NEG')))('%s does not match', (name) => {
    const { Event, EventPattern } = readCase(name);
    expect(matches(parsePattern(EventPattern), Event)).toBe(false);
  });

  it.each(names.filter((name) => !/_(NEG|EXC)$/.test(name)))('%s matches', (name) => {
    const { Event, EventPattern } = readCase(name);
    expect(matches(parsePattern(EventPattern), Event)).toBe(true);
  });
});
