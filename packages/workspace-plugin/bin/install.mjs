// Installs what is missing, so that `npm start` and `npm test` work on a fresh clone. Plain JavaScript for any Node:
// nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const modified = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// npm writes this file at the end of an install that went through.
if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  process.stderr.write('Installing the dependencies (once, about a minute) …\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', process.stderr, process.stderr], shell: process.platform === 'win32' });
  if (status !== 0) {
    process.stderr.write('npm ci failed: see the lines above. It needs npm 10 or later and a connection to your npm registry.\n');
    process.exit(1);
  }
}
