/** The program `train` beside a champion, in a tree of its own below the system's temporary folder. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ComparisonSchema, type Comparison, type DatasetConfigInput } from '@dropforest/contracts';
import { packTar } from 'modern-tar';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openOptMl } from '../src/opt-ml.ts';
import { train } from '../src/train.ts';

let root = '';
let log = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'opt-ml-'));
  log = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((log += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((log += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

/** Squares with a little noise. */
const table = (rows: number) => `x,y\n${Array.from({ length: rows }, (_, row) => `${(row * 7919) % 1000},${((row * 7919) % 1000) ** 2 + (row % 7)}`).join('\n')}\n`;

interface Job {
  readonly job: string;
  readonly rows?: number;
  readonly config?: DatasetConfigInput;
  readonly champion?: Uint8Array | undefined;
  readonly challenger?: Uint8Array | undefined;
  readonly compare?: object;
}

interface Ended {
  readonly code: number;
  readonly failure: string;
  readonly outputs: readonly string[];
  readonly model: Uint8Array | undefined;
  readonly comparison: Comparison | undefined;
}

async function run({ job, rows = 300, config = {}, champion, challenger, compare }: Job): Promise<Ended> {
  const folder = join(root, job);
  const put = (path: string, body: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), body);
  };
  put('input/data/training/a.csv', table(rows));
  put('input/data/config/dataset.json', JSON.stringify({ hyperparameters: { nEstimators: 20 }, ...config }));
  put('input/data/config/job.json', JSON.stringify({ dataset: 'sales', lineage: { job, image: 'i', files: [] }, ...compare }));
  if (champion !== undefined) put('input/data/champion/model.tar.gz', champion);
  if (challenger !== undefined) put('input/data/challenger/model.tar.gz', challenger);
  const code = await train(openOptMl(folder));
  const outputs = join(folder, 'output', 'data');
  const comparison = join(outputs, 'comparison.json');
  return {
    code,
    failure: existsSync(join(folder, 'output', 'failure')) ? readFileSync(join(folder, 'output', 'failure'), 'utf8') : '',
    outputs: existsSync(outputs) ? readdirSync(outputs).sort() : [],
    model: existsSync(join(folder, 'model')) ? await archiveOf(join(folder, 'model')) : undefined,
    comparison: existsSync(comparison) ? ComparisonSchema.parse(JSON.parse(readFileSync(comparison, 'utf8'))) : undefined,
  };
}

async function archiveOf(folder: string): Promise<Uint8Array> {
  const entries = readdirSync(folder).map((name) => ({ name, body: readFileSync(join(folder, name)) }));
  const files = entries.map(({ name, body }) => ({ header: { name: `./${name}`, size: body.length, type: 'file' as const }, body }));
  return gzipSync(await packTar([{ header: { name: './', size: 0, type: 'directory' }, body: '' }, ...files]));
}

test('a training without a champion compares nothing', async () => {
  const { code, outputs } = await run({ job: 'first' });
  expect([code, outputs]).toEqual([0, ['manifest.json', 'metrics.json', 'rejected.csv', 'report.html']]);
  expect(log).not.toContain('metric comparison:difference');
});

test('a training with a champion compares both models and tells it in the log', async () => {
  const { model: champion } = await run({ job: 'first', rows: 150 });
  const { code, outputs, comparison } = await run({ job: 'second', champion });
  expect([code, outputs]).toEqual([0, ['comparison.json', 'manifest.json', 'metrics.json', 'rejected.csv', 'report.html']]);
  expect(comparison).toMatchObject({ comparable: true, challenger: 'second', champion: 'first', figure: 'RMSE' });
  const difference = comparison?.comparable === true ? comparison.difference : Number.NaN;
  expect(log).toContain(`metric comparison:difference=${difference};`);
  expect(log).toMatch(/RMSE \S+ against \S+ of the model of first on \d+ rows that both held out/);
});

test('a job that compares gives what the training gave, no model and nothing else', async () => {
  const { model: champion } = await run({ job: 'first', rows: 150 });
  const { model: challenger, comparison } = await run({ job: 'second', champion });
  const again = await run({ job: 'again', champion, challenger, compare: { compare: { challenger: 'second' } } });
  expect(again).toEqual({ code: 0, failure: '', outputs: ['comparison.json'], model: undefined, comparison });
});

test('a job that compares fails without its models, and says which', async () => {
  const { code, failure } = await run({ job: 'again', compare: { compare: { challenger: 'second' } } });
  expect([code, failure]).toEqual([1, 'a job that compares needs a model.tar.gz in each of the channels challenger and champion']);
});

test.each<[what: string, archive: () => Promise<Uint8Array>, reason: RegExp]>([
  ['is no archive', async () => Buffer.from('not a gzip file'), /^model\.tar\.gz cannot be unpacked: incorrect header check$/],
  ['ends early', async () => gzipSync(Buffer.alloc(5000, 'x')).subarray(0, 20), /unexpected end of file/],
  ['is no tar', async () => gzipSync(Buffer.alloc(5000, 'x')), /^model\.tar\.gz cannot be unpacked: ./],
  ['holds nothing', async () => gzipSync(await packTar([])), /the model has no manifest\.json; it has no files/],
  ['holds a manifest elsewhere', async () => gzipSync(await packTar([{ header: { name: '../manifest.json', size: 2, type: 'file' }, body: '{}' }])), /has no manifest\.json/],
])('a champion that %s does not fail the training', async (_what, archive, reason) => {
  const { code, outputs, comparison } = await run({ job: 'second', champion: await archive() });
  expect(code).toBe(0);
  expect(outputs).toContain('report.html');
  expect(comparison).toEqual({ comparable: false, challenger: 'second', champion: '', reason: expect.stringMatching(reason) });
  expect(log).toContain('not compared with the model that predicts: ');
});
