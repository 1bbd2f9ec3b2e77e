import { z } from 'zod';

import { operation } from '../http/json-protocol.ts';
import type { JsonOperations } from '../http/json-protocol.ts';
import { validationError } from '../http/wire-error.ts';
import { createCollection } from '../store/collection.ts';
import { TagsSchema } from './members.ts';
import type { Tag } from './members.ts';
import type { SageMakerParts } from './sagemaker-context.ts';

const MOST_TAGS = 50;

/** Tags of resources, by ARN. */
export interface Tags {
  set(arn: string, tags: readonly Tag[]): void;
  /** As events have them: a map. */
  mapOf(arn: string): Readonly<Record<string, string>>;
  readonly operations: JsonOperations;
}

export function createTags({ cloud }: SageMakerParts): Tags {
  const collection = createCollection(cloud.database, 'sagemaker-tags', TagsSchema);
  const tagsOf = (arn: string): Tag[] => collection.get(arn) ?? [];
  return {
    set(arn, tags) {
      if (tags.length > 0) collection.put(arn, [...tags]);
    },
    mapOf: (arn) => Object.fromEntries(tagsOf(arn).map(({ Key, Value }) => [Key, Value])),
    operations: {
      AddTags: operation(z.object({ ResourceArn: z.string(), Tags: TagsSchema }), ({ ResourceArn, Tags }) => {
        const merged = new Map([...tagsOf(ResourceArn), ...Tags].map((tag) => [tag.Key, tag]));
        if (merged.size > MOST_TAGS) throw validationError(`A resource may have at most ${MOST_TAGS} tags.`);
        collection.put(ResourceArn, [...merged.values()]);
        return { Tags: [...merged.values()] };
      }),
      ListTags: operation(z.object({ ResourceArn: z.string() }), ({ ResourceArn }) => ({ Tags: tagsOf(ResourceArn) })),
    },
  };
}
