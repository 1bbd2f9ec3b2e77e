import { z } from 'zod';

import { parseJson } from '../json.ts';
import { CHECKSUM_ALGORITHMS } from './digests.ts';

export const ChecksumSchema = z.object({
  algorithm: z.enum(CHECKSUM_ALGORITHMS),
  /** Base64; a composite ends in `-<number of parts>`. */
  value: z.string(),
  type: z.enum(['FULL_OBJECT', 'COMPOSITE']),
});
export type Checksum = z.infer<typeof ChecksumSchema>;

/** What is known of an object; its bytes are the blob. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly blob: string;
  readonly size: number;
  /** Lower-case hex, without quotes. */
  readonly etag: string;
  /** Response headers kept with the object: content-type and its like, x-amz-meta-*. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: Checksum | undefined;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

export const HeadersColumn = z.string().transform((text) => parseJson(text)).pipe(z.record(z.string(), z.string()));
export const ChecksumColumn = z
  .string()
  .nullable()
  .transform((text) => (text === null ? undefined : parseJson(text)))
  .pipe(ChecksumSchema.optional());

export const ObjectRow: z.ZodType<StoredObject> = z
  .object({
    bucket: z.string(),
    key: z.string(),
    blob: z.string(),
    size: z.number(),
    etag: z.string(),
    headers: HeadersColumn,
    checksum: ChecksumColumn,
    modified: z.number(),
  })
  .transform((row) => ({ ...row, checksum: row.checksum }));
