import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';
import { parseJson } from '../json.ts';
import { CHECKSUM_ALGORITHMS } from './digests.ts';
import type { ReceivedBody } from './receive-body.ts';
import { ChecksumColumn, HeadersColumn } from './stored-object.ts';

export const UploadChecksumSchema = z.object({ algorithm: z.enum(CHECKSUM_ALGORITHMS), type: z.enum(['FULL_OBJECT', 'COMPOSITE']) });

const UploadRow = z.object({
  id: z.string(),
  bucket: z.string(),
  key: z.string(),
  headers: HeadersColumn,
  checksum: z
    .string()
    .nullable()
    .transform((text) => (text === null ? undefined : parseJson(text)))
    .pipe(UploadChecksumSchema.optional()),
  initiated: z.number(),
});
export type Upload = z.infer<typeof UploadRow>;

const PartRow = z.object({ number: z.number(), blob: z.string(), size: z.number(), etag: z.string(), checksum: ChecksumColumn, modified: z.number() });
export type Part = z.infer<typeof PartRow>;

/** Multipart uploads under way. */
export interface MultipartStore {
  create(upload: Omit<Upload, 'id' | 'initiated'>): string;
  find(id: string): Upload | undefined;
  /** By number. */
  parts(id: string): readonly Part[];
  /** Replaces a part of the same number. @returns the replaced part's blob */
  putPart(id: string, number: number, body: ReceivedBody): string | undefined;
  /** Forgets an upload. @returns the blobs of its parts */
  remove(id: string): readonly string[];
}

export function createMultipartStore({ database, clock, newId }: CloudContext): MultipartStore {
  const parts = (id: string): Part[] => database.all(PartRow, 'SELECT * FROM parts WHERE upload = ? ORDER BY number', id);
  return {
    parts,
    create({ bucket, key, headers, checksum }) {
      const id = newId();
      const column = checksum === undefined ? null : JSON.stringify(checksum);
      database.run('INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?)', id, bucket, key, JSON.stringify(headers), column, clock.now());
      return id;
    },
    find: (id) => database.get(UploadRow, 'SELECT * FROM uploads WHERE id = ?', id),
    putPart: (id, number, { blob, size, md5, checksum }) =>
      database.transaction(() => {
        const before = database.get(PartRow, 'SELECT * FROM parts WHERE upload = ? AND number = ?', id, number);
        const column = checksum === undefined ? null : JSON.stringify(checksum);
        database.run('INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)', id, number, blob, size, md5.toString('hex'), column, clock.now());
        return before?.blob;
      }),
    remove: (id) =>
      database.transaction(() => {
        const blobs = parts(id).map(({ blob }) => blob);
        database.run('DELETE FROM uploads WHERE id = ?', id);
        return blobs;
      }),
  };
}
