/** The `/opt/ml` tree of a training container, written as the platform writes it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ObjectStore } from '../s3/object-store.ts';
import { downloadInto, resolveSource } from './data-source.ts';
import type { CreateTrainingJobSchema } from './training-schema.ts';
import type { z } from 'zod';

type Request = z.infer<typeof CreateTrainingJobSchema>;

/** Paths of the tree that the platform itself uses. */
export interface OptMl {
  readonly model: string;
  readonly outputData: string;
  readonly failure: string;
}

/** Makes the tree and downloads the channels. @throws JobFailure when a channel has no data */
export async function prepareOptMl(root: string, request: Request, store: ObjectStore): Promise<OptMl> {
  const tree: OptMl = { model: join(root, 'model'), outputData: join(root, 'output', 'data'), failure: join(root, 'output', 'failure') };
  const config = join(root, 'input', 'config');
  for (const folder of [config, join(root, 'input', 'data'), tree.model, tree.outputData, join(root, 'checkpoints')]) await mkdir(folder, { recursive: true });
  await writeJson(join(config, 'hyperparameters.json'), request.HyperParameters ?? {});
  await writeJson(join(config, 'inputdataconfig.json'), inputDataConfig(request));
  await writeJson(join(config, 'resourceconfig.json'), resourceConfig(request));
  for (const channel of request.InputDataConfig ?? []) {
    const objects = await resolveSource(store, channel.DataSource.S3DataSource);
    const folder = join(root, 'input', 'data', channel.ChannelName);
    await mkdir(folder, { recursive: true });
    await downloadInto(store, objects, folder);
    // Real jobs have this file beside the channel's folder, which breaks programs that list input/data.
    await writeFile(`${folder}-manifest`, objects.map(({ path }) => `${path}\n`).join(''));
  }
  return tree;
}

/** The key is S3DistributionType here and S3DataDistributionType in the API; the URI is not in the file. */
function inputDataConfig({ InputDataConfig = [], AlgorithmSpecification }: Request): object {
  return Object.fromEntries(
    InputDataConfig.map(({ ChannelName, ContentType, InputMode, DataSource, RecordWrapperType }) => [
      ChannelName,
      {
        TrainingInputMode: InputMode ?? AlgorithmSpecification.TrainingInputMode,
        S3DistributionType: DataSource.S3DataSource.S3DataDistributionType,
        RecordWrapperType,
        ...(ContentType === undefined ? {} : { ContentType }),
      },
    ]),
  );
}

function resourceConfig({ ResourceConfig }: Request): object {
  const host = 'algo-1';
  return {
    current_group_name: 'homogeneousCluster',
    current_host: host,
    current_instance_type: ResourceConfig.InstanceType,
    hosts: [host],
    instance_groups: [{ hosts: [host], instance_group_name: 'homogeneousCluster', instance_type: ResourceConfig.InstanceType }],
    network_interface_name: 'lo',
    topology: null,
  };
}

function writeJson(file: string, value: object): Promise<void> {
  return writeFile(file, JSON.stringify(value));
}

/** What the container wrote to output/failure; `undefined` when it wrote nothing. */
export async function readFailure(file: string): Promise<string | undefined> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
