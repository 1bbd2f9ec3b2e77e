import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { describe, expect, test } from 'vitest';
import { readOutputArchive } from './output-archive.ts';

async function archive(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const entries = Object.entries(files).map(([name, body]) => ({ header: { name, size: Buffer.byteLength(body), type: 'file' as const }, body }));
  return gzipSync(await packTar(entries));
}

describe("a job's output archive", () => {
  test('gives the files that are known, with or without a leading ./', async () => {
    const files = await readOutputArchive(await archive({ 'manifest.json': '{}', './report.html': '<p>' }));
    expect([...files].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)])).toEqual([
      ['manifest.json', '{}'],
      ['report.html', '<p>'],
    ]);
  });

  test('gives nothing else, whatever its path', async () => {
    const files = await readOutputArchive(await archive({ '../manifest.json': 'x', 'a/manifest.json': 'x', '/manifest.json': 'x', 'other.json': 'x' }));
    expect([...files.keys()]).toEqual([]);
  });

  test('that unpacks to more than 128 MB is refused', async () => {
    await expect(readOutputArchive(gzipSync(Buffer.alloc((128 << 20) + 1)))).rejects.toThrow(RangeError);
  });
});
