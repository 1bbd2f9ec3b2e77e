/** Training jobs as SageMaker is asked for them: those that train, and those that only compare two models. */
import { TrainingInstanceType, type Channel, type CreateTrainingJobCommandInput } from '@aws-sdk/client-sagemaker';
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
  /** Key of the list of files that the job reads. */
  readonly inputManifest: string;
  /** Training jobs whose models are channels of this one. */
  readonly models: { readonly champion?: string | undefined; readonly challenger?: string | undefined };
}

/** SageMaker's own limit for the value of a hyperparameter. */
const LONGEST_HYPERPARAMETER = 2500;

/**
 * The job reads snapshots through a manifest, its settings from the `config` channel, other models from channels of
 * their own, and needs no network. The algorithm's hyperparameters are given a second time as HyperParameters only so
 * that the console shows them.
 */
export function trainingJobInput({ job, dataset, bucket, image, roleArn, config, instanceType, inputManifest, models }: TrainingJob): CreateTrainingJobCommandInput {
  const at = (key: string) => `s3://${bucket}/${key}`;
  const modelChannels = Object.entries(models).flatMap(([name, of]) => (of === undefined ? [] : [channel(name, 'application/gzip', 'S3Prefix', at(keys.modelArtifact(of)))]));
  return {
    TrainingJobName: job,
    RoleArn: roleArn,
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File', MetricDefinitions: metricDefinitions() },
    HyperParameters: hyperParameters(config),
    InputDataConfig: [
      channel('training', 'text/csv', 'ManifestFile', at(inputManifest)),
      channel('config', 'application/json', 'S3Prefix', at(keys.jobConfigFolder(job))),
      ...modelChannels,
    ],
    OutputDataConfig: { S3OutputPath: at('jobs') },
    ResourceConfig: { InstanceType: instanceType, InstanceCount: 1, VolumeSizeInGB: config.instance.volumeSizeInGB },
    StoppingCondition: { MaxRuntimeInSeconds: config.instance.maxRuntimeInSeconds },
    EnableNetworkIsolation: true,
    Tags: [{ Key: 'dropforest:dataset', Value: dataset }],
  };
}

function channel(ChannelName: string, ContentType: string, S3DataType: 'ManifestFile' | 'S3Prefix', S3Uri: string): Channel {
  return { ChannelName, ContentType, DataSource: { S3DataSource: { S3DataType, S3Uri, S3DataDistributionType: 'FullyReplicated' } } };
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
