/** The files that people dropped, as far as it matters what should become of them. */
import { createHash } from 'node:crypto';
import { keys, type Zone } from '@dropforest/contracts';
import type { Dataset, PredictionContent, TrainingContent } from './history.ts';
import type { Course } from './run.ts';

export interface Upload<Content extends string> {
  readonly dataset: Dataset;
  readonly file: string;
  readonly key: string;
  readonly etag: string;
  readonly content: Content;
  /** Whether nothing else was dropped under its name later. */
  readonly isLatest: boolean;
}

export function trainingUploads({ done, world }: Course): readonly Upload<TrainingContent>[] {
  return uploads('train', world.texts.training, done.flatMap(({ deed }) => (deed.do === 'train' ? [deed] : [])));
}

export function predictionUploads({ done, world }: Course): readonly Upload<PredictionContent>[] {
  return uploads('predict', world.texts.prediction, done.flatMap(({ deed }) => (deed.do === 'predict' ? [deed] : [])));
}

/** Each content of each file once. */
function uploads<Content extends string>(zone: Zone, texts: Readonly<Record<Content, string>>, drops: readonly { readonly dataset: Dataset; readonly file: string; readonly content: Content }[]): readonly Upload<Content>[] {
  const latest = new Map(drops.map(({ dataset, file, content }) => [keys.drop(zone, dataset, file), content]));
  const found = new Map<string, Upload<Content>>();
  for (const { dataset, file, content } of drops) {
    const key = keys.drop(zone, dataset, file);
    found.set(`${key} ${content}`, { dataset, file, key, content, etag: createHash('md5').update(texts[content]).digest('hex'), isLatest: latest.get(key) === content });
  }
  return [...found.values()];
}
