import type { BlockList } from 'node:net';

import type { JsonScalar } from './json.ts';

/**
 * A checked pattern in the form that `matches` walks. An event matches when every field does and, for each `$or`, at
 * least one of its alternatives does.
 */
export interface EventPattern {
  readonly fields: ReadonlyMap<string, FieldPattern>;
  /** One list per `$or`. */
  readonly alternatives: readonly (readonly EventPattern[])[];
}

/** What is asked of one field: an object inside it, or any one of several matchers. */
export type FieldPattern =
  | { readonly kind: 'object'; readonly pattern: EventPattern }
  | { readonly kind: 'leaf'; readonly matchers: readonly Matcher[] };

/** `exists` asks about the field; every other matcher asks about one scalar in it. */
export type Matcher = { readonly kind: 'exists'; readonly exists: boolean } | ScalarMatcher;

export type ScalarMatcher =
  | { readonly kind: 'equals'; readonly value: JsonScalar }
  | { readonly kind: 'equals-ignore-case'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string; readonly ignoreCase: boolean }
  | { readonly kind: 'suffix'; readonly value: string; readonly ignoreCase: boolean }
  | { readonly kind: 'wildcard'; readonly expression: RegExp }
  | { readonly kind: 'numeric'; readonly comparisons: readonly NumericComparison[] }
  | { readonly kind: 'cidr'; readonly block: BlockList }
  | { readonly kind: 'anything-but'; readonly excluded: readonly ScalarMatcher[] };

export interface NumericComparison {
  readonly operator: '=' | '<' | '<=' | '>' | '>=';
  readonly operand: number;
}
