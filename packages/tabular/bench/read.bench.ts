/**
 * Measures inference and typed reading of a 100 MB file (1,000,000 rows × 12 columns of the worked example's shape, once
 * plain and once with every cell quoted) beside papaparse alone, which makes strings of the same bytes and forgets them.
 * Every run is a process of its own; the two take turns, so that other load on the machine meets both alike. Medians are
 * printed. Run: `node packages/tabular/bench/read.bench.ts [rounds]`.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { argv, execPath, resourceUsage, stdout, versions } from 'node:process';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { z } from 'zod';
import { inferSchema, readTable } from '../src/index.ts';

const ROWS = 1_000_000;
const PIECE_BYTES = 1 << 16;
const RunSchema = z.object({ milliseconds: z.number(), rows: z.number(), megabytes: z.number() });
type Run = z.output<typeof RunSchema>;

const contenders: Readonly<Record<string, (file: string) => Promise<number>>> = { tabular: readWithTabular, papaparse: readWithPapaparse };

async function readWithTabular(file: string): Promise<number> {
  const source = { open: () => createReadStream(file, { highWaterMark: PIECE_BYTES }) };
  const schema = await inferSchema([source], { target: 'sales' });
  const { table, problemCounts } = await readTable([source], schema);
  if (problemCounts.size > 0 || table.columns.length !== 12 || schema.rows !== table.rowCount) throw new Error('the file was misread');
  return table.rowCount;
}

function readWithPapaparse(file: string): Promise<number> {
  let rows = -1;
  return new Promise((resolve, reject) => {
    Papa.parse<string[]>(createReadStream(file, { highWaterMark: PIECE_BYTES }), {
      delimiter: ',',
      newline: '\n',
      skipEmptyLines: true,
      step: ({ data }) => {
        if (data.length !== 12) reject(new Error('the file was misread'));
        rows++;
      },
      complete: () => {
        resolve(rows);
      },
      error: reject,
    });
  });
}

/** Rows of Big Mart's shape from a small linear congruential generator. */
async function writeFile(file: string, isQuoted: boolean): Promise<void> {
  const stream = createWriteStream(file);
  let state = 1;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? '';
  const line = (cells: readonly string[]): string => `${isQuoted ? cells.map((cell) => `"${cell}"`).join(',') : cells.join(',')}\n`;
  let pending = line(['item', 'weight', 'fat', 'visibility', 'type', 'price', 'outlet', 'year', 'size', 'tier', 'format', 'sales']);
  for (let row = 0; row < ROWS; row++) {
    pending += line([
      `FD${pick(['A', 'B', 'C', 'X'])}${Math.floor(random() * 60)}`,
      random() < 0.17 ? '' : (4 + 17 * random()).toFixed(2),
      pick(['Low Fat', 'Regular', 'LF', 'reg', 'low fat']),
      (0.3 * random()).toFixed(9),
      pick(['Dairy', 'Soft Drinks', 'Meat', 'Fruits and Vegetables', 'Household', 'Baking Goods', 'Snack Foods']),
      (31 + 236 * random()).toFixed(4),
      `OUT0${10 + Math.floor(random() * 10)}`,
      String(1985 + Math.floor(random() * 25)),
      pick(['Small', 'Medium', 'High', '']),
      pick(['Tier 1', 'Tier 2', 'Tier 3']),
      pick(['Supermarket Type1', 'Supermarket Type2', 'Grocery Store']),
      (33 + 13_000 * random()).toFixed(4),
    ]);
    if (pending.length > 1 << 20) {
      if (!stream.write(pending)) await once(stream, 'drain');
      pending = '';
    }
  }
  stream.end(pending);
  await once(stream, 'finish');
}

async function runOnce(contender: string, file: string): Promise<void> {
  const read = contenders[contender];
  if (read === undefined) throw new Error(`unknown contender ${contender}`);
  const start = performance.now();
  const rows = await read(file);
  const run: Run = { milliseconds: performance.now() - start, rows, megabytes: resourceUsage().maxRSS / 1024 };
  stdout.write(JSON.stringify(run));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function compare(file: string, rounds: number): void {
  const runs = new Map<string, Run[]>(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, results] of runs) {
      const run = RunSchema.parse(JSON.parse(execFileSync(execPath, [fileURLToPath(import.meta.url), name, file], { encoding: 'utf8' })));
      if (run.rows !== ROWS) throw new Error(`${name} read ${run.rows} rows of ${ROWS}`);
      results.push(run);
    }
  }
  const size = statSync(file).size / 2 ** 20;
  const times = new Map(Array.from(runs, ([name, results]) => [name, median(results.map(({ milliseconds }) => milliseconds))]));
  for (const [name, results] of runs) {
    const peak = median(results.map(({ megabytes }) => megabytes));
    const ratio = (times.get(name) ?? 0) / (times.get('papaparse') ?? 1);
    stdout.write(`  ${name.padEnd(12)}${(times.get(name) ?? 0).toFixed(0).padStart(6)} ms  ${ratio.toFixed(2)} × papaparse   peak ${peak.toFixed(0)} MB, ${(peak / size).toFixed(2)} × the file\n`);
  }
}

async function main(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tabular-bench-'));
  try {
    for (const isQuoted of [false, true]) {
      const file = join(folder, isQuoted ? 'quoted.csv' : 'plain.csv');
      await writeFile(file, isQuoted);
      stdout.write(`${isQuoted ? 'every cell quoted' : 'plain'}: ${ROWS} rows × 12 columns, ${(statSync(file).size / 2 ** 20).toFixed(0)} MB, ${rounds} rounds, Node ${versions.node}\n`);
      compare(file, rounds);
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , first = '5', file] = argv;
await (file === undefined ? main(Number(first)) : runOnce(first, file));
