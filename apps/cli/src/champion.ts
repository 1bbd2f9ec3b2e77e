/** The model that predicts. */
import { ChampionSchema, keys, type Champion } from '@dropforest/contracts';
import type { Session } from './session.ts';

/** `undefined` where the data set has none. */
export async function readChampion(dataset: string, { bucket }: Session): Promise<Champion | undefined> {
  return (await bucket.readJson(keys.champion(dataset), ChampionSchema))?.value;
}
