import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Version of an installed npm package. */
export function packageVersion(name: string): string {
  const description: unknown = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`), 'utf8'));
  return typeof description === 'object' && description !== null && 'version' in description ? String(description.version) : 'unknown';
}
