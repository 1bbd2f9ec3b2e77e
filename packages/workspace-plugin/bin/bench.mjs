// `npm run bench [-- <project> … <options>]`: runs the benchmarks of the named projects, or of all, one after the other.
// Options go to each benchmark. Without Nx between them, progress is seen as it comes.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, execPath, exit, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const files = globSync('{apps,packages}/*/bench/*.bench.ts', { cwd: root }).sort();
const projectOf = (file) => file.split(/[\\/]/)[1];
const known = [...new Set(files.map(projectOf))];

const args = argv.slice(2);
// Names come first; a number or a dash begins what is for the benchmarks.
const firstOption = args.findIndex((arg) => !/^[a-z]/.test(arg));
const names = firstOption < 0 ? args : args.slice(0, firstOption);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  stderr.write(`bench: got ${unknown.join(', ')}; projects with benchmarks: ${known.join(', ')}\n`);
  exit(1);
}

for (const file of files.filter((file) => names.length === 0 || names.includes(projectOf(file)))) {
  stderr.write(`${file}\n`);
  const { status } = spawnSync(execPath, [join(root, file), ...args.slice(names.length)], { cwd: root, stdio: 'inherit' });
  if (status !== 0) exit(status ?? 1);
}
