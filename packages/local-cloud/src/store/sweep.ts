import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';

/** Removes blobs that no row names: a process that was killed may have written them just before. */
export async function sweepBlobs({ database, blobs }: CloudContext): Promise<void> {
  const rows = database.all(z.object({ blob: z.string() }), 'SELECT blob FROM objects UNION SELECT blob FROM parts');
  const named = new Set(rows.map(({ blob }) => blob));
  for (const id of await blobs.ids()) if (!named.has(id)) await blobs.remove(id);
}
