/** Who hears of a data set: the channels of its dataset.json. */
import { DatasetConfigSchema, keys, type NotifyChannel } from '@dropforest/contracts';
import type { Bucket, Log } from '@dropforest/lambda-kit';
import { z } from 'zod';

/** Whatever else is wrong with the file: that very thing has to be told. */
const OnlyNotifySchema = z.object({ notify: DatasetConfigSchema.shape.notify });
const DEFAULT = OnlyNotifySchema.parse({}).notify;

/** E-mail where the file is missing or says nothing that can be read. */
export async function channelsOf(dataset: string, bucket: Bucket, log: Log): Promise<readonly NotifyChannel[]> {
  const text = dataset === '' ? undefined : await bucket.readText(keys.datasetConfig(dataset));
  if (text === undefined) return DEFAULT;
  const { success, data, error } = OnlyNotifySchema.safeParse(parseJson(text));
  if (success) return data.notify;
  // Paths only: a value may be a secret that was written in the wrong place.
  log.warn('the channels of a data set cannot be read, so e-mail it is', { dataset, at: error.issues.map(({ path }) => path.join('.')) });
  return DEFAULT;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
