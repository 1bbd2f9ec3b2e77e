/** Copies on the server side, as the apps make them, on the local cloud's S3. */
import { createHash } from 'node:crypto';
import { ListPartsCommand } from '@aws-sdk/client-s3';
import { createBucket, createClients, type Clients } from '@dropforest/lambda-kit';
import { startLocalCloud, type LocalCloud } from '@dropforest/local-cloud';
import { afterAll, beforeAll, expect, test } from 'vitest';

const [BUCKET, REGION] = ['data', 'us-east-1'];
/** Every part but the last has as much at least. */
const PART = 5 << 20;
const content = Buffer.from(Uint8Array.from({ length: 2 * PART + 3 }, (_, index) => (index * 7 + (index >> 10)) % 251));

let cloud: LocalCloud;
let clients: Clients;
beforeAll(async () => {
  const wiring = { account: '111122223333', region: REGION, buckets: [{ name: BUCKET, eventBridge: false }], buses: [], queues: [], rules: [], functions: [], topics: [] };
  cloud = await startLocalCloud({ port: 0, storage: { kind: 'memory' }, functions: {}, containers: () => undefined, wiring });
  clients = createClients({ url: cloud.url, region: REGION });
  await createBucket(clients.s3, BUCKET).write('from a+b.csv', content, 'text/csv');
});
afterAll(async () => {
  clients.destroy();
  await cloud.stop();
});

async function sourceEtag(): Promise<string> {
  return (await createBucket(clients.s3, BUCKET).head('from a+b.csv'))?.etag ?? '';
}

test('a copy by one request says the SHA-256 of what was copied', async () => {
  const bucket = createBucket(clients.s3, BUCKET, content.length);
  const { etag, sha256 } = await bucket.copy('from a+b.csv', await sourceEtag(), 'whole');
  expect({ etag, sha256 }).toEqual({ etag: await sourceEtag(), sha256: createHash('sha256').update(content).digest('base64') });
  expect(content.equals(await bucket.readBytes('whole', content.length))).toBe(true);
});

test.each([
  ['known', content.length],
  ['asked for', undefined],
])('what is larger than one request copies is copied in parts, its size being %s', async (_, size) => {
  const bucket = createBucket(clients.s3, BUCKET, PART);
  const { etag, sha256 } = await bucket.copy('from a+b.csv', await sourceEtag(), 'parts', size);
  expect(etag).toMatch(/^[0-9a-f]{32}-3$/);
  expect(sha256).toBeUndefined();
  expect(content.equals(await bucket.readBytes('parts', content.length))).toBe(true);
});

test('a source that is no longer what was seen is not copied, and nothing is left of the try', async () => {
  let upload: string | undefined;
  const watched = createClients({ url: cloud.url, region: REGION });
  watched.s3.middlewareStack.add((next) => async (args) => {
    if ('UploadId' in args.input && typeof args.input.UploadId === 'string') upload = args.input.UploadId;
    return next(args);
  });
  for (const largest of [PART, content.length]) {
    const copy = createBucket(watched.s3, BUCKET, largest).copy('from a+b.csv', 'another', 'stale');
    await expect(copy).rejects.toMatchObject({ code: 'facts-changed' });
  }
  watched.destroy();
  expect(await createBucket(clients.s3, BUCKET).head('stale')).toBeUndefined();
  expect(upload).toBeDefined();
  await expect(clients.s3.send(new ListPartsCommand({ Bucket: BUCKET, Key: 'stale', UploadId: upload }))).rejects.toMatchObject({ name: 'NoSuchUpload' });
});
