/** Request members that several operations share, with the limits of the service's own model. */
import { z } from 'zod';

/** The whole text must match; services report the expression without the anchors. */
function pattern(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 'u');
}

/** Training jobs, transform jobs, model package groups. */
export const EntityNameSchema = z.string().min(1).max(63).regex(pattern('[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}'));
export const ModelNameSchema = z.string().max(63).regex(pattern(String.raw`[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?`));
export const ArnOrNameSchema = z
  .string()
  .min(1)
  .max(170)
  .regex(pattern(String.raw`(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})`));
export const ChannelNameSchema = z.string().min(1).max(64).regex(pattern(String.raw`[A-Za-z0-9.\-_]+`));
export const RoleArnSchema = z
  .string()
  .min(20)
  .max(2048)
  .regex(pattern(String.raw`arn:aws[a-z\-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_\/]+`));
export const S3UriSchema = z.string().max(1024).regex(pattern(String.raw`(https|s3):\/\/([^\/]+)\/?(.*)`));
export const ImageSchema = z.string().max(255).regex(pattern(String.raw`[\S]+`));
export const ClientTokenSchema = z.string().min(1).max(36).regex(pattern('[a-zA-Z0-9-]+'));

const TagText = String.raw`([\p{L}\p{Z}\p{N}_.:\/=+\-@]*)`;
export const TagSchema = z.object({ Key: z.string().min(1).max(128).regex(pattern(TagText)), Value: z.string().max(256).regex(pattern(TagText)) });
export const TagsSchema = z.array(TagSchema).max(50);
export type Tag = z.infer<typeof TagSchema>;

/** @param limits how many entries there may be, and the lengths of a key and of a value */
export function textMap(limits: { readonly entries: number; readonly key: number; readonly value: number }, keyPattern = '.*', valuePattern = String.raw`[\S\s]*`) {
  return z
    .record(z.string().max(limits.key).regex(pattern(keyPattern)), z.string().max(limits.value).regex(pattern(valuePattern)))
    .refine((map) => Object.keys(map).length <= limits.entries, `The map may have at most ${limits.entries} entries.`);
}

export const ENVIRONMENT_KEY = '[a-zA-Z_][a-zA-Z0-9_]*';

/** A member of which the local cloud offers some values only; any other is refused with `reason`. */
export function offered<const T extends string>(values: readonly T[], reason: string) {
  return z.custom<T>((value) => values.some((one) => one === value), reason);
}

/** Where the data of a channel or a transform lies. */
export const S3DataSourceSchema = z.object({
  S3DataType: offered(['S3Prefix', 'ManifestFile'], 'The local cloud reads S3DataType S3Prefix and ManifestFile.'),
  S3Uri: S3UriSchema,
});

/** Members of every list operation. Times are seconds since the epoch. */
export const ListMembers = {
  MaxResults: z.int().min(1).max(100).default(10),
  NextToken: z.string().optional(),
  NameContains: z.string().max(63).regex(pattern(String.raw`[a-zA-Z0-9\-]+`)).optional(),
  CreationTimeAfter: z.number().optional(),
  CreationTimeBefore: z.number().optional(),
} as const;

export const SortOrderSchema = z.enum(['Ascending', 'Descending']);
