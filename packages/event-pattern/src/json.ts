/** A JSON value, as `JSON.parse` makes it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A string, number, boolean or null: what a pattern's leaf is compared with. */
export type JsonScalar = string | number | boolean | null;

/** True for an object that is neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray` that keeps `unknown` elements. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Tells apart the objects and arrays of a JSON value without widening them. */
export function isJsonObject(value: JsonValue): value is JsonObject {
  return isObject(value);
}

/** `Array.isArray` for JSON values. */
export function isJsonArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
