import type { Files } from '@dropforest/algorithm';
import { LineageSchema, ModelManifestSchema } from '@dropforest/contracts';
import type { ModelManifest } from '@dropforest/contracts';
import { z } from 'zod';
import { ModelError } from './errors.ts';

/** The file of the artifact that says what the others are. */
export const MANIFEST_FILE = 'manifest.json';

/** The files of a model artifact: the manifest, and what the algorithm needs. */
export function packModel(manifest: ModelManifest, algorithmFiles: Files): Files {
  if (algorithmFiles.has(MANIFEST_FILE)) {
    throw new ModelError('algorithm-misbehaved', `algorithm ${JSON.stringify(manifest.algorithm)} saves a file named ${MANIFEST_FILE}, which is the model's; give it another name`);
  }
  return new Map([[MANIFEST_FILE, new TextEncoder().encode(`${JSON.stringify(manifest, undefined, 2)}\n`)], ...algorithmFiles]);
}

/**
 * The inverse of `packModel`.
 * @throws ModelError `unreadable-model`
 */
export function unpackModel(files: Files): { readonly manifest: ModelManifest; readonly algorithmFiles: Files } {
  const bytes = files.get(MANIFEST_FILE);
  if (bytes === undefined) throw new ModelError('unreadable-model', `the model has no ${MANIFEST_FILE}; it has ${[...files.keys()].join(', ') || 'no files'}`);
  const algorithmFiles = new Map([...files].filter(([name]) => name !== MANIFEST_FILE));
  return { manifest: readManifest(bytes), algorithmFiles };
}

const OriginSchema = z.object({ lineage: LineageSchema.pick({ job: true }) });

/**
 * The training job that a model comes from, which can be told even of one that cannot be loaded.
 * @returns `undefined` where the artifact does not say
 */
export function jobOf(files: Files): string | undefined {
  const bytes = files.get(MANIFEST_FILE);
  if (bytes === undefined) return undefined;
  try {
    return OriginSchema.safeParse(parseJson(bytes)).data?.lineage.job;
  } catch {
    return undefined;
  }
}

function readManifest(bytes: Uint8Array): ModelManifest {
  const result = ModelManifestSchema.safeParse(parseJson(bytes));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ModelError('unreadable-model', `${MANIFEST_FILE} of the model is of another version or damaged: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, { cause: result.error });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelError('unreadable-model', `${MANIFEST_FILE} of the model is not JSON`, { cause });
  }
}
