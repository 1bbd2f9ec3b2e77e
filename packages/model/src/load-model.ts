import type { Algorithm, Files, Predictor } from '@dropforest/algorithm';
import { positionalNames, requiredColumns } from '@dropforest/contracts';
import type { ModelManifest } from '@dropforest/contracts';
import { parseFittedPipeline, transform } from '@dropforest/preprocessing';
import type { FittedPipeline } from '@dropforest/preprocessing';
import { checkColumns, openCsv, parseTableSchema, readTableInPlace } from '@dropforest/tabular';
import type { CsvText, Table, TableSchema } from '@dropforest/tabular';
import { chooseAlgorithm } from './algorithms.ts';
import { unpackModel } from './artifact.ts';
import { temper } from './class-probabilities.ts';
import { ModelError } from './errors.ts';
import { outputColumns } from './output-columns.ts';
import { IntervalCalibrationSchema } from './prediction-intervals.ts';
import type { IntervalCalibration } from './prediction-intervals.ts';
import { writePredictions } from './write-predictions.ts';
import type { CsvPredictions } from './write-predictions.ts';

export interface PredictOptions {
  /** Whether the answer is the file itself with columns added, or these columns alone. */
  readonly join: boolean;
  /** What `model_version` says, where the data set asks for it; the training job where it is not given. */
  readonly modelVersion?: string | undefined;
}

/** A model ready to predict. */
export interface Model {
  readonly manifest: ModelManifest;
  /**
   * Rows × outputs, as the algorithm gives them: one value a row, or one probability for each of `manifest.classes`. Each
   * row depends on itself alone.
   * @param table has at least the required columns in the kinds of `manifest.schema`, in any order
   * @throws PreprocessingError `missing-column`
   */
  predict(table: Table): Float64Array;
  /**
   * Predicts a CSV file. Columns are found by name, in any order, further ones do not matter; in files without a header
   * they are found by their place. A row that cannot be read gets no prediction but a note, and never stops the others.
   * @throws TabularError for a file that cannot be read
   * @throws ModelError `missing-column` naming the column
   */
  predictCsv(bytes: Uint8Array, options: PredictOptions): CsvPredictions;
}

/**
 * Opens a model artifact.
 * @param files as `trainModel` made them
 * @param algorithms the one that the model was trained with must be among them
 * @throws ModelError `unreadable-model` or `unknown-algorithm`, PreprocessingError `invalid-state`
 */
export async function loadModel(files: Files, algorithms: readonly Algorithm[]): Promise<Model> {
  const { manifest, algorithmFiles } = unpackModel(files);
  const algorithm = chooseAlgorithm(manifest.algorithm, manifest.task, algorithms);
  return new LoadedModel(manifest, await algorithm.load(algorithmFiles));
}

class LoadedModel implements Model {
  readonly manifest: ModelManifest;
  readonly #pipeline: FittedPipeline;
  readonly #predictor: Predictor;
  readonly #intervals: IntervalCalibration | undefined;
  /** The columns that are read: others are left unread, so that nothing in them can make a row bad. */
  readonly #schema: TableSchema;

  constructor(manifest: ModelManifest, predictor: Predictor) {
    this.manifest = manifest;
    const { classShares: shares, rows } = manifest;
    this.#predictor = shares === undefined ? predictor : temper(predictor, { shares, rows: rows.trained });
    this.#pipeline = parseFittedPipeline(manifest.preprocessing);
    this.#intervals = IntervalCalibrationSchema.optional().parse(manifest.intervals);
    this.#schema = parseTableSchema({ columns: manifest.schema.columns.filter(({ required }) => required), header: manifest.schema.header });
  }

  predict(table: Table): Float64Array {
    if (table.rowCount === 0) return new Float64Array(0);
    return this.#predictor.predict(transform(table, this.#pipeline));
  }

  predictCsv(bytes: Uint8Array, { join, modelVersion }: PredictOptions): CsvPredictions {
    const csv = this.#open(bytes);
    const problem = checkColumns(csv.header, requiredColumns(this.manifest));
    if (problem !== undefined) throw new ModelError('missing-column', `the model needs a column that is missing: ${problem.message}; ${problem.remedy}`);
    const read = readTableInPlace(csv, this.#schema);
    return writePredictions(csv, read, outputColumns(this.manifest, this.predict(read.table), this.#intervals, modelVersion), join);
  }

  /** A file without a header has its columns in the order of the training files, with or without the target. */
  #open(bytes: Uint8Array): CsvText {
    if (this.manifest.schema.header) return openCsv({ bytes }, { header: true });
    const width = openCsv({ bytes }, { header: false }).header.length;
    return openCsv({ bytes }, { header: false, columnNames: [...positionalNames(this.manifest, width)] });
  }
}
