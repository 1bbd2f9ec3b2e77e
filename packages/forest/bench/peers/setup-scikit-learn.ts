/**
 * Finds or makes a Python that can import scikit-learn: the newest release in a virtual environment of the benchmark's
 * own, or else the system's. Run by itself it prints which one.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { platform, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

const SYSTEM = platform === 'win32' ? 'python' : 'python3';
const folder = fileURLToPath(new URL('../../node_modules/.cache/scikit-learn', import.meta.url));
const own = join(folder, platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** The Python program, or why there is none. */
export function setUpScikitLearn(): { readonly python: string } | { readonly reason: string } {
  if (imports(own)) return { python: own };
  const failure = run(SYSTEM, ['-m', 'venv', folder]) ?? run(own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'scikit-learn']);
  if (failure === undefined) return { python: own };
  return imports(SYSTEM) ? { python: SYSTEM } : { reason: failure };
}

function imports(python: string): boolean {
  return run(python, ['-c', 'import sklearn']) === undefined;
}

/** Why the command failed, if it did. */
function run(program: string, args: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 600_000 });
  if (status === 0) return undefined;
  return `${program} ${args.join(' ')}: ${error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}`}`;
}

if (import.meta.main) stdout.write(`${JSON.stringify(setUpScikitLearn())}\n`);
