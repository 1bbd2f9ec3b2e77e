/** The package's own JSON model as the file `model.json`. */
import { ArtifactError, requireFile } from '@dropforest/algorithm';
import type { Files } from '@dropforest/algorithm';
import type { RandomForestRegression } from 'ml-random-forest';
import { z } from 'zod';

export const NAME = 'ml-random-forest';
const FILE = 'model.json';

/** What `RandomForestRegression.toJSON` gives and `.load` takes. */
export type JsonModel = Parameters<typeof RandomForestRegression.load>[0];

/** The parts that `load` goes into; trees are left to the package. */
const ModelShape = z.looseObject({
  name: z.literal('RFRegression'),
  selectionMethod: z.enum(['mean', 'median']),
  baseModel: z.looseObject({
    nEstimators: z.int().min(1),
    indexes: z.array(z.array(z.int().min(0))).min(1),
    estimators: z.array(z.looseObject({ root: z.looseObject({}), options: z.looseObject({}) })).min(1),
  }),
});

const JsonModelSchema = z.custom<JsonModel>((value) => ModelShape.safeParse(value).success, { error: 'it is no regression model of ml-random-forest' });

/** The model as bytes; the same model gives the same bytes. */
export function writeModel(model: JsonModel): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(model));
}

/**
 * Finds and reads the model.
 * @throws ArtifactError where the file is missing, cut off or something else
 */
export function readModel(files: Files): JsonModel {
  const bytes = requireFile(files, FILE, NAME);
  try {
    return JsonModelSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new ArtifactError('damaged-file', `algorithm "${NAME}": ${FILE}: the file is cut off or damaged`, { cause });
  }
}

/** The files of a saved model. */
export function filesOf(bytes: Uint8Array): Files {
  return new Map([[FILE, bytes]]);
}
