/**
 * The `/opt/ml` tree that SageMaker gives a container. `OPT_ML` moves its root, so that the programs run anywhere.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { ContainerError } from './errors.ts';

/** Every value is a string, whatever it stands for. */
const HyperParametersSchema = z.record(z.string(), z.string());

/** A file of a channel, read only when it is asked for. */
export interface ChannelFile {
  /** Path below the channel's folder, with slashes. */
  readonly name: string;
  readonly read: () => Uint8Array;
  /** Its bytes piece by piece; may be called more than once. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** File name → bytes. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface OptMl {
  readonly root: string;
  /** The files of a channel in the order of their names; none where the channel is missing. */
  channel(name: string): readonly ChannelFile[];
  /** The job's HyperParameters; none where the file is missing. */
  hyperParameters(): Readonly<Record<string, string>>;
  /** What becomes `model.tar.gz`, or was unpacked from it. */
  readModel(): Files;
  writeModel(files: Files): void;
  /** What becomes `output.tar.gz`. */
  writeOutput(files: Files): void;
  /** What SageMaker shows as the job's FailureReason. */
  writeFailure(reason: string): void;
}

/** SageMaker reads this much of the failure file. */
const LONGEST_FAILURE = 1024;

export function openOptMl(root: string): OptMl {
  const path = (...parts: readonly string[]) => join(root, ...parts);
  return {
    root,
    channel: (name) => readFolder(path('input', 'data', name)),
    hyperParameters() {
      const file = path('input', 'config', 'hyperparameters.json');
      if (!existsSync(file)) return {};
      const result = HyperParametersSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      if (result.success) return result.data;
      throw new ContainerError('platform', `${file} is not what SageMaker writes: ${z.prettifyError(result.error)}`, { cause: result.error });
    },
    readModel: () => new Map(readFolder(path('model')).map(({ name, read }) => [name, read()])),
    writeModel: (files) => writeFolder(path('model'), files),
    writeOutput: (files) => writeFolder(path('output', 'data'), files),
    writeFailure: (reason) => writeFolder(path('output'), new Map([['failure', new TextEncoder().encode(reason.slice(0, LONGEST_FAILURE))]])),
  };
}

function readFolder(folder: string): readonly ChannelFile[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return names.sort().map((name) => ({ name, read: () => readFileSync(join(folder, name)), open: () => createReadStream(join(folder, name)) }));
}

function writeFolder(folder: string, files: Files): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}
