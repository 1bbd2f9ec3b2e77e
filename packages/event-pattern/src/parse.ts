import { EventPatternError } from './errors.ts';
import { isArray, isObject } from './json.ts';
import { parseMatcher } from './parse-matcher.ts';
import type { EventPattern, FieldPattern } from './pattern.ts';

type Path = readonly (string | number)[];

/**
 * Checks a pattern and brings it into the form that `matches` takes.
 *
 * @throws EventPatternError when EventBridge would refuse the pattern; its `path` leads to the offending part.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function parsePattern(json: unknown): EventPattern {
  return parseObject(json, []);
}

function parseObject(json: unknown, path: Path): EventPattern {
  if (!isObject(json)) throw new EventPatternError('NotAnObject', path, 'a pattern is a JSON object.');
  const entries = Object.entries(json);
  if (entries.length === 0) throw new EventPatternError('Empty', path, 'an empty object matches nothing in particular; name a field or leave the object out.');
  const fields = new Map<string, FieldPattern>();
  const alternatives: (readonly EventPattern[])[] = [];
  for (const [name, value] of entries) {
    if (name === '$or') alternatives.push(parseAlternatives(value, [...path, name]));
    else fields.set(name, parseField(value, [...path, name]));
  }
  return { fields, alternatives };
}

function parseField(json: unknown, path: Path): FieldPattern {
  if (isObject(json)) return { kind: 'object', pattern: parseObject(json, path) };
  if (!isArray(json)) throw new EventPatternError('NotAnObject', path, `a field takes an object or a list of values; write [${JSON.stringify(json)}] for one value.`);
  if (json.length === 0) throw new EventPatternError('Empty', path, 'an empty list matches nothing; write [{"exists": false}] for a field that must be absent.');
  return { kind: 'leaf', matchers: json.map((element, index) => parseMatcher(element, [...path, index])) };
}

function parseAlternatives(json: unknown, path: Path): readonly EventPattern[] {
  if (!isArray(json) || json.length < 2) throw new EventPatternError('BadOperand', path, '$or takes a list of at least two patterns.');
  return json.map((alternative, index) => parseObject(alternative, [...path, index]));
}
