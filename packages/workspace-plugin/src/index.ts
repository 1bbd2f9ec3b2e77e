/**
 * The Nx targets of this workspace, inferred from what a project's folder holds, so that a new package needs no target
 * of its own:
 *
 * | target      | for                                         | does                                               |
 * | ----------- | ------------------------------------------- | -------------------------------------------------- |
 * | `typecheck` | every project                               | `tsc --noEmit` on sources and tests                |
 * | `lint`      | every project                               | eslint, module boundaries included                 |
 * | `test`      | projects with a `*.test.ts` in src or test  | vitest                                             |
 * | `bench`     | projects with `bench/*.bench.ts`            | each benchmark as a program of its own, not cached |
 * | `build`     | Lambda apps and the container               | bundled by esbuild                                 |
 * | `mutation`  | Lambda apps with a `src/decide*.ts`         | mutation testing of what decides                   |
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createNodesFromFiles, type CreateNodesV2, type TargetConfiguration } from '@nx/devkit';

const CONFIGURATION = 'package.json';

/** Bundles are for Lambda and for the image: both run the Node 24 that the sources are written for. */
const BUNDLE = 'esbuild --bundle --platform=node --target=node24 --format=esm --sourcemap=linked --legal-comments=none --outdir=dist --out-extension:.js=.mjs';
/** CommonJS dependencies call `require`, which an ES module bundle does not have by itself. */
const REQUIRE_SHIM = `--banner:js="import{createRequire}from'node:module';const require=createRequire(import.meta.url);"`;

export const createNodesV2: CreateNodesV2 = [
  `{apps/*,packages/*,container,infra}/${CONFIGURATION}`,
  (files, options, context) =>
    createNodesFromFiles(
      (file, _options, { workspaceRoot }) => {
        const root = dirname(file);
        return { projects: { [root]: { targets: targetsOf(join(workspaceRoot, root), tagsOf(join(workspaceRoot, file))) } } };
      },
      files,
      options,
      context,
    ),
];

function targetsOf(folder: string, tags: readonly string[]): Record<string, TargetConfiguration> {
  const targets: Record<string, TargetConfiguration> = {
    typecheck: cached('node node_modules/typescript7/bin/tsc -p {projectRoot}'),
    lint: cached('eslint {projectRoot} --max-warnings=0'),
  };
  if (globSync('{src,test}/**/*.test.ts', { cwd: folder }).length > 0) targets['test'] = cached('vitest run --dir {projectRoot}', [{ env: 'DROPFOREST_BIGMART' }]);
  if (globSync('bench/*.bench.ts', { cwd: folder }).length > 0) targets['bench'] = bench();
  if (tags.includes('kind:lambda') || existsSync(join(folder, 'Dockerfile'))) targets['build'] = build(folder);
  if (tags.includes('kind:lambda') && globSync('src/decide*.ts', { cwd: folder }).length > 0) targets['mutation'] = mutation();
  return targets;
}

/** A check reads its own files and the sources of what it depends on. */
function cached(command: string, more: NonNullable<TargetConfiguration['inputs']> = []): TargetConfiguration {
  return { command, cache: true, inputs: ['default', '^production', ...more] };
}

/** `main.ts`, and a bundle of its own for each program that runs in worker threads. */
function build(folder: string): TargetConfiguration {
  const entries = globSync('src/{main,*-worker}.ts', { cwd: folder }).sort();
  return {
    command: `${BUNDLE} ${REQUIRE_SHIM} ${entries.join(' ')}`,
    options: { cwd: '{projectRoot}' },
    cache: true,
    inputs: ['production', '^production'],
    outputs: ['{projectRoot}/dist'],
  };
}

function bench(): TargetConfiguration {
  return { command: 'for file in bench/*.bench.ts; do node "$file" || exit 1; done', options: { cwd: '{projectRoot}' }, cache: false };
}

/** It takes both cores for minutes, so one at a time. */
function mutation(): TargetConfiguration {
  return { ...cached('node packages/workspace-plugin/bin/mutation.mjs {projectRoot}'), parallelism: false };
}

function tagsOf(file: string): readonly string[] {
  const description: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const tags = isRecord(description) && isRecord(description['nx']) ? description['nx']['tags'] : [];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
