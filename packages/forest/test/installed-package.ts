/** The package packed and installed into an empty project, as somebody would who found it in a registry. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { platform } from 'node:process';
import { fileURLToPath } from 'node:url';

const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));
const NAME = '@dropforest/forest';

export interface InstalledPackage {
  /** The package's folder that was packed from. */
  readonly source: string;
  /** An empty project but for the package. */
  readonly project: string;
}

/**
 * Packs from a copy of the sources: while npm packs, package.json names built files, and nothing else that runs in the
 * workspace meanwhile shall meet those.
 * @param folder an empty one, for everything
 */
export function installPackage(folder: string): InstalledPackage {
  const source = join(folder, 'packages/forest');
  copyPackage(folder, source);
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }\n');
  npm(source, ['pack', '--pack-destination', folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  npm(project, ['install', join(folder, tarball), '--offline', '--no-audit', '--no-fund']);
  return { source, project };
}

function copyPackage(folder: string, source: string): void {
  const isNeeded = (file: string): boolean => !['node_modules', 'dist', 'bench', 'test'].includes(basename(file));
  cpSync(join(WORKSPACE, 'packages/forest'), source, { recursive: true, filter: isNeeded });
  cpSync(join(WORKSPACE, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
  symlinkSync(join(WORKSPACE, 'node_modules'), join(folder, 'node_modules'), 'junction');
}

/** Every file of the installed package, with its size in bytes. */
export function installedFiles({ project }: InstalledPackage): Map<string, number> {
  const root = join(project, 'node_modules', NAME);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(root, name)).isFile());
  return new Map(files.map((name) => [name, statSync(join(root, name)).size]));
}

/** The package.json of an installed package or of the folder it was packed from. */
export function readDescription(folder: string): string {
  return readFileSync(join(folder, 'package.json'), 'utf8');
}

function npm(folder: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell: platform === 'win32' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stdout}${stderr}`);
}
