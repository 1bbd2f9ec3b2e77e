/**
 * `npx nx package infra`: zips each function's bundle and has Serverless write the CloudFormation template, with no
 * network and no credentials. The template is left at `infra/dist/cloudformation.json`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { zipBundle } from './artifact.ts';
import { functions, type FunctionDefinition } from './definition.ts';
import { artifactOf } from './serverless.ts';

const root = join(import.meta.dirname, '..');

rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const definition of functions) writeArtifact(definition);
packageService();
writeTemplate();

function writeArtifact(definition: FunctionDefinition): void {
  const target = join(root, artifactOf(definition));
  const bundle = readFileSync(join(root, '..', 'apps', definition.name, 'dist', 'main.mjs'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, zipBundle(bundle));
}

function packageService(): void {
  const command = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const environment = { ...process.env, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' };
  const { status } = spawnSync(process.execPath, [command, 'package', '--package', 'dist/serverless'], { cwd: root, env: environment, stdio: 'inherit' });
  if (status !== 0) throw new Error('serverless package failed: see the lines above');
}

/** Serverless names artifacts by the time; without it the same sources give the same template. */
function writeTemplate(): void {
  const template = readFileSync(join(root, 'dist', 'serverless', 'cloudformation-template-update-stack.json'), 'utf8');
  const target = join(root, 'dist', 'cloudformation.json');
  writeFileSync(target, template.replaceAll(/serverless\/dropforest\/([^/"]+)\/\d+-[^/"]+\//g, 'serverless/dropforest/$1/'));
  process.stdout.write(`infra/dist/cloudformation.json: ${Object.keys(resourcesIn(template)).length} resources\n`);
}

function resourcesIn(template: string): object {
  const parsed: unknown = JSON.parse(template);
  return typeof parsed === 'object' && parsed !== null && 'Resources' in parsed && typeof parsed.Resources === 'object' && parsed.Resources !== null ? parsed.Resources : {};
}
