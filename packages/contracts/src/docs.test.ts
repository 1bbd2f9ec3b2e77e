import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventDetails } from './events.ts';

const COMMON = ['version', 'id', 'dataset', 'at'];

test('docs/events.md lists every event with every member of its detail', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'events.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \|.*\| (.*) \|$/gm)].map(([, type = '', members = '']): [string, string[]] => [type, members.split(', ').map((member) => member.replaceAll('`', ''))]);
  const defined = Object.entries(eventDetails).map(([type, schema]): [string, string[]] => [type, Object.keys(schema.shape).filter((member) => !COMMON.includes(member))]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(defined));
});
