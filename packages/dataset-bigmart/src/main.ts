/** Writes the sample files anew: `node packages/dataset-bigmart/src/main.ts`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createSamples } from './samples.ts';

const folder = new URL('../samples/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of createSamples()) {
  await writeFile(new URL(name, folder), text);
  process.stdout.write(`samples/${name}: ${text.length} bytes\n`);
}
