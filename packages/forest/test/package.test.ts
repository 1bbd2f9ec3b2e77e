import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBuilt, toSources } from '../scripts/built-exports.ts';
import * as forest from '../src/index.ts';
import { findChromium, runPage } from './browser.ts';
import { fitDigest } from './fit-digest.ts';
import { installedFiles, installPackage, readDescription } from './installed-package.ts';
import type { InstalledPackage } from './installed-package.ts';

const chromium = findChromium();
if (chromium === undefined) stdout.write('skipped: the package in a browser, because no Chromium is on PATH (apt-get install chromium)\n');

const here = fileURLToPath(new URL('..', import.meta.url));
const MOST_BYTES = 150_000;
const PAGE = `<!doctype html>
<script type="importmap">{ "imports": { "@dropforest/forest": "/node_modules/@dropforest/forest/dist/index.js" } }</script>
<script type="module">
  const post = (body) => fetch('/result', { method: 'POST', body });
  window.onerror = (message) => { post(message); };
  Promise.all([import('@dropforest/forest'), import('/fit-digest.js')]).then(([forest, { fitDigest }]) => fitDigest(forest, 1)).then(post, (error) => post(String(error)));
</script>
`;
const PROGRAM = `import * as forest from '@dropforest/forest';
import { fitDigest } from './fit-digest.js';
process.stdout.write(await fitDigest(forest, Number(process.argv[2])));
`;
const TYPED = `import { RandomForestRegressor } from '@dropforest/forest';
import type { ForestOptions } from '@dropforest/forest';
const options: ForestOptions = { nEstimators: 10 };
const forest: RandomForestRegressor = await RandomForestRegressor.fit({ columns: [Float64Array.of(1, 2)], target: Float64Array.of(1, 2) }, options);
export const predictions: Float64Array = forest.predict([Float32Array.of(1)]);
// @ts-expect-error: a number is not a list of columns
forest.predict(1);
`;

describe('the published package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forest-package-'));
  let installed: InstalledPackage;
  beforeAll(() => {
    installed = installPackage(folder);
    const { code } = transformSync(readFileSync(join(here, 'test/fit-digest.ts'), 'utf8'), { loader: 'ts' });
    for (const [name, text] of [['fit-digest.js', code], ['program.js', PROGRAM], ['typed.ts', TYPED], ['page.html', PAGE]] as const) {
      writeFileSync(join(installed.project, name), text);
    }
  });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it('holds built files, declarations and a README, and is small', () => {
    const files = installedFiles(installed);
    expect([...files.keys()]).toEqual(expect.arrayContaining(['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/worker.js']));
    expect([...files.keys()].filter((name) => !/^(package\.json|README\.md|dist\/.*\.(js|d\.ts))$/.test(name))).toEqual([]);
    expect([...files.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(MOST_BYTES);
  });

  it('needs no other package', () => {
    expect(JSON.parse(readDescription(join(installed.project, 'node_modules/@dropforest/forest')))).not.toHaveProperty('dependencies');
  });

  it('leaves the sources as they were', () => {
    expect(readDescription(installed.source)).toBe(readDescription(here));
  });

  it.each([1, 2])('fits the forests of the sources with %i threads', async (threads) => {
    const { status, stdout: digest, stderr } = spawnSync(execPath, ['program.js', String(threads)], { cwd: installed.project, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(digest).toBe(await fitDigest(forest, 1));
  });

  it.each(['nodenext', 'bundler'])('has types that a strict compiler accepts with %s resolution', (resolution) => {
    const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript7/package.json')), 'bin/tsc');
    const options = ['--strict', '--noEmit', '--target', 'es2024', '--lib', 'es2024,dom', '--types', '', '--module', resolution === 'bundler' ? 'esnext' : resolution];
    const { stdout: problems } = spawnSync(execPath, [compiler, 'typed.ts', ...options, '--moduleResolution', resolution], { cwd: installed.project, encoding: 'utf8' });
    expect(problems).toBe('');
  });

  it.skipIf(chromium === undefined)('fits the same forests in a browser', async () => {
    expect(await runPage(chromium ?? '', installed.project, 'page.html')).toBe(await fitDigest(forest, 1));
  });
});

describe('package.json', () => {
  it('names the sources in the workspace (a pack that was cut off is undone by `npm run postpack`)', () => {
    expect(readDescription(here)).toBe(toSources(readDescription(here)));
  });

  it('names built files in one form and sources in the other, and nothing else differs', () => {
    const built = toBuilt(readDescription(here));
    expect(built).toContain('"./dist/index.js"');
    expect(built).not.toContain('./src/');
    expect(toBuilt(built)).toBe(built);
    expect(toSources(built)).toBe(readDescription(here));
  });
});
