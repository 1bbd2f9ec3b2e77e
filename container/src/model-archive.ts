/** `model.tar.gz` of another training job, as a channel brings it. */
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { ContainerError } from './errors.ts';
import type { ChannelFile, Files } from './opt-ml.ts';

const ARCHIVE = 'model.tar.gz';
/** A small gzip may hold a huge file: no more than this is unpacked. */
const UNPACKED_LIMIT = 4 * 2 ** 30;

/** The archive among a channel's files; a channel is a string prefix and may bring others. */
export function findArchive(files: readonly ChannelFile[]): ChannelFile | undefined {
  return files.find(({ name }) => name === ARCHIVE);
}

/**
 * The model's files, in memory alone: no name in the archive can reach beyond it. Folders and links are left out.
 * @throws ContainerError `platform` where it is no gzip or no tar, or unpacks to more than 4 GiB
 */
export async function readArchive({ name, read }: ChannelFile, limit = UNPACKED_LIMIT): Promise<Files> {
  try {
    const entries = await unpackTar(gunzipSync(read(), { maxOutputLength: limit }), { strict: true });
    return new Map(entries.flatMap(({ header, data }) => (data === undefined ? [] : [[header.name.replace(/^\.\//, ''), data]])));
  } catch (cause) {
    throw new ContainerError('platform', `${name} cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
