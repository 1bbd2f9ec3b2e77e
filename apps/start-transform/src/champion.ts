/** The model that predicts now, and what it asks of files. */
import { ChampionSchema, ContractError, keys, ModelManifestSchema, parseDatasetConfig, type Champion, type ModelManifest } from '@dropforest/contracts';
import { AppError, type Bucket } from '@dropforest/lambda-kit';

export async function readChampion(dataset: string, bucket: Bucket): Promise<Champion | undefined> {
  return (await bucket.readJson(keys.champion(dataset), ChampionSchema))?.value;
}

/** @throws AppError `missing` */
export async function readManifest(dataset: string, { job }: Champion, bucket: Bucket): Promise<ModelManifest> {
  const manifest = await bucket.readJson(keys.modelFile(dataset, job, 'manifest.json'), ModelManifestSchema);
  if (manifest === undefined) throw new AppError('missing', `the manifest of ${job} is not in the bucket`);
  return manifest.value;
}

export async function readQuietSeconds(dataset: string, bucket: Bucket): Promise<number> {
  const text = await bucket.readText(keys.datasetConfig(dataset));
  try {
    return parseDatasetConfig(text).predictQuietSeconds;
  } catch (error) {
    // Whoever trains is told of it; it is no reason not to predict.
    if (error instanceof ContractError) return parseDatasetConfig(undefined).predictQuietSeconds;
    throw error;
  }
}
