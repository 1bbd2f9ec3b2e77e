import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventSchemas } from './event-schemas.ts';
import { eventDetails, makeEvent } from './events.ts';
import { breakingChanges } from './schema-compatibility.ts';

const folder = join(import.meta.dirname, '..', 'schemas');
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const schemas = eventSchemas();
const published = globSync('*.json', { cwd: join(folder, 'published') });

describe('the schemas of the events', () => {
  test('are those in packages/contracts/schemas: write them with `npx nx schemas contracts`', () => {
    expect(globSync('*.json', { cwd: folder }).toSorted()).toEqual([...schemas.keys()].toSorted());
    for (const [file, schema] of schemas) expect(read(file), file).toEqual(schema);
  });

  test('say what each member of a detail means', () => {
    const SchemaSchema = z.object({ properties: z.object({ detail: z.object({ properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })) }) }) });
    for (const [file, schema] of schemas) {
      for (const [member, { description }] of Object.entries(SchemaSchema.parse(schema).properties.detail.properties)) expect(description, `${file} ${member}`).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('take what is put on the bus, and nothing that lacks a member', () => {
    const { type, detail } = makeEvent('PredictionStarted', ['job'], 0, { dataset: 'sales', key: 'predict/sales/a.csv', etag: 'e1', job: 'job', modelVersion: 3 });
    const schema = z.fromJSONSchema(z.record(z.string(), z.json()).parse(schemas.get(`${type}.v1.json`)));
    const envelope = { version: '0', id: 'x', source: 'dropforest', 'detail-type': type, detail, account: '1', region: 'r', time: 't', resources: [] };
    expect(schema.safeParse(envelope).success).toBe(true);
    expect(schema.safeParse({ ...envelope, detail: { ...detail, modelVersion: undefined } }).success).toBe(false);
  });

  test('are named in docs/events.md', () => {
    expect(readFileSync(join(folder, '..', '..', '..', 'docs', 'events.md'), 'utf8')).toContain('(../packages/contracts/schemas)');
  });
});

describe('what consumers were promised', () => {
  test.each(published)('is kept: %s', (file) => {
    const current = schemas.get(file);
    if (current !== undefined) expect(breakingChanges(read(join('published', file)), current)).toEqual([]);
  });

  test('covers no event that is told in no version', () => {
    expect(published.map((file) => file.split('.')[0] ?? '').filter((type) => !(type in eventDetails))).toEqual([]);
  });
});
