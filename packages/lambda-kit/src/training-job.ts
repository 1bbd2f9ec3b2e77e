import { TrainingInstanceType, type CreateTrainingJobCommandInput } from '@aws-sdk/client-sagemaker';
import { ContractError, keys, metricDefinitions, type DatasetConfig } from '@dropforest/contracts';

/** What a training job's request is made of. */
export interface TrainingJob {
  readonly job: string;
  readonly dataset: string;
  readonly bucket: string;
  readonly image: string;
  readonly roleArn: string;
  readonly config: DatasetConfig;
  readonly instanceType: TrainingInstanceType;
}

/** SageMaker's own limit for the value of a hyperparameter. */
const LONGEST_HYPERPARAMETER = 2500;

/**
 * The job reads snapshots through a manifest, its settings from the `config` channel, and needs no network. The
 * algorithm's hyperparameters are given a second time as HyperParameters only so that the console shows them.
 */
export function trainingJobInput({ job, dataset, bucket, image, roleArn, config, instanceType }: TrainingJob): CreateTrainingJobCommandInput {
  return {
    TrainingJobName: job,
    RoleArn: roleArn,
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File', MetricDefinitions: metricDefinitions() },
    HyperParameters: hyperParameters(config),
    InputDataConfig: [
      {
        ChannelName: 'training',
        ContentType: 'text/csv',
        DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: `s3://${bucket}/${keys.inputManifest(job)}`, S3DataDistributionType: 'FullyReplicated' } },
      },
      {
        ChannelName: 'config',
        ContentType: 'application/json',
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/${keys.jobConfigFolder(job)}`, S3DataDistributionType: 'FullyReplicated' } },
      },
    ],
    OutputDataConfig: { S3OutputPath: `s3://${bucket}/jobs` },
    ResourceConfig: { InstanceType: instanceType, InstanceCount: 1, VolumeSizeInGB: config.instance.volumeSizeInGB },
    StoppingCondition: { MaxRuntimeInSeconds: config.instance.maxRuntimeInSeconds },
    EnableNetworkIsolation: true,
    Tags: [{ Key: 'dropforest:dataset', Value: dataset }],
  };
}

function hyperParameters(config: DatasetConfig): Record<string, string> {
  const all = { algorithm: config.algorithm, ...config.hyperparameters };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, String(value).replaceAll(/[\r\n]+/g, ' ').slice(0, LONGEST_HYPERPARAMETER)]));
}

/** @throws ContractError `invalid-dataset-config` where SageMaker has no such instance type for training */
export function instanceTypeOf({ instance }: DatasetConfig): TrainingInstanceType {
  const known = Object.values(TrainingInstanceType).find((type) => type === instance.type);
  if (known !== undefined) return known;
  throw new ContractError('invalid-dataset-config', `dataset.json is not valid: instance.type: SageMaker trains on no ${JSON.stringify(instance.type)}`);
}
