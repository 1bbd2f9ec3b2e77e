/** Before `npm pack`: builds the package, then lets its package.json name the built files. A build that fails changes nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPackage } from './build-package.ts';
import { toBuilt } from './built-exports.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
await buildPackage(folder);
const description = join(folder, 'package.json');
writeFileSync(description, toBuilt(readFileSync(description, 'utf8')));
