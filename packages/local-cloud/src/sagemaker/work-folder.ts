import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { SageMakerParts } from './sagemaker-context.ts';

/** Where one run of a job takes place. */
export interface WorkFolder {
  /** Stands for `/opt/ml`. */
  readonly optMl: string;
  /** For files between platform and container that the container does not see. */
  readonly scratch: string;
  remove(): Promise<void>;
}

/** Makes an empty folder; one that an interrupted run left behind is removed first. */
export async function createWorkFolder({ jobsFolder }: SageMakerParts, name: string): Promise<WorkFolder> {
  const root = jobsFolder === undefined ? await mkdtemp(join(tmpdir(), 'dropforest-job-')) : resolve(jobsFolder, name);
  await rm(root, { recursive: true, force: true });
  const [optMl, scratch] = [join(root, 'ml'), join(root, 'scratch')];
  await mkdir(optMl, { recursive: true });
  await mkdir(scratch);
  return { optMl, scratch, remove: () => rm(root, { recursive: true, force: true }) };
}
