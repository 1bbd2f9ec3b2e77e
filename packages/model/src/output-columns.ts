/** What each row of an answer gets: the prediction, and what the data set asks for besides. */
import type { ModelManifest } from '@dropforest/contracts';
import { intervalsOf } from './prediction-intervals.ts';
import type { IntervalCalibration } from './prediction-intervals.ts';

/** One column of the answer. */
export interface OutputColumn {
  readonly name: string;
  readonly cell: (row: number) => string;
}

/**
 * @param outputs rows × outputs, as the predictor gives them
 * @param modelVersion what `model_version` says, where the data set asks for it
 */
export function outputColumns(manifest: ModelManifest, outputs: Float64Array, intervals: IntervalCalibration | undefined, modelVersion: string | undefined): readonly OutputColumn[] {
  const predicted = manifest.classes === undefined ? regressionColumns(manifest, outputs, intervals) : classificationColumns(manifest.classes, outputs, manifest.output.classProbabilities);
  if (!manifest.output.modelVersion) return predicted;
  const version = modelVersion ?? manifest.lineage?.job ?? '';
  return [...predicted, { name: 'model_version', cell: () => version }];
}

function regressionColumns({ output }: ModelManifest, values: Float64Array, intervals: IntervalCalibration | undefined): readonly OutputColumn[] {
  const prediction = numbers('prediction', values);
  if (!output.intervals || intervals === undefined) return [prediction];
  const { lower, upper } = intervalsOf(values, intervals);
  return [prediction, numbers('prediction_lower', lower), numbers('prediction_upper', upper)];
}

function classificationColumns(classes: readonly string[], probabilities: Float64Array, withAll: boolean): readonly OutputColumn[] {
  const width = classes.length;
  const best = (row: number): number => {
    let code = 0;
    for (let each = 1; each < width; each++) if ((probabilities[row * width + each] ?? 0) > (probabilities[row * width + code] ?? 0)) code = each;
    return code;
  };
  const columns: OutputColumn[] = [
    { name: 'prediction', cell: (row) => classes[best(row)] ?? '' },
    { name: 'probability', cell: (row) => String(probabilities[row * width + best(row)] ?? '') },
  ];
  if (!withAll) return columns;
  return [...columns, ...classes.map((name, code) => ({ name: `probability_${name}`, cell: (row: number) => String(probabilities[row * width + code] ?? '') }))];
}

/** The shortest form that reads back as the same number. */
function numbers(name: string, values: Float64Array): OutputColumn {
  return { name, cell: (row) => String(values[row] ?? '') };
}
