export { EventPatternError } from './errors.ts';
export type { EventPatternErrorCode } from './errors.ts';
export type { JsonObject, JsonScalar, JsonValue } from './json.ts';
export { matches } from './match.ts';
export { parsePattern } from './parse.ts';
export type { EventPattern, FieldPattern, Matcher, NumericComparison, ScalarMatcher } from './pattern.ts';
