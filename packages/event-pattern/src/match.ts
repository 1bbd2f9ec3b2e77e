import { isIPv4, isIPv6 } from 'node:net';
import type { BlockList } from 'node:net';

import { isJsonArray, isJsonObject } from './json.ts';
import type { JsonObject, JsonScalar, JsonValue } from './json.ts';
import type { EventPattern, FieldPattern, Matcher, NumericComparison, ScalarMatcher } from './pattern.ts';

/**
 * Whether an event matches a pattern, as EventBridge decides it.
 *
 * Arrays in the event match when one of their elements does; a pattern inside an array of objects must be met by one
 * and the same object. Numbers compare by value: JSON.parse no longer tells 300 from 3.0e2, which the service can.
 */
export function matches(pattern: EventPattern, event: JsonObject): boolean {
  for (const [name, field] of pattern.fields) {
    if (!matchesField(field, Object.hasOwn(event, name) ? event[name] : undefined)) return false;
  }
  return pattern.alternatives.every((alternatives) => alternatives.some((alternative) => matches(alternative, event)));
}

function matchesField(field: FieldPattern, value: JsonValue | undefined): boolean {
  if (field.kind === 'leaf') return matchesLeaf(field.matchers, value);
  const objects = flatten(value).filter((element) => isJsonObject(element));
  // A missing object can still match a pattern that only asks for absence inside it.
  return objects.length === 0 ? matches(field.pattern, {}) : objects.some((object) => matches(field.pattern, object));
}

function matchesLeaf(matchers: readonly Matcher[], value: JsonValue | undefined): boolean {
  const scalars = flatten(value).filter((element) => isScalar(element));
  return matchers.some((matcher) =>
    matcher.kind === 'exists'
      ? matcher.exists === scalars.length > 0
      : scalars.some((scalar) => matchesScalar(matcher, scalar)),
  );
}

function matchesScalar(matcher: ScalarMatcher, value: JsonScalar): boolean {
  switch (matcher.kind) {
    case 'equals':
      return matcher.value === value;
    case 'anything-but':
      return !matcher.excluded.some((excluded) => matchesScalar(excluded, value));
    case 'numeric':
      return typeof value === 'number' && matcher.comparisons.every((comparison) => compare(comparison, value));
    default:
      return typeof value === 'string' && matchesText(matcher, value);
  }
}

type TextMatcher = Exclude<ScalarMatcher, { readonly kind: 'equals' | 'anything-but' | 'numeric' }>;

function matchesText(matcher: TextMatcher, value: string): boolean {
  switch (matcher.kind) {
    case 'equals-ignore-case':
      return fold(matcher.value) === fold(value);
    case 'prefix':
      return matcher.ignoreCase ? fold(value).startsWith(fold(matcher.value)) : value.startsWith(matcher.value);
    case 'suffix':
      return matcher.ignoreCase ? fold(value).endsWith(fold(matcher.value)) : value.endsWith(matcher.value);
    case 'wildcard':
      return matcher.expression.test(value);
    case 'cidr':
      return isInBlock(matcher.block, value);
  }
}

function compare({ operator, operand }: NumericComparison, value: number): boolean {
  switch (operator) {
    case '=':
      return value === operand;
    case '<':
      return value < operand;
    case '<=':
      return value <= operand;
    case '>':
      return value > operand;
    case '>=':
      return value >= operand;
  }
}

function isInBlock(block: BlockList, address: string): boolean {
  if (isIPv4(address)) return block.check(address, 'ipv4');
  return isIPv6(address) && block.check(address, 'ipv6');
}

function flatten(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return isJsonArray(value) ? value.flatMap((element) => flatten(element)) : [value];
}

function isScalar(value: JsonValue): value is JsonScalar {
  return value === null || typeof value !== 'object';
}

function fold(text: string): string {
  return text.toLowerCase();
}
