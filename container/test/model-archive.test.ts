import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { findArchive, readArchive } from '../src/model-archive.ts';
import type { ChannelFile } from '../src/opt-ml.ts';

function channelFile(name: string, bytes: Uint8Array = new Uint8Array()): ChannelFile {
  return { name, read: () => bytes, open: async function* () { yield bytes; } };
}

test("a channel's archive is told from what else its prefix brings", () => {
  expect(findArchive([channelFile('model.tar.gz.old'), channelFile('old/model.tar.gz'), channelFile('model.tar.gz')])?.name).toBe('model.tar.gz');
  expect(findArchive([channelFile('output.tar.gz')])).toBeUndefined();
});

test('an archive gives its files by name; folders and links are left out', async () => {
  const archive = await packTar([
    { header: { name: 'folder/', size: 0, type: 'directory' } },
    { header: { name: 'link', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
    { header: { name: './manifest.json', size: 2, type: 'file' }, body: '{}' },
    { header: { name: 'forest.bin', size: 3, type: 'file' }, body: new Uint8Array([1, 2, 3]) },
    { header: { name: 'empty', size: 0, type: 'file' }, body: '' },
  ]);
  expect([...(await readArchive(channelFile('model.tar.gz', gzipSync(archive))))].map(([name, bytes]) => [name, bytes.length])).toEqual([['manifest.json', 2], ['forest.bin', 3], ['empty', 0]]);
});

test('an archive that unpacks to more than the limit is refused', async () => {
  await expect(readArchive(channelFile('model.tar.gz', gzipSync(Buffer.alloc(2000))), 1999)).rejects.toThrow(/^model\.tar\.gz cannot be unpacked: .*larger than 1999 bytes/);
});
