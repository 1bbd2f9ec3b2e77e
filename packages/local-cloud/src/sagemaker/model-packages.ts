import { z } from 'zod';

import { isoSeconds } from '../clock.ts';
import { operation } from '../http/json-protocol.ts';
import type { JsonOperations } from '../http/json-protocol.ts';
import { validationError, WireError } from '../http/wire-error.ts';
import { toJsonObject } from '../json.ts';
import { createCollection } from '../store/collection.ts';
import { listPage } from './list-page.ts';
import { ArnOrNameSchema, ClientTokenSchema, EntityNameSchema, ENVIRONMENT_KEY, ImageSchema, ListMembers, S3UriSchema, SortOrderSchema, TagSchema, TagsSchema, textMap } from './members.ts';
import type { ModelPackageGroups } from './model-package-groups.ts';
import { sageMakerArn, seconds } from './sagemaker-context.ts';
import type { SageMakerParts } from './sagemaker-context.ts';

const ApprovalSchema = z.enum(['Approved', 'Rejected', 'PendingManualApproval']);
/** Keys and values take the characters of tags. */
const MetadataSchema = z
  .record(TagSchema.shape.Key, TagSchema.shape.Value.min(1))
  .refine((map) => Object.keys(map).length <= 50, 'CustomerMetadataProperties may have at most 50 entries.');

const ContainerSchema = z.looseObject({
  Image: ImageSchema,
  ModelDataUrl: S3UriSchema.optional(),
  Environment: textMap({ entries: 100, key: 1024, value: 1024 }, ENVIRONMENT_KEY).optional(),
});

const InferenceSchema = z.looseObject({ Containers: z.array(ContainerSchema).min(1).max(15) });

const CreateSchema = z
  .looseObject({
    ModelPackageName: EntityNameSchema.optional(),
    ModelPackageGroupName: ArnOrNameSchema.optional(),
    ModelPackageDescription: z.string().max(1024).optional(),
    InferenceSpecification: InferenceSchema.optional(),
    ModelApprovalStatus: ApprovalSchema.optional(),
    CustomerMetadataProperties: MetadataSchema.optional(),
    ClientToken: ClientTokenSchema.optional(),
    Tags: TagsSchema.optional(),
  })
  .refine(({ ModelPackageName, ModelPackageGroupName }) => ModelPackageGroupName !== undefined && ModelPackageName === undefined, {
    error: 'The local cloud keeps versioned model packages only: give ModelPackageGroupName and no ModelPackageName.',
  })
  .refine(({ Tags }) => (Tags ?? []).length === 0, { error: 'Tags are not supported for a versioned model package; tag its model package group.' });

const UpdateSchema = z.looseObject({
  ModelPackageArn: z.string(),
  ModelApprovalStatus: ApprovalSchema.optional(),
  ApprovalDescription: z.string().max(1024).regex(/^.*$/).optional(),
  CustomerMetadataProperties: MetadataSchema.optional(),
  CustomerMetadataPropertiesToRemove: z.array(z.string()).optional(),
  InferenceSpecification: InferenceSchema.optional(),
  SourceUri: z.string().max(1024).optional(),
  ClientToken: ClientTokenSchema.optional(),
});

const PackageSchema = z.object({
  arn: z.string(),
  group: z.string(),
  version: z.number(),
  created: z.number(),
  modified: z.number(),
  approval: ApprovalSchema,
  /** The members of the request and of updates, as Describe returns them. */
  members: z.looseObject({ InferenceSpecification: InferenceSchema.optional(), CustomerMetadataProperties: MetadataSchema.optional() }),
});
type ModelPackage = z.infer<typeof PackageSchema>;

const ListSchema = z.object({
  ...ListMembers,
  ModelPackageGroupName: ArnOrNameSchema.optional(),
  ModelApprovalStatus: ApprovalSchema.optional(),
  ModelPackageType: z.enum(['Versioned', 'Unversioned', 'Both']).optional(),
  SortBy: z.enum(['Name', 'CreationTime']).default('CreationTime'),
  SortOrder: SortOrderSchema.default('Ascending'),
});

export interface ModelPackages {
  /** The container of an approved version, by ARN. @throws WireError */
  deployable(arn: string): z.infer<typeof ContainerSchema>;
  readonly operations: JsonOperations;
}

export function createModelPackages(parts: SageMakerParts, groups: ModelPackageGroups): ModelPackages {
  const { database } = parts.cloud;
  const collection = createCollection(database, 'model-package', PackageSchema);
  const tokens = createCollection(database, 'model-package-token', z.object({ arn: z.string() }));

  const require = (arn: string): ModelPackage => {
    // Some ARNs of the service come back in lower case.
    const found = collection.get(arn) ?? collection.all().find((one) => one.arn.toLowerCase() === arn.toLowerCase());
    if (found === undefined) throw validationError(`ModelPackage ${arn} does not exist.`);
    return found;
  };
  const save = (modelPackage: ModelPackage, updated: readonly string[] | undefined): void => {
    collection.put(modelPackage.arn, modelPackage);
    emit(parts, modelPackage, updated);
  };
  return {
    deployable(arn) {
      const { approval, members } = require(arn);
      if (approval !== 'Approved') throw validationError(`Cannot deploy model package ${arn}: its ModelApprovalStatus is ${approval}, not Approved.`);
      const container = members.InferenceSpecification?.Containers[0];
      if (container === undefined) throw validationError(`Model package ${arn} has no InferenceSpecification.`);
      return container;
    },
    operations: {
      CreateModelPackage: operation(CreateSchema, (request) =>
        database.transaction(() => {
          const known = request.ClientToken === undefined ? undefined : tokens.get(request.ClientToken);
          if (known !== undefined) return { ModelPackageArn: known.arn };
          const created = newPackage(parts, groups.require(request.ModelPackageGroupName ?? '').name, request);
          if (request.ClientToken !== undefined) tokens.put(request.ClientToken, { arn: created.arn });
          save(created, undefined);
          return { ModelPackageArn: created.arn };
        }),
      ),
      UpdateModelPackage: operation(UpdateSchema, (request) =>
        database.transaction(() => {
          const updated = update(require(request.ModelPackageArn), request, parts.cloud.clock.now());
          save(updated, updatedFields(request));
          return { ModelPackageArn: updated.arn };
        }),
      ),
      DescribeModelPackage: operation(z.object({ ModelPackageName: z.string() }), ({ ModelPackageName }) => describe(require(ModelPackageName))),
      DeleteModelPackage: operation(z.object({ ModelPackageName: z.string() }), ({ ModelPackageName }) => {
        collection.delete(require(ModelPackageName).arn);
        return {};
      }),
      ListModelPackages: operation(ListSchema, (input) => {
        const group = input.ModelPackageGroupName === undefined ? undefined : groups.require(input.ModelPackageGroupName).name;
        const asked = collection
          .all()
          .filter((one) => (group === undefined || one.group === group) && (input.ModelApprovalStatus === undefined || one.approval === input.ModelApprovalStatus));
        // By name, versions of a group follow one another as numbers do.
        const { page, ...token } = listPage(asked, input, (one) => ({ name: `${one.group}/${String(one.version).padStart(9, '0')}`, created: one.created, modified: one.modified }));
        return { ModelPackageSummaryList: page.map(summary), ...token };
      }),
    },
  };
}

function newPackage(parts: SageMakerParts, group: string, request: z.infer<typeof CreateSchema>): ModelPackage {
  const { ModelPackageGroupName: _group, ModelApprovalStatus, ClientToken: _token, Tags: _tags, ...members } = request;
  const version = parts.cloud.database.next(`model-package/${group}`);
  const now = parts.cloud.clock.now();
  return { arn: sageMakerArn(parts, `model-package/${group}/${version}`), group, version, created: now, modified: now, approval: ModelApprovalStatus ?? 'PendingManualApproval', members };
}

function update(before: ModelPackage, request: z.infer<typeof UpdateSchema>, now: number): ModelPackage {
  const { ModelPackageArn: _arn, ClientToken: _token, ModelApprovalStatus, CustomerMetadataProperties, CustomerMetadataPropertiesToRemove = [], ...members } = request;
  const metadata = { ...before.members.CustomerMetadataProperties, ...CustomerMetadataProperties };
  const kept = Object.entries(metadata).filter(([name]) => !CustomerMetadataPropertiesToRemove.includes(name));
  if (kept.length > 50) throw new WireError(400, 'ValidationException', 'CustomerMetadataProperties may have at most 50 entries.');
  return {
    ...before,
    modified: now,
    approval: ModelApprovalStatus ?? before.approval,
    members: { ...before.members, ...members, ...(kept.length === 0 ? { CustomerMetadataProperties: undefined } : { CustomerMetadataProperties: Object.fromEntries(kept) }) },
  };
}

/** The members that an update touched, as the event lists them. */
function updatedFields({ ModelPackageArn: _arn, ClientToken: _token, ...changes }: z.infer<typeof UpdateSchema>): string[] {
  return Object.keys(changes).map((name) => (name === 'CustomerMetadataPropertiesToRemove' ? 'CustomerMetadataProperties' : name));
}

function describe({ arn, group, version, created, modified, approval, members }: ModelPackage): object {
  return {
    ...members,
    ModelPackageGroupName: group,
    ModelPackageVersion: version,
    ModelPackageArn: arn,
    CreationTime: seconds(created),
    LastModifiedTime: seconds(modified),
    ModelPackageStatus: 'Completed',
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: members.CertifyForMarketplace ?? false,
    ModelApprovalStatus: approval,
  };
}

function summary({ arn, group, version, created, approval, members }: ModelPackage): object {
  return {
    ModelPackageGroupName: group,
    ModelPackageVersion: version,
    ModelPackageArn: arn,
    ModelPackageDescription: members.ModelPackageDescription,
    CreationTime: seconds(created),
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: approval,
  };
}

/** "SageMaker Model Package State Change"; its times are ISO strings, unlike those of jobs. */
function emit({ bus }: SageMakerParts, modelPackage: ModelPackage, updated: readonly string[] | undefined): void {
  bus.put({
    source: 'aws.sagemaker',
    detailType: 'SageMaker Model Package State Change',
    resources: [modelPackage.arn],
    detail: toJsonObject({
      ...describe(modelPackage),
      CreationTime: isoSeconds(modelPackage.created),
      LastModifiedTime: isoSeconds(modelPackage.modified),
      ...(updated === undefined ? {} : { UpdatedModelPackageFields: [...new Set(updated)] }),
    }),
  });
}
