import { z } from 'zod';

import { operation } from '../http/json-protocol.ts';
import type { JsonOperations } from '../http/json-protocol.ts';
import { validationError } from '../http/wire-error.ts';
import { createCollection } from '../store/collection.ts';
import { listPage } from './list-page.ts';
import { ENVIRONMENT_KEY, ImageSchema, ListMembers, ModelNameSchema, RoleArnSchema, S3UriSchema, SortOrderSchema, TagsSchema, textMap } from './members.ts';
import type { ModelPackages } from './model-packages.ts';
import { parseS3Uri } from './s3-uri.ts';
import { sageMakerArn, seconds } from './sagemaker-context.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import type { Tags } from './tags.ts';

const ContainerSchema = z.looseObject({
  Image: ImageSchema.optional(),
  ModelDataUrl: S3UriSchema.optional(),
  ModelPackageName: z.string().optional(),
  Environment: textMap({ entries: 100, key: 1024, value: 1024 }, ENVIRONMENT_KEY).optional(),
});

const CreateModelSchema = z
  .looseObject({
    ModelName: ModelNameSchema,
    ExecutionRoleArn: RoleArnSchema.optional(),
    PrimaryContainer: ContainerSchema.optional(),
    Containers: z.array(ContainerSchema).max(15).optional(),
    Tags: TagsSchema.optional(),
  })
  .refine(({ PrimaryContainer, Containers }) => (PrimaryContainer === undefined ? Containers?.length === 1 : Containers === undefined), {
    error: 'The local cloud runs models of one container: give PrimaryContainer, or Containers with one element.',
  });

const ModelSchema = z.object({ request: CreateModelSchema, arn: z.string(), created: z.number() });
export type Model = z.infer<typeof ModelSchema>;

/** What is run to serve a model. */
export interface ModelContainer {
  readonly image: string;
  /** An archive in S3; a model without one brings everything in its image. */
  readonly modelDataUrl: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Models {
  find(name: string): Model | undefined;
  /** Follows a model package to its image and archive. */
  containerOf(model: Model): ModelContainer;
  readonly operations: JsonOperations;
}

export function createModels(parts: SageMakerParts, packages: ModelPackages, tags: Tags): Models {
  const { clock, database } = parts.cloud;
  const collection = createCollection(database, 'model', ModelSchema);
  const arnOf = (name: string): string => sageMakerArn(parts, `model/${name}`);
  const require = (name: string): Model => {
    const model = collection.get(name);
    if (model === undefined) throw validationError(`Could not find model "${arnOf(name)}".`);
    return model;
  };
  const containerOf = ({ request }: Model): ModelContainer => {
    const container = request.PrimaryContainer ?? request.Containers?.[0] ?? {};
    const source = container.ModelPackageName === undefined ? container : packages.deployable(container.ModelPackageName);
    if (source.Image === undefined) throw validationError('A container needs an Image or a ModelPackageName.');
    return { image: source.Image, modelDataUrl: source.ModelDataUrl, environment: { ...source.Environment, ...container.Environment } };
  };
  return {
    find: (name) => collection.get(name),
    containerOf,
    operations: {
      CreateModel: operation(CreateModelSchema, (request) => {
        const arn = arnOf(request.ModelName);
        if (collection.get(request.ModelName) !== undefined) throw validationError(`Cannot create already existing model "${arn}".`);
        const model: Model = { request, arn, created: clock.now() };
        checkModelData(parts, containerOf(model).modelDataUrl);
        database.transaction(() => {
          collection.put(request.ModelName, model);
          tags.set(arn, request.Tags ?? []);
        });
        return { ModelArn: arn };
      }),
      DescribeModel: operation(z.object({ ModelName: z.string() }), ({ ModelName }) => {
        const { request, arn, created } = require(ModelName);
        const { Tags: _tags, ...description } = request;
        return { ...description, ModelArn: arn, CreationTime: seconds(created), EnableNetworkIsolation: request.EnableNetworkIsolation ?? false };
      }),
      ListModels: operation(z.object({ ...ListMembers, SortBy: z.enum(['Name', 'CreationTime']).default('CreationTime'), SortOrder: SortOrderSchema.default('Descending') }), (input) => {
        const { page, ...token } = listPage(collection.all(), input, ({ request, created }) => ({ name: request.ModelName, created }));
        return { Models: page.map(({ request, arn, created }) => ({ ModelName: request.ModelName, ModelArn: arn, CreationTime: seconds(created) })), ...token };
      }),
      DeleteModel: operation(z.object({ ModelName: z.string() }), ({ ModelName }) => {
        require(ModelName);
        collection.delete(ModelName);
        return {};
      }),
    },
  };
}

/** The service looks for the archive when the model is created. */
function checkModelData({ store }: SageMakerParts, url: string | undefined): void {
  if (url === undefined) return;
  const { bucket, key } = parseS3Uri(url);
  if (store.find(bucket, key) === undefined) throw validationError(`Could not find model data at ${url}.`);
}
