import { z } from 'zod';

import { EntityNameSchema, ENVIRONMENT_KEY, ListMembers, ModelNameSchema, offered, S3DataSourceSchema, S3UriSchema, SortOrderSchema, TagsSchema, textMap } from './members.ts';

/** The service's limit on MaxConcurrentTransforms × MaxPayloadInMB. */
const LARGEST_IN_FLIGHT_MB = 100;

const NO_PROCESSING = 'The local cloud does not implement DataProcessing (InputFilter, OutputFilter, JoinSource): join inside the container, or leave the filters at their defaults.';

/** The members that the local cloud acts on; all others are kept and returned by Describe. */
export const CreateTransformJobSchema = z
  .looseObject({
    TransformJobName: EntityNameSchema,
    ModelName: ModelNameSchema,
    MaxConcurrentTransforms: z.int().min(0).optional(),
    MaxPayloadInMB: z.int().min(0).max(LARGEST_IN_FLIGHT_MB).optional(),
    BatchStrategy: z.enum(['MultiRecord', 'SingleRecord']).optional(),
    ModelClientConfig: z.looseObject({ InvocationsTimeoutInSeconds: z.int().min(1).max(3600).optional(), InvocationsMaxRetries: z.int().min(0).max(3).optional() }).optional(),
    Environment: textMap({ entries: 16, key: 1024, value: 10_240 }, ENVIRONMENT_KEY).optional(),
    TransformInput: z.looseObject({
      DataSource: z.looseObject({ S3DataSource: S3DataSourceSchema }),
      ContentType: z.string().max(256).optional(),
      CompressionType: z.enum(['None', 'Gzip']).default('None'),
      SplitType: offered(['None', 'Line'], 'The local cloud offers SplitType None and Line.').default('None'),
    }),
    TransformOutput: z.looseObject({ S3OutputPath: S3UriSchema, Accept: z.string().max(256).optional(), AssembleWith: z.enum(['None', 'Line']).default('None') }),
    TransformResources: z.looseObject({
      InstanceType: z.string(),
      InstanceCount: z.int().min(1).refine((count) => count === 1, 'The local cloud runs transform jobs on one instance: set TransformResources.InstanceCount to 1.'),
    }),
    DataProcessing: z
      .object({ InputFilter: offered(['$'], NO_PROCESSING).optional(), OutputFilter: offered(['$'], NO_PROCESSING).optional(), JoinSource: offered(['None'], NO_PROCESSING).optional() })
      .optional(),
    Tags: TagsSchema.optional(),
  })
  .refine(({ BatchStrategy, TransformInput }) => BatchStrategy !== 'SingleRecord' || TransformInput.SplitType !== 'None', {
    error: 'BatchStrategy SingleRecord requires a SplitType other than None.',
  })
  .refine(({ MaxConcurrentTransforms = 1, MaxPayloadInMB = 6 }) => Math.max(1, MaxConcurrentTransforms) * MaxPayloadInMB <= LARGEST_IN_FLIGHT_MB, {
    error: `MaxConcurrentTransforms * MaxPayloadInMB must not exceed ${LARGEST_IN_FLIGHT_MB} MB.`,
  });
export type CreateTransformJob = z.infer<typeof CreateTransformJobSchema>;

/** A transform job as it is kept. Times are milliseconds since the epoch. */
export const TransformJobSchema = z.object({
  request: CreateTransformJobSchema,
  arn: z.string(),
  status: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']),
  failureReason: z.string().optional(),
  created: z.number(),
  started: z.number().optional(),
  ended: z.number().optional(),
  modified: z.number(),
});
export type TransformJob = z.infer<typeof TransformJobSchema>;

export const ListTransformJobsSchema = z.object({
  ...ListMembers,
  LastModifiedTimeAfter: z.number().optional(),
  LastModifiedTimeBefore: z.number().optional(),
  StatusEquals: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']).optional(),
  SortBy: z.enum(['Name', 'CreationTime', 'Status']).default('CreationTime'),
  SortOrder: SortOrderSchema.default('Descending'),
});
