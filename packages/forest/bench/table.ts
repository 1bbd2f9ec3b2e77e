/** Writes the figures of results.json into the README. Run: `node packages/forest/bench/table.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { replaceTables } from './render.ts';
import { readResults } from './results.ts';

const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, replaceTables(readFileSync(readme, 'utf8'), readResults()));
