import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { DatasetConfigSchema, parseDatasetConfig } from './dataset-config.ts';
import { eventDetails } from './events.ts';

const guide = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', name), 'utf8');

const COMMON = ['version', 'id', 'dataset', 'at'];

test('docs/events.md lists every event with every member of its detail', () => {
  const text = guide('events.md');
  const rows = [...text.matchAll(/^\| `(\w+)` \|.*\| (.*) \|$/gm)].map(([, type = '', members = '']): [string, string[]] => [type, members.split(', ').map((member) => member.replaceAll('`', ''))]);
  const defined = Object.entries(eventDetails).map(([type, schema]): [string, string[]] => [type, Object.keys(schema.shape).filter((member) => !COMMON.includes(member))]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(defined));
});

test('docs/dataset-json.md lists every key of dataset.json with its default', () => {
  const rows = new Map([...guide('dataset-json.md').matchAll(/^\| `([^`]+)` \| (.+?) \|/gm)].map(([, key = '', value = '']): [string, string] => [key, value]));
  const keys = keysOf(z.toJSONSchema(DatasetConfigSchema, { io: 'input' }));
  expect([...rows.keys()].toSorted()).toEqual(keys.toSorted());
  const defaults = parseDatasetConfig(undefined);
  for (const [key, said] of rows) {
    const value = key.split('.').reduce<unknown>((object, name) => (typeof object === 'object' && object !== null ? Object.entries(object).find(([member]) => member === name)?.[1] : undefined), defaults);
    if (said.startsWith('`') && !said.includes(',')) expect(`\`${String(value)}\``, key).toBe(said);
  }
});

const JsonSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
});

/** Objects of known members are listed member by member, maps and lists of them under `*`. */
function keysOf(schema: unknown, prefix = ''): string[] {
  const parsed = JsonSchema.safeParse(schema);
  if (!parsed.success) return [];
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = parsed.data;
  const members = Object.entries(properties).flatMap(([name, member]) => {
    const below = keysOf(member, `${prefix}${name}.`);
    return below.length === 0 || below.some((key) => key.includes('*')) ? [`${prefix}${name}`, ...below] : below;
  });
  const inside = [additionalProperties, items].flatMap((each) => (typeof each === 'object' ? keysOf(each, `${prefix}*.`) : []));
  return [...new Set([...members, ...inside, ...[...anyOf, ...oneOf].flatMap((each) => keysOf(each, prefix))])];
}
