/** Stand-ins for the container's programs: they learn nothing, but read and write what the real ones do. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ModelManifestSchema, TrainingRequestSchema, type Comparison, type ModelManifest, type TrainingRequest } from '@dropforest/contracts';
import type { InProcessContainer, InProcessRun, InProcessServer } from '@dropforest/local-cloud';
import { chance, pick } from './chance.ts';
import type { History } from './history.ts';

type Nature = Pick<History, 'seed' | 'failures' | 'incomparable'>;

const TRAINING_SECONDS = [0, 30, 600] as const;
const SERVING_SECONDS = [0, 20, 300, 900] as const;
const BASELINE = 10;
const HELD_OUT = 50;
/** Half the width of the interval of a difference. */
const HALF_WIDTH = 0.2;

/** @param nature what the figures, durations and failures follow from */
export function createContainer(nature: Nature): InProcessContainer {
  let served = 0;
  return { train: (run) => train(run, nature), serve: (run) => serve(run, served++, nature) };
}

/** The RMSE of the model of a training job: one in eleven is worse than the baseline. */
function rmseOf(job: string, seed: number): number {
  return 5 + Math.round(chance(seed, 'rmse', job) * 55) / 10;
}

async function train(run: InProcessRun, nature: Nature): Promise<number> {
  const job = run.environment['TRAINING_JOB_NAME'] ?? '';
  const request = TrainingRequestSchema.parse(JSON.parse(await readFile(join(run.optMl, 'input/data/config/job.json'), 'utf8')));
  await run.sleep(1000 * (pick(TRAINING_SECONDS, nature.seed, 'training', job) ?? 0));
  if (run.terminated.aborted) return 0;
  if (chance(nature.seed, 'training fails', job) < nature.failures) {
    await writeFile(join(run.optMl, 'output/failure'), 'the training failed, as the history says');
    return 1;
  }
  const challenger = request.compare?.challenger ?? job;
  const champion = await jobOfModel(run, 'champion');
  if (champion !== undefined) await output(run, 'comparison.json', compare(challenger, champion, nature));
  if (request.compare === undefined) await writeModel(run, manifestOf(request, job, nature.seed));
  return 0;
}

async function writeModel(run: InProcessRun, manifest: ModelManifest): Promise<void> {
  await writeFile(join(run.optMl, 'model/manifest.json'), JSON.stringify(manifest));
  await output(run, 'manifest.json', manifest);
  await output(run, 'metrics.json', manifest.metrics);
}

async function output(run: InProcessRun, name: string, value: object): Promise<void> {
  await writeFile(join(run.optMl, 'output/data', name), JSON.stringify(value));
}

/** The training job of the model in a channel. In the archive, the manifest is there as plain text. */
async function jobOfModel(run: InProcessRun, channel: string): Promise<string | undefined> {
  const data = join(run.optMl, 'input/data');
  if (!(await readdir(data)).includes(channel)) return undefined;
  return /"lineage":\{"job":"([^"]+)"/.exec(gunzipSync(await readFile(join(data, channel, 'model.tar.gz'))).toString('latin1'))?.[1];
}

function compare(challenger: string, champion: string, { seed, incomparable }: Nature): Comparison {
  if (chance(seed, 'incomparable', challenger, champion) < incomparable) return { comparable: false, challenger, champion, reason: 'the history says so' };
  const [challengerValue, championValue] = [rmseOf(challenger, seed), rmseOf(champion, seed)];
  const difference = championValue - challengerValue;
  return { comparable: true, challenger, champion, figure: 'RMSE', rows: HELD_OUT, challengerValue, championValue, difference, interval: [difference - HALF_WIDTH, difference + HALF_WIDTH], level: 0.95 };
}

function manifestOf({ dataset, lineage }: TrainingRequest, job: string, seed: number): ModelManifest {
  const figures = (rmse: number) => ({ rmse, mae: rmse, r2: 0, rows: HELD_OUT });
  return ModelManifestSchema.parse({
    // First, where the text of the archive is looked through for it.
    lineage: { ...lineage, job },
    formatVersion: 1,
    dataset,
    task: 'regression',
    target: 'y',
    algorithm: 'forest',
    hyperparameters: {},
    schema: { columns: [{ name: 'x', kind: 'numeric', required: true }], header: true, fileColumns: ['x', 'y'] },
    preprocessing: {},
    metrics: { task: 'regression', holdout: figures(rmseOf(job, seed)), baseline: figures(BASELINE) },
    rows: { read: 2, trained: 2, heldOut: 0, leftOut: 0 },
  });
}

async function serve(run: InProcessRun, turn: number, { seed, failures }: Nature): Promise<InProcessServer> {
  ModelManifestSchema.parse(JSON.parse(await readFile(join(run.optMl, 'model/manifest.json'), 'utf8')));
  await run.sleep(1000 * (pick(SERVING_SECONDS, seed, 'serving', turn) ?? 0));
  if (chance(seed, 'serving fails', turn) < failures) throw new Error('the model could not be loaded, as the history says');
  return async (body) => predict(body, run);
}

async function predict(body: Uint8Array, run: InProcessRun): Promise<{ readonly status: number; readonly body: string }> {
  const [header = '', ...rows] = Buffer.from(body).toString().trimEnd().split('\n');
  if (rows.includes('poison')) return { status: 400, body: 'there is poison in it' };
  const refused = rows.filter((row) => row === 'bad').length;
  const line = { event: 'batch-request', sha256: createHash('sha256').update(body).digest('base64'), rows: rows.length, predicted: rows.length - refused, refused };
  run.log(JSON.stringify(line));
  return { status: 200, body: [`${header},prediction`, ...rows.map((row) => `${row},${row === 'bad' ? '' : '1'}`), ''].join('\n') };
}
