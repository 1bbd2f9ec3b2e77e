/** As many requests as one function may have under way. */
const CHUNK = 16;

/** Does the same for every item, some of them at a time, and gives the results in the order of the items. */
export async function inChunks<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += CHUNK) results.push(...(await Promise.all(items.slice(at, at + CHUNK).map((item, offset) => work(item, at + offset)))));
  return results;
}
