import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventSchemas } from './event-schemas.ts';
import { breakingChanges } from './schema-compatibility.ts';

type Schema = z.core.util.JSONType;
const string = { type: 'string' };
const integer = { type: 'integer' };
const object = (properties: Record<string, Schema>, required: string[] = Object.keys(properties)): Schema => ({ title: 'Sold, version 1', type: 'object', properties, required });
const oneOf = (...alternatives: Schema[]): Schema => object({ a: { oneOf: alternatives } });
const tagged = (tag: string, more: Record<string, Schema> = {}): Schema => object({ tag: { type: 'string', const: tag }, ...more });

describe('a change breaks the promise', () => {
  test.each<[string, Schema, Schema, string]>([
    ['where a member is no longer told', object({ a: string }), object({}), 'message.a was promised always to be there, and may be missing'],
    ['where a member that might be missing is no longer told', object({ a: string }, []), object({}), 'message.a was promised, and is not told'],
    ['where a member may be missing', object({ a: string }), object({ a: string }, []), 'message.a was promised always to be there, and may be missing'],
    ['where a member deep inside may be missing', object({ a: object({ b: string }) }), object({ a: object({ b: string }, []) }), 'message.a.b was promised always to be there, and may be missing'],
    ['where the type is another one', object({ a: string }), object({ a: integer }), 'message.a was promised to be of type string, and is of type integer'],
    ['where a whole number may have a fraction', object({ a: integer }), object({ a: { type: 'number' } }), 'message.a was promised to be of type integer, and is of type number'],
    ['where the type is open', object({ a: string }), object({ a: {} }), 'message.a was promised to be of type string, and is of any'],
    ['where a value is added', object({ a: { enum: ['x'] } }), object({ a: { enum: ['x', 'y'] } }), 'message.a was promised to be "x", and may be "y"'],
    ['where any value is possible', object({ a: { type: 'string', enum: ['x', 'y'] } }), object({ a: string }), 'message.a was promised to be "x" or "y", and may be any value'],
    ['where the constant is another one', tagged('x'), tagged('y'), 'message.tag was promised to be "x", and may be "y"'],
    ['where an alternative is added', oneOf(tagged('x')), oneOf(tagged('x'), tagged('y')), 'message.a.tag was promised to be "x", and may be "y"'],
    ['where one alternative changes', oneOf(tagged('x', { n: integer }), tagged('y')), oneOf(tagged('x', { n: string }), tagged('y')), 'message.a.n was promised to be of type integer, and is of type string'],
    ['where items are of another type', { type: 'array', items: string }, { type: 'array', items: integer }, 'message[] was promised to be of type string, and is of type integer'],
    ['where a pair has three', { prefixItems: [string], items: false }, { prefixItems: [string, string], items: false }, 'message[1] was promised not to be there'],
    ['where the values of a map change', { additionalProperties: string }, { additionalProperties: integer }, 'message.* was promised to be of type string, and is of type integer'],
    ['where a bound is wider', object({ a: { minimum: 0 } }), object({ a: { minimum: -1 } }), 'message.a was promised with minimum 0, and has minimum -1'],
    ['where a bound is gone', object({ a: { maxLength: 5 } }), object({ a: {} }), 'message.a was promised with maxLength 5, and has maxLength undefined'],
    ['where a pattern is another one', object({ a: { pattern: 'x' } }), object({ a: { pattern: 'y' } }), 'message.a was promised with pattern "x", and has pattern "y"'],
  ])('%s', (_, published, current, sentence) => {
    expect(breakingChanges(published, current).map((text) => text.replace('Sold, version 1: ', ''))).toContain(sentence);
  });

  test('and the sentence names the event', () => {
    expect(breakingChanges(object({ a: string }), object({ a: integer }))).toEqual(['Sold, version 1: message.a was promised to be of type string, and is of type integer']);
  });
});

describe('a change keeps the promise', () => {
  test.each<[string, Schema, Schema]>([
    ['where a member is added', object({ a: string }), object({ a: string, b: integer })],
    ['where a member is always there', object({ a: string }, []), object({ a: string })],
    ['where a number is always whole', object({ a: { type: 'number' } }), object({ a: integer })],
    ['where a value is given up', object({ a: { enum: ['x', 'y'] } }), object({ a: { const: 'y' } })],
    ['where an alternative is given up', oneOf(tagged('x'), tagged('y')), oneOf(tagged('y'))],
    ['where a member is said more of', object({ a: {} }), object({ a: { type: 'string', maxLength: 3, description: 'Short.' } })],
    ['where a bound is closer', object({ a: { minimum: 0, maxLength: 9 } }), object({ a: { minimum: 1, maxLength: 8 } })],
  ])('%s', (_, published, current) => {
    expect(breakingChanges(published, current)).toEqual([]);
  });

  test.each([...eventSchemas()])('where nothing changes: %s', (_, schema) => {
    expect(breakingChanges(schema, schema)).toEqual([]);
  });
});

test('what passes under a schema that breaks nothing passes under the published one', () => {
  const scalar = fc.constantFrom<Schema>({}, string, integer, { type: 'number' }, { const: 1 }, { enum: ['x', 1] }, { type: 'string', enum: ['x', 'y'] }, { type: 'integer', minimum: 1 });
  const { schema } = fc.letrec<{ schema: Schema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 2 },
      scalar,
      fc.tuple(fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { maxKeys: 2 }), fc.subarray(['a', 'b'])).map(([properties, required]) => ({ type: 'object', properties, required: required.filter((name) => name in properties) })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
      tie('schema').map((items) => ({ type: 'array', items })),
    ),
  }));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 2 }, fc.constantFrom<unknown>(0, 1, 1.5, 'x', 'y', 'z'), fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { maxKeys: 2 }), fc.array(tie('value'), { maxLength: 2 })),
  }));
  const passes = (schema: Schema, document: unknown) => z.fromJSONSchema(z.record(z.string(), z.json()).parse(schema)).safeParse(document).success;
  let seen = 0;
  fc.assert(
    fc.property(schema, schema, fc.array(value, { minLength: 20, maxLength: 20 }), (published, current, documents) => {
      if (breakingChanges(published, current).length > 0) return;
      for (const document of documents.filter((each) => passes(current, each))) {
        seen++;
        expect(passes(published, document)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
  expect(seen).toBeGreaterThan(500);
});
