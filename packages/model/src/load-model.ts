import type { Algorithm, Files, Predictor } from '@dropforest/algorithm';
import { requiredColumns } from '@dropforest/contracts';
import type { ModelManifest } from '@dropforest/contracts';
import { parseFittedPipeline, transform } from '@dropforest/preprocessing';
import type { FittedPipeline } from '@dropforest/preprocessing';
import { checkColumns, openCsv, readTableInPlace } from '@dropforest/tabular';
import type { Table, TableSchema } from '@dropforest/tabular';
import { chooseAlgorithm } from './algorithms.ts';
import { unpackModel } from './artifact.ts';
import { ModelError } from './errors.ts';
import { writePredictions } from './write-predictions.ts';
import type { CsvPredictions } from './write-predictions.ts';

/** A model ready to predict. */
export interface Model {
  readonly manifest: ModelManifest;
  /**
   * One prediction a row; each depends on its row alone.
   * @param table has at least the required columns in the kinds of `manifest.schema`, in any order
   * @throws PreprocessingError `missing-column`
   */
  predict(table: Table): Float64Array;
  /**
   * Predicts a CSV file with a header. Columns are found by name, in any order; further ones do not matter. A row that
   * cannot be read gets no prediction but a note, and never stops the others.
   * @throws TabularError for a file that cannot be read
   * @throws ModelError `missing-column` naming the column
   */
  predictCsv(bytes: Uint8Array, options: { readonly join: boolean }): CsvPredictions;
}

/**
 * Opens a model artifact.
 * @param files as `trainModel` made them
 * @param algorithms the one that the model was trained with must be among them
 * @throws ModelError `unreadable-model` or `unknown-algorithm`, PreprocessingError `invalid-state`
 */
export async function loadModel(files: Files, algorithms: readonly Algorithm[]): Promise<Model> {
  const { manifest, algorithmFiles } = unpackModel(files);
  const pipeline = parseFittedPipeline(manifest.preprocessing);
  const algorithm = chooseAlgorithm(manifest.algorithm, manifest.task, algorithms);
  return new LoadedModel(manifest, pipeline, await algorithm.load(algorithmFiles));
}

class LoadedModel implements Model {
  readonly manifest: ModelManifest;
  readonly #pipeline: FittedPipeline;
  readonly #predictor: Predictor;
  /** The columns that are read: others are left unread, so that nothing in them can make a row bad. */
  readonly #schema: TableSchema;

  constructor(manifest: ModelManifest, pipeline: FittedPipeline, predictor: Predictor) {
    this.manifest = manifest;
    this.#pipeline = pipeline;
    this.#predictor = predictor;
    this.#schema = { columns: pipeline.inputs.filter(({ required }) => required) };
  }

  predict(table: Table): Float64Array {
    if (table.rowCount === 0) return new Float64Array(0);
    return this.#predictor.predict(transform(table, this.#pipeline));
  }

  predictCsv(bytes: Uint8Array, { join }: { readonly join: boolean }): CsvPredictions {
    const csv = openCsv({ bytes });
    const problem = checkColumns(csv.header, requiredColumns(this.manifest));
    if (problem !== undefined) throw new ModelError('missing-column', `the model needs a column that is missing: ${problem.message}; ${problem.remedy}`);
    const read = readTableInPlace(csv, this.#schema);
    return writePredictions(csv, read, this.predict(read.table), join);
  }
}
