/** After `npm pack`: the package runs from its sources again. `npm run postpack` also cleans up after a pack that was cut off. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toSources } from './built-exports.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const description = join(folder, 'package.json');
writeFileSync(description, toSources(readFileSync(description, 'utf8')));
rmSync(join(folder, 'dist'), { recursive: true, force: true });
