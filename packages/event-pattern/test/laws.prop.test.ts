import fc from 'fast-check';
import { expect, it } from 'vitest';

import { EventPatternError, matches, parsePattern } from '../src/index.ts';
import type { JsonObject, JsonScalar } from '../src/index.ts';

const scalar: fc.Arbitrary<JsonScalar> = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const event: fc.Arbitrary<JsonObject> = fc.dictionary(fc.string().filter((key) => key !== '$or'), scalar, { minKeys: 1 });

it('an event matches the pattern that lists its own values', () => {
  fc.assert(
    fc.property(event, (fields) => {
      const pattern = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, [value]]));
      expect(matches(parsePattern(pattern), fields)).toBe(true);
    }),
  );
});

it('anything-but is the opposite of equality for a single string', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, other) => {
      expect(matches(parsePattern({ field: [{ 'anything-but': other }] }), { field: value })).toBe(value !== other);
    }),
  );
});

it('a wildcard made by cutting pieces out of a text matches that text', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string())), (pieces) => {
      const text = pieces.map(([kept, cut]) => kept + cut).join('');
      const wildcard = pieces.map(([kept]) => `${kept.replaceAll(/[\\*]/g, String.raw`\$&`)}*`).join('');
      expect(matches(parsePattern({ field: [{ wildcard }] }), { field: text })).toBe(true);
    }),
  );
});

it('whatever is given, parsing returns a pattern or throws an EventPatternError with a path', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      try {
        parsePattern(json);
      } catch (error) {
        expect(error).toBeInstanceOf(EventPatternError);
      }
    }),
  );
});

it('the error names the operator and leads to its place', () => {
  const parse = () => parsePattern({ detail: { state: ['a', { contains: 'x' }] } });
  expect(parse).toThrow(/"contains"/);
  expect(parse).toThrow(expect.objectContaining({ code: 'UnknownOperator', path: ['detail', 'state', 1] }));
});
