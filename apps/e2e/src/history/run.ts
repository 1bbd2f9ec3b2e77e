/** Lets a history happen, until nothing is left to do. */
import { ListModelPackagesCommand, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { keys, modelPackageGroup } from '@dropforest/contracts';
import { isAwsError } from '@dropforest/lambda-kit';
import type { Deed, History } from './history.ts';
import type { World } from './world.ts';

/** A deed and when it was done, in milliseconds since 1970. */
export interface Done {
  readonly deed: Deed;
  readonly at: number;
  /** Of a decision: the version that it was made of; missing where there was none. */
  readonly version?: number;
}

export interface Course {
  readonly history: History;
  readonly world: World;
  readonly done: readonly Done[];
  /** Whether a time came when nothing was left to do. */
  readonly isAtRest: boolean;
}

/** Hands the world over as it is once it rests, and ends it. */
export async function runHistory<T>(history: History, world: World, look: (course: Course) => Promise<T>): Promise<T> {
  try {
    const done = await live(history, world);
    const isAtRest = await world.rest();
    return await look({ history, world, done, isAtRest });
  } finally {
    await world.stop();
  }
}

async function live({ steps }: History, world: World): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const { afterSeconds, midway, deed } of steps) {
    if (afterSeconds > 0 || midway === undefined) await world.passTime(afterSeconds * 1000);
    const work = async (): Promise<void> => void done.push(await perform(deed, world));
    if (midway === undefined) {
      await work();
      continue;
    }
    const now = world.midway(work, midway);
    await world.nextThing();
    await now();
  }
  return done;
}

async function perform(deed: Deed, world: World): Promise<Done> {
  const { bucket, texts } = world;
  const at = world.now();
  switch (deed.do) {
    case 'train':
      await bucket.write(keys.drop('train', deed.dataset, deed.file), texts.training[deed.content], 'text/csv');
      return { deed, at };
    case 'predict':
      await bucket.write(keys.drop('predict', deed.dataset, deed.file), texts.prediction[deed.content], 'text/csv');
      return { deed, at };
    case 'mark':
      await bucket.write(`${keys.dropFolder('train', deed.dataset)}_SUCCESS`, '', 'text/plain');
      return { deed, at };
    case 'settle on':
      await bucket.write(keys.datasetConfig(deed.dataset), JSON.stringify(texts.settings[deed.settings]), 'application/json');
      return { deed, at };
    case 'approve':
    case 'reject':
      return { deed, at, ...(await decideByHand(deed.do, deed.dataset, deed.version, world)) };
  }
}

/** As a person does in the console, who writes no description. */
async function decideByHand(what: 'approve' | 'reject', dataset: string, fromNewest: number, { clients }: World): Promise<{ readonly version?: number }> {
  try {
    const asked = { ModelPackageGroupName: modelPackageGroup(dataset), SortOrder: 'Descending' } as const;
    const { ModelPackageSummaryList = [] } = await clients.sagemaker.send(new ListModelPackagesCommand(asked));
    const { ModelPackageArn, ModelPackageVersion } = ModelPackageSummaryList[fromNewest] ?? {};
    if (ModelPackageVersion === undefined) return {};
    await clients.sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: what === 'approve' ? 'Approved' : 'Rejected' }));
    return { version: ModelPackageVersion };
  } catch (error) {
    if (isAwsError(error, 'ValidationException', 'ResourceNotFound')) return {};
    throw error;
  }
}
