import type { CreateTransformJobCommandInput } from '@aws-sdk/client-sagemaker';
import { keys, type Claim } from '@dropforest/contracts';

/**
 * The whole file is one request: its header, its delimiter and its quoted line breaks stay intact, and the container
 * answers with the joined rows. SageMaker allows 100 MB in flight, so one request at a time.
 */
export function transformJobInput({ job, dataset, model, size }: Claim, bucket: string): CreateTransformJobCommandInput {
  return {
    TransformJobName: job,
    ModelName: model.name,
    MaxConcurrentTransforms: 1,
    MaxPayloadInMB: Math.max(1, Math.ceil(size / (1 << 20))),
    ModelClientConfig: { InvocationsTimeoutInSeconds: 3600, InvocationsMaxRetries: 1 },
    TransformInput: {
      ContentType: 'text/csv',
      SplitType: 'None',
      DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: `s3://${bucket}/${keys.inputManifest(job)}` } },
    },
    TransformOutput: { S3OutputPath: `s3://${bucket}/${keys.jobOutputFolder(job).slice(0, -1)}`, Accept: 'text/csv', AssembleWith: 'None' },
    // For the rows of data sets that ask for it; the model itself does not know its version.
    Environment: { DROPFOREST_MODEL_VERSION: String(model.version) },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    Tags: [{ Key: 'dropforest:dataset', Value: dataset }],
  };
}
