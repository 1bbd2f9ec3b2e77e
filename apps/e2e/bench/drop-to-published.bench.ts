/**
 * A thousand prediction files dropped within a minute on the local cloud, with the real apps and container programs:
 * is each published once, are there never more than four jobs at a time, and how long does a file wait outside its job?
 *
 * The overhead of a file is the time from its drop to its published receipt, less the time that its own job took, less
 * the quiet period (up to a second longer than asked for: SQS puts messages back for whole seconds), less the time when
 * all places for jobs were taken.
 *
 * Run: `node apps/e2e/bench/drop-to-published.bench.ts [files] [seconds] [quiet seconds]`.
 */
import { DescribeTransformJobCommand, paginateListTransformJobs } from '@aws-sdk/client-sagemaker';
import { keys, ReceiptSchema, type Receipt } from '@dropforest/contracts';
import { generateBigMart } from '@dropforest/dataset-bigmart';
import { argv, exit, stdout } from 'node:process';
import { startTestCloud, type TestCloud } from '../src/test-cloud.ts';

const FILES = Number(argv[2] ?? 1000);
const SECONDS = Number(argv[3] ?? 50);
const ROWS = 20;
const PLACES = 4;
const QUIET_SECONDS = Number(argv[4] ?? 1);
const ROUNDING_SECONDS = QUIET_SECONDS === 0 ? 0 : 1;
const DATASET = 'burst';

interface Span {
  readonly from: number;
  readonly to: number;
}

/** When each file was there, in milliseconds since 1970: S3 itself tells whole seconds. */
const droppedAt = new Map<string, number>();

const cloud = await startTestCloud();
try {
  await train(cloud);
  await dropAll(cloud);
  await cloud.settle();
  report(await receipts(cloud), await jobs(cloud));
} finally {
  await cloud.stop();
}

async function train(cloud: TestCloud): Promise<void> {
  const settings = { quietSeconds: 0, predictQuietSeconds: QUIET_SECONDS, hyperparameters: { nEstimators: 50, tune: 'off' } };
  await cloud.bucket.write(keys.datasetConfig(DATASET), JSON.stringify(settings), 'application/json');
  await cloud.drop(keys.drop('train', DATASET, 'train.csv'), generateBigMart({ rows: 1000, seed: 1, withTarget: true }));
  await cloud.settle();
}

/** Evenly over the time, as far as the machine keeps up. */
async function dropAll({ bucket }: TestCloud): Promise<void> {
  const start = Date.now();
  for (let index = 0; index < FILES; index++) {
    const due = start + (index * SECONDS * 1000) / FILES;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())));
    const key = keys.drop('predict', DATASET, `${index}.csv`);
    await bucket.write(key, generateBigMart({ rows: ROWS, seed: index + 2, withTarget: false }), 'text/csv');
    droppedAt.set(key, Date.now());
  }
  stdout.write(`${FILES} files dropped in ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}

/** A receipt, and when it was there, in milliseconds since 1970. */
type Published = Receipt & { readonly there: number };

async function receipts({ bucket }: TestCloud): Promise<readonly Published[]> {
  const found: Published[] = [];
  for (const { key, lastModified } of await bucket.list(keys.resultFolder(DATASET))) {
    const receipt = key.endsWith('/receipt.json') ? await bucket.readJson(key, ReceiptSchema) : undefined;
    if (receipt !== undefined) found.push({ ...receipt.value, there: lastModified });
  }
  return found;
}

/** From creation to end: what SageMaker itself takes. */
async function jobs({ clients: { sagemaker } }: TestCloud): Promise<ReadonlyMap<string, Span>> {
  const found = new Map<string, Span>();
  for await (const page of paginateListTransformJobs({ client: sagemaker }, { NameContains: `df-${DATASET}-` })) {
    for (const { TransformJobName = '' } of page.TransformJobSummaries ?? []) {
      const { CreationTime, TransformEndTime } = await sagemaker.send(new DescribeTransformJobCommand({ TransformJobName }));
      found.set(TransformJobName, { from: CreationTime?.getTime() ?? 0, to: TransformEndTime?.getTime() ?? 0 });
    }
  }
  return found;
}

function report(published: readonly Published[], spans: ReadonlyMap<string, Span>): void {
  const all = [...spans.values()];
  const most = Math.max(...all.map(({ from }) => all.filter((other) => other.from <= from && from < other.to).length));
  const distinct = new Set(published.map(({ key, etag }) => `${key} ${etag}`)).size;
  const full = fullTimes(all);
  const drops = [...droppedAt.values()].sort((a, b) => a - b);
  const overheads = published.map((receipt) => overhead(receipt, spans.get(receipt.job) ?? { from: 0, to: 0 }, full, drops)).sort((a, b) => a - b);
  const whole = published.map(({ key, there }) => there - (droppedAt.get(key) ?? 0)).sort((a, b) => a - b);
  const rows = published.reduce((sum, { predicted }) => sum + predicted, 0);
  stdout.write(
    [
      `published            ${distinct} of ${FILES} files, ${published.length - distinct} twice, ${rows} rows`,
      `jobs                 ${spans.size}, at most ${most} at a time`,
      `drop to published    median ${at(whole, 0.5)} ms, p95 ${at(whole, 0.95)} ms`,
      `of it overhead       median ${at(overheads, 0.5)} ms, p95 ${at(overheads, 0.95)} ms, most ${at(overheads, 1)} ms`,
      '',
    ].join('\n'),
  );
  if (distinct !== FILES || published.length !== distinct || most > PLACES) exit(1);
}

/** When all places for jobs were taken. */
function fullTimes(spans: readonly Span[]): readonly Span[] {
  const times = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  return times.slice(1).flatMap((to, index) => {
    const from = times[index] ?? to;
    return spans.filter((span) => span.from <= from && to <= span.to).length >= PLACES ? [{ from, to }] : [];
  });
}

function overhead({ key, there }: Published, job: Span, full: readonly Span[], drops: readonly number[]): number {
  const dropped = droppedAt.get(key) ?? 0;
  // The burst is quiet once no file has come for the quiet period; whatever came before the job was created counts.
  const quiet = drops.filter((drop) => drop >= dropped && drop < job.from).map((drop) => ({ from: drop, to: drop + (QUIET_SECONDS + ROUNDING_SECONDS) * 1000 }));
  const excused = covered([...quiet, ...full], { from: dropped, to: job.from });
  return job.from - dropped - excused + (there - job.to);
}

/** How much of `within` the spans cover together, in milliseconds. */
function covered(spans: readonly Span[], within: Span): number {
  let end = within.from;
  let sum = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const [start, stop] = [Math.max(from, end), Math.min(to, within.to)];
    if (stop > start) sum += stop - start;
    end = Math.max(end, stop);
  }
  return sum;
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(0);
}
