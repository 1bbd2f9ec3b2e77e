/** The program `train`: the CSV files of the `training` channel become a model, figures and a report. */
import { availableParallelism } from 'node:os';
import { ContractError, metricLine, type ModelMetrics, type TrainingRequest } from '@dropforest/contracts';
import { kindOfError, trainModel, type TrainOptions, type TrainResult } from '@dropforest/model';
import { renderReport } from '@dropforest/report';
import { algorithms } from './algorithms.ts';
import { ContainerError } from './errors.ts';
import type { ChannelFile, OptMl } from './opt-ml.ts';
import { reportInput } from './report-input.ts';
import { rejectedCsv } from './rejected-csv.ts';
import { readSettings } from './settings.ts';

/** A line of progress at most this often, so that a long training does not flood the log. */
const PROGRESS_MS = 500;

/** @returns the exit code: 0, or 1 with the reason in `output/failure` */
export async function train(optMl: OptMl): Promise<number> {
  // PID 1 ignores signals that it has no handler for, so this comes first.
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort(new ContainerError('platform', 'the job was asked to stop before the forest was finished')));
  try {
    await trainAndWrite(optMl, stop.signal);
    return 0;
  } catch (error) {
    const reason = reasonOf(error);
    process.stderr.write(`${reason}\n${isExpected(error) || !(error instanceof Error) ? '' : `${error.stack ?? ''}\n`}`);
    optMl.writeFailure(reason);
    return 1;
  }
}

async function trainAndWrite(optMl: OptMl, signal: AbortSignal): Promise<void> {
  const { config, request } = readSettings(optMl);
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
    ...(request === undefined ? {} : { lineage: request.lineage }),
  });
  trained.notes.forEach(print);
  printMetrics(trained.manifest.metrics, trained.manifest.rows.trained);
  optMl.writeModel(trained.artifact);
  optMl.writeOutput(await outputFiles(trained, request));
  print('done');
}

/** @throws ContainerError `user` when there is nothing to train on */
function namedFiles(files: readonly ChannelFile[], request: TrainingRequest | undefined): readonly ChannelFile[] {
  const tables = files.filter(({ name }) => /\.(?:csv|tsv|txt)(?:\.gz)?$/i.test(name));
  if (tables.length === 0) throw new ContainerError('user', 'the training channel holds no .csv, .tsv or .txt file: drop one under train/<dataset>/');
  // A snapshot lies under its etag; people know the file by the key they dropped it at.
  const keyOf = (name: string) => request?.lineage.files.find(({ snapshot }) => snapshot.endsWith(`/${name}`))?.key ?? name;
  return tables.map((file) => ({ ...file, name: keyOf(file.name) }));
}

async function outputFiles(trained: TrainResult, request: TrainingRequest | undefined): Promise<ReadonlyMap<string, Uint8Array>> {
  const { manifest } = trained;
  const report = reportInput(trained, request, new Date());
  const texts: [string, string][] = [
    ['manifest.json', JSON.stringify(manifest, undefined, 2)],
    ['metrics.json', JSON.stringify(manifest.metrics, undefined, 2)],
    ['rejected.csv', rejectedCsv(trained.rejectedRows)],
  ];
  if (report !== undefined) texts.push(['report.html', await renderReport(report)]);
  const encoder = new TextEncoder();
  return new Map(texts.map(([name, text]) => [name, encoder.encode(text)]));
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
