/**
 * How long a fresh Node takes to import each function's bundle, which is most of a cold start; for scale, an empty module
 * and the AWS SDK's SageMaker client alone, unbundled. Every import is a process of its own; all of them take turns, so
 * that other load on the machine meets all alike. Medians are printed.
 * Run: `node packages/lambda-kit/bench/cold-import.bench.ts [rounds]`.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, execPath, stdout, versions } from 'node:process';
import { pathToFileURL } from 'node:url';

const DEFAULT_ROUNDS = 9;
const root = join(import.meta.dirname, '..', '..', '..');
/** What functions are told by their environment; nothing is called. */
const environment = { BUCKET: 'b', BUS: 'b', QUEUE_URL: 'q', TOPIC_ARN: 't', IMAGE: 'i', JOB_ROLE_ARN: 'r', LINKS: 'l', MAX_TRANSFORM_JOBS: '4', AWS_REGION: 'us-east-1' };

interface Contender {
  readonly name: string;
  readonly specifier: string;
  /** Absent where it is more than one file. */
  readonly kilobytes?: number;
}

function contenders(folder: string): readonly Contender[] {
  const bundles = globSync('apps/*/dist/main.mjs', { cwd: root }).sort();
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  return [
    { name: 'an empty module', specifier: pathToFileURL(empty).href, kilobytes: 0 },
    { name: '@aws-sdk/client-sagemaker', specifier: '@aws-sdk/client-sagemaker' },
    ...bundles.map((file) => ({ name: file.split(/[\\/]/)[1] ?? file, specifier: pathToFileURL(join(root, file)).href, kilobytes: statSync(join(root, file)).size / 1000 })),
  ];
}

/** Milliseconds that one import takes. */
function measure({ specifier }: Contender): number {
  const program = `const start = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - start); process.exit();`;
  return Number(execFileSync(execPath, ['--input-type=module', '--eval', program], { cwd: root, env: { ...process.env, ...environment }, encoding: 'utf8' }));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

execFileSync(join(root, 'node_modules', '.bin', 'nx'), ['run-many', '-t', 'build', '--projects=tag:kind:lambda', '--output-style=static'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
const folder = mkdtempSync(join(tmpdir(), 'dropforest-import-'));
const measured = contenders(folder).map((contender) => ({ contender, milliseconds: new Array<number>() }));
for (let round = 0; round < Number(argv[2] ?? DEFAULT_ROUNDS); round++) for (const { contender, milliseconds } of measured) milliseconds.push(measure(contender));
rmSync(folder, { recursive: true });

stdout.write(`Node ${versions.node}, medians of ${measured[0]?.milliseconds.length ?? 0} fresh processes\n\n| import | bundle | median | fastest |\n| --- | --: | --: | --: |\n`);
for (const { contender, milliseconds } of measured) {
  const size = contender.kilobytes === undefined ? '' : `${contender.kilobytes.toFixed(0)} kB`;
  stdout.write(`| ${contender.name} | ${size} | ${median(milliseconds).toFixed(1)} ms | ${Math.min(...milliseconds).toFixed(1)} ms |\n`);
}
