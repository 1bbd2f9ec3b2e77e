/**
 * Registration of a training job's model, keyed by the job: each step gives the same when it is done again, and the
 * record that is written last says that all of them are done.
 */
import {
  CreateModelCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  type CreateModelPackageCommandInput,
  type DescribeTrainingJobCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { digest, keys, modelPackageGroup, ModelManifestSchema, RegistrationSchema, type JobName, type ModelManifest, type Registration } from '@dropforest/contracts';
import { AppError, unlessThere, type Bucket, type Clients } from '@dropforest/lambda-kit';
import { modelProperties, modelTags } from './metadata.ts';
import { OUTPUT_FILES, readOutput } from './output-archive.ts';

interface Services {
  readonly bucket: Bucket;
  readonly clients: Clients;
}

const CONTENT_TYPES = ['text/csv'];

/** @throws AppError `missing` when the job left no model or no output, `too-large` when its output is over 64 MB */
export async function register({ dataset }: JobName, job: DescribeTrainingJobCommandOutput, roleArn: string, services: Services): Promise<Registration> {
  const { TrainingJobName: name = '', AlgorithmSpecification: { TrainingImage: image } = {}, ModelArtifacts: { S3ModelArtifacts: artifact } = {} } = job;
  const key = keys.registration(dataset, name);
  const done = await services.bucket.readJson(key, RegistrationSchema);
  if (done !== undefined) return done.value;
  if (image === undefined || artifact === undefined) throw new AppError('missing', `${name} has no image or no model artifact`);
  const properties = modelProperties(dataset, name, await keepOutput(dataset, name, services.bucket));
  const { sagemaker } = services.clients;
  const container = { Image: image, ModelDataUrl: artifact };
  const model = { ModelName: name, ExecutionRoleArn: roleArn, PrimaryContainer: container, EnableNetworkIsolation: true, Tags: modelTags(properties) };
  await unlessThere(() => sagemaker.send(new CreateModelCommand(model)));
  const group = { ModelPackageGroupName: modelPackageGroup(dataset), ModelPackageGroupDescription: `Models that Dropforest trained for the data set ${dataset}` };
  await unlessThere(() => sagemaker.send(new CreateModelPackageGroupCommand(group)));
  const { ModelPackageArn: modelPackageArn } = await sagemaker.send(new CreateModelPackageCommand(modelPackage(dataset, name, container, services.bucket.name, properties)));
  const version = Number(modelPackageArn?.split('/').at(-1));
  if (modelPackageArn === undefined || !Number.isInteger(version)) throw new AppError('missing', `the model package of ${name} has no version: ${modelPackageArn ?? 'no ARN'}`);
  const registration: Registration = { job: name, model: name, modelPackageArn, version };
  await services.bucket.write(key, `${JSON.stringify(registration, undefined, 2)}\n`, 'application/json');
  return registration;
}

/**
 * The report, the manifest and the figures move from the job's archive to the model's folder, where people find them.
 * @returns the manifest
 */
async function keepOutput(dataset: string, job: string, bucket: Bucket): Promise<ModelManifest> {
  const files = await readOutput(job, bucket);
  for (const [name, data] of files) await bucket.write(keys.modelFile(dataset, job, name), data, OUTPUT_FILES[name]);
  const manifest = files.get('manifest.json');
  if (manifest === undefined) throw new AppError('missing', `the output of ${job} has no manifest.json`);
  return ModelManifestSchema.parse(JSON.parse(new TextDecoder().decode(manifest)));
}

function modelPackage(
  dataset: string,
  job: string,
  container: { Image: string; ModelDataUrl: string },
  bucket: string,
  properties: Readonly<Record<string, string>>,
): CreateModelPackageCommandInput {
  return {
    ModelPackageGroupName: modelPackageGroup(dataset),
    ModelPackageDescription: `Trained by ${job}`,
    ClientToken: digest(job),
    ModelApprovalStatus: 'PendingManualApproval',
    InferenceSpecification: { Containers: [container], SupportedContentTypes: CONTENT_TYPES, SupportedResponseMIMETypes: CONTENT_TYPES },
    ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: `s3://${bucket}/${keys.modelFile(dataset, job, 'metrics.json')}` } } },
    CustomerMetadataProperties: properties,
  };
}
