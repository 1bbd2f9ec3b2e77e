import { z } from 'zod';

import { operation } from '../http/json-protocol.ts';
import type { JsonOperations } from '../http/json-protocol.ts';
import { validationError } from '../http/wire-error.ts';
import { createCollection } from '../store/collection.ts';
import { listPage } from './list-page.ts';
import { ArnOrNameSchema, EntityNameSchema, ListMembers, SortOrderSchema, TagsSchema } from './members.ts';
import { sageMakerArn, seconds } from './sagemaker-context.ts';
import type { SageMakerParts } from './sagemaker-context.ts';
import type { Tags } from './tags.ts';

const GroupSchema = z.object({ name: z.string(), arn: z.string(), description: z.string().optional(), created: z.number() });
export type ModelPackageGroup = z.infer<typeof GroupSchema>;

export interface ModelPackageGroups {
  /** By name or ARN. @throws WireError */
  require(nameOrArn: string): ModelPackageGroup;
  readonly operations: JsonOperations;
}

export function createModelPackageGroups(parts: SageMakerParts, tags: Tags): ModelPackageGroups {
  const { clock, database } = parts.cloud;
  const collection = createCollection(database, 'model-package-group', GroupSchema);
  const require = (nameOrArn: string): ModelPackageGroup => {
    const name = nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
    const group = collection.get(name);
    if (group === undefined) throw validationError(`Model Package Group ${sageMakerArn(parts, `model-package-group/${name}`)} does not exist.`);
    return group;
  };
  const summary = ({ name, arn, description, created }: ModelPackageGroup): object => ({
    ModelPackageGroupName: name,
    ModelPackageGroupArn: arn,
    ModelPackageGroupDescription: description,
    ModelPackageGroupStatus: 'Completed',
    CreationTime: seconds(created),
  });
  return {
    require,
    operations: {
      CreateModelPackageGroup: operation(
        z.object({ ModelPackageGroupName: EntityNameSchema, ModelPackageGroupDescription: z.string().max(1024).optional(), Tags: TagsSchema.optional() }),
        ({ ModelPackageGroupName: name, ModelPackageGroupDescription: description, Tags }) => {
          const arn = sageMakerArn(parts, `model-package-group/${name}`);
          if (collection.get(name) !== undefined) throw validationError(`Model Package Group already exists: ${arn}`);
          database.transaction(() => {
            collection.put(name, { name, arn, description, created: clock.now() });
            tags.set(arn, Tags ?? []);
          });
          return { ModelPackageGroupArn: arn };
        },
      ),
      DescribeModelPackageGroup: operation(z.object({ ModelPackageGroupName: ArnOrNameSchema }), ({ ModelPackageGroupName }) => ({
        ...summary(require(ModelPackageGroupName)),
        CreatedBy: {},
      })),
      ListModelPackageGroups: operation(
        z.object({ ...ListMembers, SortBy: z.enum(['Name', 'CreationTime']).default('CreationTime'), SortOrder: SortOrderSchema.default('Ascending') }),
        (input) => {
          const { page, ...token } = listPage(collection.all(), input, ({ name, created }) => ({ name, created }));
          return { ModelPackageGroupSummaryList: page.map(summary), ...token };
        },
      ),
    },
  };
}
