import { z } from 'zod';

import { ChannelNameSchema, EntityNameSchema, ENVIRONMENT_KEY, ImageSchema, ListMembers, offered, RoleArnSchema, S3DataSourceSchema, S3UriSchema, SortOrderSchema, TagsSchema, textMap } from './members.ts';
import { isRegularExpression } from './metrics.ts';

const MAX_RUNTIME_SECONDS = 28 * 86_400;

const ChannelSchema = z.looseObject({
  ChannelName: ChannelNameSchema,
  DataSource: z.looseObject({
    S3DataSource: z.looseObject({ ...S3DataSourceSchema.shape, S3DataDistributionType: z.enum(['FullyReplicated', 'ShardedByS3Key']).default('FullyReplicated') }),
  }),
  ContentType: z.string().max(256).optional(),
  CompressionType: offered(['None'], 'CompressionType Gzip is for Pipe mode; in File mode leave it out and let the container decompress.').default('None'),
  RecordWrapperType: offered(['None'], 'The local cloud does not wrap records: set RecordWrapperType to None.').default('None'),
  InputMode: offered(['File', 'FastFile'], 'The local cloud offers InputMode File and FastFile (as File).').optional(),
});
export type Channel = z.infer<typeof ChannelSchema>;

const MetricDefinitionSchema = z.object({
  Name: z.string().min(1).max(255),
  Regex: z.string().min(1).max(500).refine(isRegularExpression, 'A metric definition has a Regex that is no regular expression.'),
});

/** The members that the local cloud acts on; all others are kept and returned by Describe. */
export const CreateTrainingJobSchema = z.looseObject({
  TrainingJobName: EntityNameSchema,
  RoleArn: RoleArnSchema,
  AlgorithmSpecification: z.looseObject({
    TrainingImage: ImageSchema,
    TrainingInputMode: offered(['File', 'FastFile'], 'The local cloud offers TrainingInputMode File and FastFile (as File).').default('File'),
    MetricDefinitions: z.array(MetricDefinitionSchema).max(40).optional(),
  }),
  // Values are one line: the pattern of the service has no line break.
  HyperParameters: textMap({ entries: 100, key: 256, value: 2500 }, '.*', '.*').optional(),
  InputDataConfig: z
    .array(ChannelSchema)
    .min(1)
    .max(20)
    .refine((channels) => new Set(channels.map(({ ChannelName }) => ChannelName)).size === channels.length, 'Channel names must be unique within a training job.')
    .optional(),
  OutputDataConfig: z.looseObject({
    S3OutputPath: S3UriSchema,
    CompressionType: offered(['GZIP'], 'The local cloud writes OutputDataConfig.CompressionType GZIP only.').optional(),
  }),
  ResourceConfig: z.looseObject({
    InstanceType: z.string(),
    InstanceCount: z.int().min(1).refine((count) => count === 1, 'The local cloud runs training jobs on one instance: set ResourceConfig.InstanceCount to 1.'),
    VolumeSizeInGB: z.int().min(1),
  }),
  StoppingCondition: z.looseObject({ MaxRuntimeInSeconds: z.int().min(1).max(MAX_RUNTIME_SECONDS).default(86_400) }).default({ MaxRuntimeInSeconds: 86_400 }),
  Environment: textMap({ entries: 100, key: 512, value: 512 }, ENVIRONMENT_KEY).optional(),
  Tags: TagsSchema.optional(),
});

const SecondaryStatusSchema = z.enum(['Starting', 'Downloading', 'Training', 'Uploading', 'Stopping', 'Stopped', 'MaxRuntimeExceeded', 'Completed', 'Failed', 'Interrupted']);
export type SecondaryStatus = z.infer<typeof SecondaryStatusSchema>;

/** A training job as it is kept. Times are milliseconds since the epoch. */
export const TrainingJobSchema = z.object({
  request: CreateTrainingJobSchema,
  arn: z.string(),
  status: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']),
  secondary: SecondaryStatusSchema,
  failureReason: z.string().optional(),
  modelArtifacts: z.string().optional(),
  created: z.number(),
  started: z.number().optional(),
  ended: z.number().optional(),
  modified: z.number(),
  transitions: z.array(z.object({ Status: SecondaryStatusSchema, StartTime: z.number(), EndTime: z.number().optional(), StatusMessage: z.string() })),
  metrics: z.array(z.object({ MetricName: z.string(), Value: z.number(), Timestamp: z.number() })),
});
export type TrainingJob = z.infer<typeof TrainingJobSchema>;

export const ListTrainingJobsSchema = z.object({
  ...ListMembers,
  LastModifiedTimeAfter: z.number().optional(),
  LastModifiedTimeBefore: z.number().optional(),
  StatusEquals: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped', 'Deleting']).optional(),
  SortBy: z.enum(['Name', 'CreationTime', 'Status']).default('CreationTime'),
  SortOrder: SortOrderSchema.default('Ascending'),
});
