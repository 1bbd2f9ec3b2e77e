/** What the flow has told: one entry a happening, written by `notify`. */
import { DropforestEventSchema, happeningId, keys, type DropforestEvent, type EventType } from '@dropforest/contracts';
import { inChunks } from '@dropforest/lambda-kit';
import type { Session } from './session.ts';

export type EventOf<T extends EventType> = Extract<DropforestEvent, { readonly type: T }>;

/** The journal's last entries of a data set, oldest first. */
export async function readJournal(dataset: string, { bucket }: Session, limit: number): Promise<readonly DropforestEvent[]> {
  const newest = [...(await bucket.list(keys.journalFolder(dataset)))].sort((a, b) => b.lastModified - a.lastModified).slice(0, limit);
  const entries = await Promise.all(newest.map(({ key }) => bucket.readJson(key, DropforestEventSchema)));
  return entries.flatMap((entry) => (entry === undefined ? [] : [entry.value])).sort((a, b) => (a.detail.at < b.detail.at ? -1 : 1));
}

/** One happening, if it was told already. */
export async function findHappening<T extends EventType>(type: T, dataset: string, happening: readonly (string | number)[], { bucket }: Session): Promise<EventOf<T> | undefined> {
  const entry = await bucket.readJson(keys.journalEntry(dataset, happeningId(type, happening)), DropforestEventSchema);
  return entry !== undefined && isOf(type, entry.value) ? entry.value : undefined;
}

/** All happenings of a type, oldest first. */
export async function findHappenings<T extends EventType>(type: T, dataset: string, { bucket }: Session): Promise<readonly EventOf<T>[]> {
  const entries = await inChunks(await bucket.list(`${keys.journalFolder(dataset)}${type}-`), ({ key }) => bucket.readJson(key, DropforestEventSchema));
  return entries.flatMap((entry) => (entry !== undefined && isOf(type, entry.value) ? [entry.value] : [])).sort((a, b) => (a.detail.at < b.detail.at ? -1 : 1));
}

function isOf<T extends EventType>(type: T, event: DropforestEvent): event is EventOf<T> {
  return event.type === type;
}
