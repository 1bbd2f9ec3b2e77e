/**
 * The published form of this package: in `dist` one JavaScript file for each entry point, chunks that they share, and
 * one file of declarations. Node and browsers run the same files; a browser that uses one thread never loads the chunk that needs Node.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execPath } from 'node:process';
import { build } from 'esbuild';
import { rollUpDeclarations } from './roll-up-declarations.ts';
import { shrinkKernel } from './shrink-kernel.ts';

/** @param folder of the package; its `dist` is replaced */
export async function buildPackage(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  await bundle(folder, dist);
  pointAtBuiltWorker(dist);
  declare(folder, dist);
}

async function bundle(folder: string, dist: string): Promise<void> {
  await build({
    entryPoints: ['index', 'worker'].map((name) => join(folder, 'src', `${name}.ts`)),
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['node22', 'chrome120', 'firefox120', 'safari17'],
    external: ['node:*'],
    plugins: [shrinkKernel],
    minify: true,
    // Node prints the line of an uncaught error.
    lineLimit: 400,
    chunkNames: 'chunk-[hash]',
    logLevel: 'warning',
  });
}

/** esbuild leaves `new URL('./worker.ts', import.meta.url)` as it is. */
function pointAtBuiltWorker(dist: string): void {
  let count = 0;
  for (const file of globSync(join(dist, '*.js'))) {
    const code = readFileSync(file, 'utf8');
    const pointed = code.replaceAll(/(new URL\(["'`])\.\/worker\.ts(["'`])/g, '$1./worker.js$2');
    if (pointed !== code) count++;
    writeFileSync(file, pointed);
  }
  if (count === 0) throw new Error("no built file names the worker's program as new URL('./worker.ts', import.meta.url)");
}

function declare(folder: string, dist: string): void {
  const modules = join(dist, 'modules');
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript7/package.json')), 'bin', 'tsc');
  const { status, stdout } = spawnSync(execPath, [compiler, '-p', join(folder, 'tsconfig.build.json'), '--outDir', modules], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tsc: ${stdout}`);
  writeFileSync(join(dist, 'index.d.ts'), rollUpDeclarations(join(modules, 'index.d.ts')));
  rmSync(modules, { recursive: true });
}
