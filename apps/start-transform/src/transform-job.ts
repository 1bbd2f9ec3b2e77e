/** Transform jobs as SageMaker is asked for them. Pure. */
import type { CreateTransformJobCommandInput } from '@aws-sdk/client-sagemaker';
import { keys, type TransformFile, type TransformSource } from '@dropforest/contracts';

/** SageMaker's bound for what is under way at once, and for one request. */
export const MOST_MEGABYTES = 100;
/** An instance of the type below has two processors; a few requests keep them busy. */
const MOST_REQUESTS = 4;

/**
 * Every file is one request: its header, its delimiter and its quoted line breaks stay intact, and the container
 * answers with the joined rows.
 */
export function transformJobInput({ job, dataset, model }: TransformSource, files: readonly TransformFile[], bucket: string): CreateTransformJobCommandInput {
  const payload = payloadMegabytes(files);
  return {
    TransformJobName: job,
    ModelName: model.name,
    MaxConcurrentTransforms: Math.min(MOST_REQUESTS, Math.floor(MOST_MEGABYTES / payload)),
    MaxPayloadInMB: payload,
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

/** The largest file, in whole megabytes. */
function payloadMegabytes(files: readonly TransformFile[]): number {
  return Math.max(1, ...files.map(({ size }) => Math.ceil(size / (1 << 20))));
}

/** SageMaker's list of the objects that a job reads: their common prefix, then each without it. */
export function inputManifest(dataset: string, files: readonly TransformFile[], bucket: string): readonly [{ readonly prefix: string }, ...string[]] {
  const folder = keys.snapshotFolder(dataset);
  return [{ prefix: `s3://${bucket}/${folder}` }, ...files.map(({ snapshot }) => snapshot.slice(folder.length))];
}
