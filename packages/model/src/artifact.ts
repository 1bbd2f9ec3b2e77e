import type { Files } from '@dropforest/algorithm';
import { ModelManifestSchema } from '@dropforest/contracts';
import type { ModelManifest } from '@dropforest/contracts';
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

function readManifest(bytes: Uint8Array): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelError('unreadable-model', `${MANIFEST_FILE} of the model is not JSON`, { cause });
  }
  const result = ModelManifestSchema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ModelError('unreadable-model', `${MANIFEST_FILE} of the model is of another version or damaged: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, { cause: result.error });
}
