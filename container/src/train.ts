/**
 * The program `train`: the CSV files of the `training` channel become a model, figures and a report, and the model is
 * compared with the one in the `champion` channel. A job that is asked to compare trains nothing.
 */
import { availableParallelism } from 'node:os';
import { ContractError, metricLine, type Comparison, type ModelMetrics, type TrainingRequest } from '@dropforest/contracts';
import { compareModels, kindOfError, trainModel, type OpenArtifact, type TrainOptions, type TrainResult } from '@dropforest/model';
import { renderReport } from '@dropforest/report';
import { algorithms } from './algorithms.ts';
import { ContainerError } from './errors.ts';
import { findArchive, readArchive } from './model-archive.ts';
import type { ChannelFile, OptMl } from './opt-ml.ts';
import { reportInput } from './report-input.ts';
import { rejectedCsv } from './rejected-csv.ts';
import { readSettings, type Settings } from './settings.ts';

/** A line of progress at most this often, so that a long training does not flood the log. */
const PROGRESS_MS = 500;

/** @returns the exit code: 0, or 1 with the reason in `output/failure` */
export async function train(optMl: OptMl): Promise<number> {
  // PID 1 ignores signals that it has no handler for, so this comes first.
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort(new ContainerError('platform', 'the job was asked to stop before the forest was finished')));
  try {
    const settings = readSettings(optMl);
    if (settings.request?.compare === undefined) await trainAndWrite(optMl, settings, stop.signal);
    else await compareAndWrite(optMl, settings);
    print('done');
    return 0;
  } catch (error) {
    const reason = reasonOf(error);
    process.stderr.write(`${reason}\n${isExpected(error) || !(error instanceof Error) ? '' : `${error.stack ?? ''}\n`}`);
    optMl.writeFailure(reason);
    return 1;
  }
}

async function trainAndWrite(optMl: OptMl, { config, request }: Settings, signal: AbortSignal): Promise<void> {
  const champion = artifactIn(optMl, 'champion');
  const files = namedFiles(optMl.channel('training'), request);
  print(`training on ${files.map(({ name }) => name).join(', ')}`);
  const trained = await trainModel({
    dataset: request?.dataset ?? 'dataset',
    files,
    config,
    algorithms,
    threads: availableParallelism(),
    onProgress: progressPrinter(),
    onMessage: print,
    signal,
    ...(request && { lineage: request.lineage }),
    ...(champion && { champion }),
  });
  trained.notes.forEach(print);
  printMetrics(trained.manifest.metrics, trained.manifest.rows.trained);
  if (trained.comparison !== undefined) printComparison(trained.comparison);
  optMl.writeModel(trained.artifact);
  optMl.writeOutput(inBytes(await outputFiles(trained, request)));
}

/** @throws ContainerError `platform` when a model is missing */
async function compareAndWrite(optMl: OptMl, { config, request }: Settings): Promise<void> {
  const [challenger, champion] = [artifactIn(optMl, 'challenger'), artifactIn(optMl, 'champion')];
  if (challenger === undefined || champion === undefined) throw new ContainerError('platform', 'a job that compares needs a model.tar.gz in each of the channels challenger and champion');
  const comparison = await compareModels({ challenger, champion, files: namedFiles(optMl.channel('training'), request), config, algorithms });
  printComparison(comparison);
  optMl.writeOutput(inBytes([comparisonFile(comparison)]));
}

/** The model in a channel; `undefined` where there is none. */
function artifactIn(optMl: OptMl, channel: string): OpenArtifact | undefined {
  const archive = findArchive(optMl.channel(channel));
  if (archive === undefined) return undefined;
  return async () => {
    print(`opening the ${channel}`);
    return readArchive(archive);
  };
}

/** @throws ContainerError `user` when there is nothing to train on */
function namedFiles(files: readonly ChannelFile[], request: TrainingRequest | undefined): readonly ChannelFile[] {
  const tables = files.filter(({ name }) => /\.(?:csv|tsv|txt)(?:\.gz)?$/i.test(name));
  if (tables.length === 0) throw new ContainerError('user', 'the training channel holds no .csv, .tsv or .txt file: drop one under train/<dataset>/');
  // A snapshot lies under its etag; people know the file by the key they dropped it at.
  const keyOf = (name: string) => request?.lineage.files.find(({ snapshot }) => snapshot.endsWith(`/${name}`))?.key ?? name;
  return tables.map((file) => ({ ...file, name: keyOf(file.name) }));
}

/** Name and text of a file. */
type TextFile = readonly [name: string, text: string];

async function outputFiles(trained: TrainResult, request: TrainingRequest | undefined): Promise<readonly TextFile[]> {
  const { manifest, comparison } = trained;
  const report = reportInput(trained, request, new Date());
  return [
    ['manifest.json', JSON.stringify(manifest, undefined, 2)],
    ['metrics.json', JSON.stringify(manifest.metrics, undefined, 2)],
    ['rejected.csv', rejectedCsv(trained.rejectedRows)],
    ...(comparison === undefined ? [] : [comparisonFile(comparison)]),
    ...(report === undefined ? [] : [['report.html', await renderReport(report)] as const]),
  ];
}

function comparisonFile(comparison: Comparison): TextFile {
  return ['comparison.json', JSON.stringify(comparison, undefined, 2)];
}

function inBytes(files: readonly TextFile[]): ReadonlyMap<string, Uint8Array> {
  const encoder = new TextEncoder();
  return new Map(files.map(([name, text]) => [name, encoder.encode(text)]));
}

function printMetrics(metrics: ModelMetrics, rows: number): void {
  const lines = [metricLine('train:rows', rows), ...(metrics.task === 'regression' ? regressionLines(metrics) : classificationLines(metrics))];
  lines.forEach(print);
}

type MetricsOf<T extends ModelMetrics['task']> = Extract<ModelMetrics, { readonly task: T }>;

function regressionLines({ holdout, outOfBag, baseline }: MetricsOf<'regression'>): readonly string[] {
  const heldOut = holdout === undefined ? [] : [metricLine('holdout:rmse', holdout.rmse), metricLine('holdout:mae', holdout.mae), metricLine('holdout:r2', holdout.r2)];
  return [...heldOut, ...(outOfBag === undefined ? [] : [metricLine('oob:rmse', outOfBag.rmse)]), metricLine('baseline:rmse', baseline.rmse)];
}

function classificationLines({ holdout, outOfBag, baseline }: MetricsOf<'classification'>): readonly string[] {
  const heldOut = holdout === undefined ? [] : [metricLine('holdout:accuracy', holdout.accuracy), metricLine('holdout:logloss', holdout.logLoss)];
  return [...heldOut, ...(outOfBag === undefined ? [] : [metricLine('oob:logloss', outOfBag.logLoss)]), metricLine('baseline:logloss', baseline.logLoss)];
}

function printComparison(comparison: Comparison): void {
  const champion = comparison.champion === '' ? 'the model that predicts' : `the model of ${comparison.champion}`;
  if (!comparison.comparable) return print(`not compared with ${champion}: ${comparison.reason}`);
  const { figure, challengerValue, championValue, difference, rows } = comparison;
  print(`${figure} ${challengerValue.toPrecision(5)} against ${championValue.toPrecision(5)} of ${champion} on ${rows} rows that both held out`);
  print(metricLine('comparison:difference', difference));
}

function progressPrinter(): NonNullable<TrainOptions['onProgress']> {
  let last = 0;
  return ({ done, total, unit }) => {
    const now = performance.now();
    if (done < total && now - last < PROGRESS_MS) return;
    last = now;
    print(unit === 'trees' ? metricLine('train:trees', done) : `${unit}: ${done} of ${total}`);
  };
}

function isExpected(error: unknown): boolean {
  return error instanceof ContainerError || error instanceof ContractError || kindOfError(error) === 'user';
}

function reasonOf(error: unknown): string {
  if (isExpected(error) && error instanceof Error) return error.message;
  return `the training program has a defect: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
