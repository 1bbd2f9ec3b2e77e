/**
 * Events that AWS sends through EventBridge, as far as the apps read them; unknown members are dropped.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
import { z } from 'zod';

const envelope = {
  id: z.string(),
  account: z.string(),
  region: z.string(),
  time: z.string(),
};

/** An object was created; its key is raw, not URL-encoded. */
export const S3ObjectCreatedSchema = z.object({
  ...envelope,
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), size: z.number(), etag: z.string(), sequencer: z.string().optional() }),
  }),
});
export type S3ObjectCreated = z.output<typeof S3ObjectCreatedSchema>;

/** One comes for every secondary status, possibly more than once. */
export const TrainingJobStateChangeSchema = z.object({
  ...envelope,
  source: z.literal('aws.sagemaker'),
  'detail-type': z.literal('SageMaker Training Job State Change'),
  detail: z.object({
    TrainingJobName: z.string(),
    TrainingJobStatus: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped', 'Deleting']),
  }),
});
export type TrainingJobStateChange = z.output<typeof TrainingJobStateChangeSchema>;

export const TransformJobStateChangeSchema = z.object({
  ...envelope,
  source: z.literal('aws.sagemaker'),
  'detail-type': z.literal('SageMaker Transform Job State Change'),
  detail: z.object({
    TransformJobName: z.string(),
    TransformJobStatus: z.enum(['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']),
  }),
});
export type TransformJobStateChange = z.output<typeof TransformJobStateChangeSchema>;

/** Any update of a package sends one, with the approval status it has by then. */
export const ModelPackageStateChangeSchema = z.object({
  ...envelope,
  source: z.literal('aws.sagemaker'),
  'detail-type': z.literal('SageMaker Model Package State Change'),
  detail: z.object({
    ModelPackageGroupName: z.string(),
    ModelPackageArn: z.string(),
    ModelPackageVersion: z.int(),
    ModelApprovalStatus: z.enum(['Approved', 'Rejected', 'PendingManualApproval']),
  }),
});
export type ModelPackageStateChange = z.output<typeof ModelPackageStateChangeSchema>;
