import { z } from 'zod';

import type { JsonObject } from '@dropforest/event-pattern';

const JsonObjectSchema = z.record(z.string(), z.json());

/** A JSON object from anything that JSON.stringify takes; members that are undefined fall away. */
export function toJsonObject(value: object): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(value));
  return JsonObjectSchema.parse(json);
}

/** Parses text that should be a JSON object; `undefined` when it is none. */
export function parseJsonObject(text: string): JsonObject | undefined {
  const json = parseJson(text);
  const parsed = JsonObjectSchema.safeParse(json);
  return parsed.success ? parsed.data : undefined;
}

/** `JSON.parse` that answers `undefined` for text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}
