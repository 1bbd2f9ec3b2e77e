/**
 * Writes the JSON Schemas of the events to `schemas/`: `node packages/contracts/scripts/write-schemas.ts [--publish]`.
 *
 * `schemas/published/` is what consumers were promised. Only `--publish` writes there: new events and versions, and
 * versions that still keep the promise; it publishes nothing when one of them does not.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stderr, stdout } from 'node:process';
import { eventSchemas } from '../src/event-schemas.ts';
import { breakingChanges } from '../src/schema-compatibility.ts';

const folder = join(import.meta.dirname, '..', 'schemas');
const published = join(folder, 'published');
const schemas = [...eventSchemas()].map(([file, schema]) => ({ file, schema, text: `${JSON.stringify(schema, undefined, 2)}\n` }));

for (const old of globSync('*.json', { cwd: folder })) rmSync(join(folder, old));
mkdirSync(published, { recursive: true });
for (const { file, text } of schemas) writeFileSync(join(folder, file), text);
stdout.write(`${schemas.length} schemas written\n`);
if (argv.includes('--publish')) publish();

function publish(): void {
  const broken = schemas.flatMap(({ file, schema }) => {
    const target = join(published, file);
    return existsSync(target) ? breakingChanges(JSON.parse(readFileSync(target, 'utf8')), schema) : [];
  });
  if (broken.length > 0) {
    stderr.write(`Nothing was published. Raise the version of these events instead:\n${broken.join('\n')}\n`);
    process.exitCode = 1;
    return;
  }
  for (const { file, text } of schemas) writeFileSync(join(published, file), text);
  stdout.write(`${schemas.length} schemas published\n`);
}
