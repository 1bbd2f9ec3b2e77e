import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  paginateListObjectsV2,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { ChecksumAlgorithm } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BUCKET, REGION, rejection, startTestCloud } from './cloud.ts';
import type { TestCloud } from './cloud.ts';

const MB = 1024 * 1024;

async function put(cloud: TestCloud, Key: string, Body = 'x', more: object = {}): Promise<void> {
  await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));
}

async function read(cloud: TestCloud, Key: string, more: object = {}): Promise<string> {
  const { Body } = await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }));
  return (await Body?.transformToString()) ?? '';
}

/** Bytes that differ from place to place, so that a part out of order shows. */
function bytes(size: number): Buffer {
  const buffer = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) buffer.writeUInt32LE(at, at);
  return buffer;
}

describe('buckets', () => {
  it('are listed, created once, described and deleted when empty', async () => {
    const cloud = await startTestCloud();
    await cloud.s3.send(new CreateBucketCommand({ Bucket: 'other', CreateBucketConfiguration: { LocationConstraint: REGION } }));
    expect((await cloud.s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([BUCKET, 'other']);
    expect(await rejection(cloud.s3.send(new CreateBucketCommand({ Bucket: 'other' })))).toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    expect(await rejection(cloud.s3.send(new CreateBucketCommand({ Bucket: 'Not_A_Bucket' })))).toMatchObject({ name: 'InvalidBucketName' });
    expect(await cloud.s3.send(new HeadBucketCommand({ Bucket: 'other' }))).toMatchObject({ BucketRegion: REGION });
    expect((await cloud.s3.send(new GetBucketLocationCommand({ Bucket: 'other' }))).LocationConstraint).toBe(REGION);
    await put(cloud, 'x');
    expect(await rejection(cloud.s3.send(new DeleteBucketCommand({ Bucket: BUCKET })))).toMatchObject({ name: 'BucketNotEmpty' });
    await cloud.s3.send(new DeleteBucketCommand({ Bucket: 'other' }));
    expect(await rejection(cloud.s3.send(new HeadBucketCommand({ Bucket: 'other' })))).toMatchObject({ name: 'NotFound' });
    expect(await rejection(cloud.s3.send(new ListObjectsV2Command({ Bucket: 'other' })))).toMatchObject({ name: 'NoSuchBucket' });
  });

  it('send events only while their notification configuration says so', async () => {
    const cloud = await startTestCloud();
    const created = async () => (await cloud.eventsOf('Object Created')).length;
    await put(cloud, 'one');
    await cloud.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration: {} }));
    await put(cloud, 'two');
    expect(await created()).toBe(1);
    await cloud.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration: { EventBridgeConfiguration: {} } }));
    await put(cloud, 'three');
    expect(await created()).toBe(2);
    expect((await cloud.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET }))).EventBridgeConfiguration).toBeDefined();
  });
});

describe('objects', () => {
  it('come back with their bytes, type, metadata and MD5', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'a dir/é+%.csv', 'hello', { ContentType: 'text/csv', CacheControl: 'no-store', Metadata: { from: 'test' } });
    const got = await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a dir/é+%.csv' }));
    expect(got).toMatchObject({ ContentType: 'text/csv', CacheControl: 'no-store', Metadata: { from: 'test' }, ContentLength: 5, ETag: '"5d41402abc4b2a76b9719d911017c592"' });
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(await cloud.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a dir/é+%.csv' }))).toMatchObject({ ContentLength: 5, LastModified: expect.any(Date) });
    expect(await rejection(read(cloud, 'none'))).toMatchObject({ name: 'NoSuchKey' });
    expect(await rejection(cloud.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'none' })))).toMatchObject({ name: 'NotFound' });
  });

  it('arrive whole from a stream, which clients send as aws-chunked inside HTTP chunking', async () => {
    const cloud = await startTestCloud();
    const content = bytes(3 * MB + 7);
    await cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'stream', Body: Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]), ContentLength: content.length, ContentEncoding: 'gzip' }));
    const got = await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'stream' }));
    expect(got.ContentEncoding).toBe('gzip');
    expect(content.equals(Buffer.from((await got.Body?.transformToByteArray()) ?? []))).toBe(true);
  });

  it.each<ChecksumAlgorithm>(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'])('keep the %s that the client computed', async (ChecksumAlgorithm) => {
    const cloud = await startTestCloud();
    const checksums = { CRC32: 'y/Q5Jg==', CRC32C: '4waSgw==', CRC64NVME: 'rosUhgp5mIg=', SHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=', SHA256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=' };
    const value = Object.entries(checksums).find(([name]) => name === ChecksumAlgorithm)?.[1];
    // The check values of the algorithms: the checksum of these nine digits.
    await fetch(`${cloud.url}/${BUCKET}/digits`, { method: 'PUT', body: '123456789', headers: { [`x-amz-checksum-${ChecksumAlgorithm.toLowerCase()}`]: value ?? '' } });
    const got = await cloud.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'digits', ChecksumMode: 'ENABLED' }));
    expect(got).toMatchObject({ [`Checksum${ChecksumAlgorithm}`]: value, ChecksumType: 'FULL_OBJECT' });
  });

  it('are refused, and not stored, when their checksum or MD5 is wrong', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'key', 'before');
    expect(await rejection(cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'key', Body: 'x', ChecksumCRC32: 'AAAAAA==' })))).toMatchObject({
      name: 'BadDigest',
      message: 'The CRC32 you specified did not match the calculated checksum.',
    });
    expect(await rejection(cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'key', Body: 'x', ChecksumCRC32: 'AAA=' })))).toMatchObject({
      name: 'InvalidRequest',
      message: 'Value for x-amz-checksum-crc32 header is invalid.',
    });
    expect(await rejection(cloud.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'key', Body: 'x', ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' })))).toMatchObject({ name: 'BadDigest' });
    expect(await read(cloud, 'key')).toBe('before');
  });

  it('can be read in part', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'key', '0123456789');
    expect(await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'key', Range: 'bytes=2-4' }))).toMatchObject({ ContentRange: 'bytes 2-4/10', ContentLength: 3 });
    expect(await read(cloud, 'key', { Range: 'bytes=2-4' })).toBe('234');
    expect(await read(cloud, 'key', { Range: 'bytes=7-' })).toBe('789');
    expect(await read(cloud, 'key', { Range: 'bytes=-2' })).toBe('89');
    expect(await read(cloud, 'key', { Range: 'bytes=8-100' })).toBe('89');
    expect(await rejection(read(cloud, 'key', { Range: 'bytes=10-' }))).toMatchObject({ name: 'InvalidRange' });
  });

  it('are read under conditions', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'key', 'hello');
    const etag = '"5d41402abc4b2a76b9719d911017c592"';
    expect(await read(cloud, 'key', { IfMatch: etag })).toBe('hello');
    expect(await rejection(read(cloud, 'key', { IfMatch: '"other"' }))).toMatchObject({ name: 'PreconditionFailed' });
    expect(await rejection(read(cloud, 'key', { IfNoneMatch: etag }))).toMatchObject({ $metadata: { httpStatusCode: 304 } });
    expect(await rejection(read(cloud, 'key', { IfModifiedSince: new Date(Date.now() + 1000) }))).toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });

  it('are written under conditions, of which only one of two writers meets "not there yet"', async () => {
    const cloud = await startTestCloud();
    const race = await Promise.allSettled(['a', 'b'].map((body) => put(cloud, 'claim', body, { IfNoneMatch: '*' })));
    expect(race.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await rejection(put(cloud, 'claim', 'c', { IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed', Condition: 'If-None-Match' });
    expect(await rejection(put(cloud, 'claim', 'c', { IfNoneMatch: '"x"' }))).toMatchObject({ name: 'NotImplemented' });
    expect(await rejection(put(cloud, 'missing', 'c', { IfMatch: '"x"' }))).toMatchObject({ name: 'NoSuchKey' });
    expect(await rejection(put(cloud, 'claim', 'c', { IfMatch: '"x"' }))).toMatchObject({ name: 'PreconditionFailed', Condition: 'If-Match' });
    const { ETag } = await cloud.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'claim' }));
    await put(cloud, 'claim', 'moved', { IfMatch: ETag });
    expect(await read(cloud, 'claim')).toBe('moved');
  });

  it('under "not there yet" lose against a writer that finished while their body arrived', async () => {
    const cloud = await startTestCloud();
    const slow = request({ host: '127.0.0.1', port: cloud.port, method: 'PUT', path: `/${BUCKET}/claim`, headers: { 'if-none-match': '*', 'content-length': '4' } });
    slow.write('sl');
    await put(cloud, 'claim', 'fast', { IfNoneMatch: '*' });
    const [response] = await once(slow.end('ow'), 'response');
    expect(response).toMatchObject({ statusCode: 412 });
    expect(await read(cloud, 'claim')).toBe('fast');
  });

  it('are deleted alone or together, also where there is nothing', async () => {
    const cloud = await startTestCloud();
    for (const key of ['a', 'b & c', 'd']) await put(cloud, key);
    await cloud.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'none' }));
    await cloud.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const { Deleted } = await cloud.s3.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'b & c' }, { Key: 'none' }] } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['b & c', 'none']);
    expect((await cloud.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount).toBe(1);
    expect(await cloud.eventsOf('Object Deleted')).toHaveLength(2);
  });
});

describe('copies', () => {
  it('are made on the server under conditions of source and destination', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'from/a b.csv', 'hello', { ContentType: 'text/csv', Metadata: { a: '1' } });
    const copy = (more: object) => cloud.s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'to', CopySource: `${BUCKET}/from/a%20b.csv`, ...more }));
    expect(await rejection(copy({ CopySourceIfMatch: '"other"' }))).toMatchObject({ name: 'PreconditionFailed' });
    await copy({ CopySourceIfMatch: '"5d41402abc4b2a76b9719d911017c592"', IfNoneMatch: '*' });
    expect(await rejection(copy({ IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed' });
    expect(await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'to' }))).toMatchObject({ ContentType: 'text/csv', Metadata: { a: '1' } });
    await copy({ MetadataDirective: 'REPLACE', ContentType: 'text/plain' });
    expect(await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'to' }))).toMatchObject({ ContentType: 'text/plain', Metadata: {} });
  });

  it('outlive their source, whose bytes they share', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'from', 'first');
    await cloud.s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'to', CopySource: `${BUCKET}/from` }));
    await put(cloud, 'from', 'second');
    await cloud.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'from' }));
    expect(await read(cloud, 'to')).toBe('first');
  });

  it.each([
    ['of one request', async (cloud: TestCloud, Body: Buffer) => put(cloud, 'from', 'x', { Body })],
    ['of a multipart upload', async (cloud: TestCloud, Body: Buffer) => void (await new Upload({ client: cloud.s3, params: { Bucket: BUCKET, Key: 'from', Body } }).done())],
  ])('%s carry the checksum that is asked for, of the whole content', async (_, upload) => {
    const cloud = await startTestCloud();
    const content = bytes(6 * MB);
    await upload(cloud, content);
    const { CopyObjectResult } = await cloud.s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'to', CopySource: `${BUCKET}/from`, ChecksumAlgorithm: 'SHA256' }));
    const expected = { ChecksumSHA256: createHash('sha256').update(content).digest('base64'), ChecksumType: 'FULL_OBJECT' };
    expect(CopyObjectResult).toMatchObject(expected);
    expect(await cloud.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'to', ChecksumMode: 'ENABLED' }))).toMatchObject(expected);
    expect(await read(cloud, 'to', { ChecksumMode: 'ENABLED' })).toBe(content.toString());
  });

  it('of an object onto itself need new metadata', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'key');
    expect(await rejection(cloud.s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'key', CopySource: `${BUCKET}/key` })))).toMatchObject({ name: 'InvalidRequest' });
  });
});

describe('multipart uploads', () => {
  it('by the SDK give the same bytes, an ETag with the number of parts and a composite checksum', async () => {
    const cloud = await startTestCloud();
    const content = bytes(12 * MB + 5);
    await new Upload({ client: cloud.s3, params: { Bucket: BUCKET, Key: 'big', Body: content, ContentType: 'text/csv' } }).done();
    const got = await cloud.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'big', ChecksumMode: 'ENABLED' }));
    expect(got).toMatchObject({ ContentType: 'text/csv', ETag: expect.stringMatching(/^"[0-9a-f]{32}-3"$/), ChecksumCRC32: expect.stringMatching(/-3$/), ChecksumType: 'COMPOSITE' });
    expect(content.equals(Buffer.from((await got.Body?.transformToByteArray()) ?? []))).toBe(true);
    const [event] = await cloud.eventsOf('Object Created');
    expect(event?.detail).toMatchObject({ reason: 'CompleteMultipartUpload', object: { size: content.length, etag: got.ETag?.replaceAll('"', '') } });
  });

  it('take parts of other objects, list their parts and check the list that completes them', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'source', 'z'.repeat(5 * MB));
    const { UploadId } = await cloud.s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'big', ChecksumAlgorithm: 'CRC32' }));
    const at = { Bucket: BUCKET, Key: 'big', UploadId };
    const first = await cloud.s3.send(new UploadPartCopyCommand({ ...at, PartNumber: 1, CopySource: `${BUCKET}/source` }));
    const second = await cloud.s3.send(new UploadPartCommand({ ...at, PartNumber: 2, Body: 'end' }));
    expect((await cloud.s3.send(new ListPartsCommand(at))).Parts).toMatchObject([{ PartNumber: 1, Size: 5 * MB }, { PartNumber: 2, Size: 3 }]);
    const parts = [
      { PartNumber: 1, ETag: first.CopyPartResult?.ETag, ChecksumCRC32: first.CopyPartResult?.ChecksumCRC32 },
      { PartNumber: 2, ETag: second.ETag, ChecksumCRC32: second.ChecksumCRC32 },
    ];
    const complete = (Parts: typeof parts, more: object = {}) => cloud.s3.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts }, ...more }));
    expect(await rejection(complete(parts.toReversed()))).toMatchObject({ name: 'InvalidPartOrder' });
    expect(await rejection(complete(parts.map((part) => ({ ...part, ETag: '"0"' }))))).toMatchObject({ name: 'InvalidPart' });
    expect(await rejection(complete(parts.map((part) => ({ ...part, ChecksumCRC32: undefined }))))).toMatchObject({ name: 'InvalidRequest' });
    await put(cloud, 'big', 'already there');
    expect(await rejection(complete(parts, { IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed' });
    await complete(parts);
    expect(await read(cloud, 'big', { Range: 'bytes=-4' })).toBe('zend');
    expect(await cloud.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'big', ChecksumMode: 'ENABLED' }))).toMatchObject({ ChecksumCRC32: expect.stringMatching(/-2$/), ChecksumType: 'COMPOSITE' });
    expect(await rejection(complete(parts))).toMatchObject({ name: 'NoSuchUpload' });
  });

  it('refuse small parts before the last one, and can be aborted', async () => {
    const cloud = await startTestCloud();
    const { UploadId } = await cloud.s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'big' }));
    const at = { Bucket: BUCKET, Key: 'big', UploadId };
    const Parts = [];
    for (const PartNumber of [1, 2]) {
      const { ETag, ChecksumCRC32 } = await cloud.s3.send(new UploadPartCommand({ ...at, PartNumber, Body: 'small' }));
      Parts.push({ PartNumber, ETag, ChecksumCRC32 });
    }
    expect(await rejection(cloud.s3.send(new CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts } })))).toMatchObject({ name: 'EntityTooSmall' });
    await cloud.s3.send(new AbortMultipartUploadCommand(at));
    expect(await rejection(cloud.s3.send(new ListPartsCommand(at)))).toMatchObject({ name: 'NoSuchUpload' });
  });
});

describe('listings', () => {
  it('follow the order of UTF-8 bytes, also for characters outside the basic plane', async () => {
    const cloud = await startTestCloud();
    const keys = ['a', 'B', 'é', '\u{1f600}', '\uff5e', 'a/b', 'a b', 'a+b&<>'];
    for (const key of keys) await put(cloud, key);
    const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents.map(({ Key }) => Key)).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  it('encode keys when asked to, and refuse another encoding', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'a dir/b+c é');
    const { Contents, EncodingType } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, EncodingType: 'url' }));
    expect([EncodingType, Contents?.[0]?.Key]).toEqual(['url', 'a%20dir/b%2Bc%20%C3%A9']);
    expect((await fetch(`${cloud.url}/${BUCKET}?list-type=2&encoding-type=x`)).status).toBe(400);
  });

  it('in version 1 go on from the marker', async () => {
    const cloud = await startTestCloud();
    for (const key of ['a', 'b', 'c']) await put(cloud, key);
    const first = await cloud.s3.send(new ListObjectsCommand({ Bucket: BUCKET, MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b' });
    const { Contents } = await cloud.s3.send(new ListObjectsCommand({ Bucket: BUCKET, Marker: first.NextMarker }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['c']);
  });

  it('show every key or common prefix once, whatever the page size', async () => {
    const cloud = await startTestCloud();
    const all = ['a', 'a/', 'a/b', 'a/b/c', 'a0', 'b/1', 'b/2', 'b/3', 'c', 'd//e', 'd/f'];
    for (const key of all) await put(cloud, key);
    const pages = async (pageSize: number, Prefix: string, Delimiter: string | undefined) => {
      const found: (string | undefined)[] = [];
      for await (const page of paginateListObjectsV2({ client: cloud.s3, pageSize }, { Bucket: BUCKET, Prefix, ...(Delimiter === undefined ? {} : { Delimiter }) })) {
        // Rather too many than for ever.
        if (found.length > 2 * all.length) break;
        found.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map((common) => common.Prefix));
      }
      return found.toSorted();
    };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.constantFrom('', 'a', 'a/', 'b/', 'd/', 'zzz'), fc.constantFrom(undefined, '/'), async (pageSize, prefix, delimiter) => {
        const keys = all.filter((key) => key.startsWith(prefix));
        const cut = keys.map((key) => {
          const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
          return end < 0 ? key : key.slice(0, end + 1);
        });
        expect(await pages(pageSize, prefix, delimiter)).toEqual([...new Set(cut)].toSorted());
      }),
      { numRuns: 40 },
    );
  });
});

describe('events', () => {
  it('carry the raw key, the size, the bare ETag and a sequencer that rises', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'inbox/run 1/a+b é.csv', 'hello');
    await cloud.s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: `${BUCKET}/inbox/run%201/a%2Bb%20%C3%A9.csv` }));
    const [first, second] = await cloud.eventsOf('Object Created');
    expect(first).toMatchObject({
      source: 'aws.s3',
      resources: [`arn:aws:s3:::${BUCKET}`],
      detail: { version: '0', bucket: { name: BUCKET }, object: { key: 'inbox/run 1/a+b é.csv', size: 5, etag: '5d41402abc4b2a76b9719d911017c592' }, reason: 'PutObject' },
    });
    expect(second?.detail).toMatchObject({ reason: 'CopyObject', object: { key: 'copy' } });
    expect(sequencerOf(second) > sequencerOf(first)).toBe(true);
  });
});

function sequencerOf(event: { detail: Readonly<Record<string, unknown>> } | undefined): string {
  const object = event?.detail['object'];
  return typeof object === 'object' && object !== null && 'sequencer' in object ? String(object.sequencer) : '';
}

describe('addresses', () => {
  it('in virtual-host style name the bucket in the host', async () => {
    const cloud = await startTestCloud();
    const put = request({ host: '127.0.0.1', port: cloud.port, method: 'PUT', path: '/a/b', headers: { host: `${BUCKET}.localhost:${cloud.port}` } }).end('x');
    await once(put, 'response');
    expect(await read(cloud, 'a/b')).toBe('x');
  });

  it('presigned by a client work, with the checksum of an empty body that it puts in the query', async () => {
    const cloud = await startTestCloud();
    const url = `${cloud.url}/${BUCKET}/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Signature=x&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32&x-id=PutObject`;
    expect((await fetch(url, { method: 'PUT', body: 'hello' })).status).toBe(200);
    expect(await (await fetch(`${cloud.url}/${BUCKET}/key?X-Amz-Signature=x&response-content-type=text/plain`)).text()).toBe('hello');
  });

  it('of sub-resources that are not there are refused and change nothing', async () => {
    const cloud = await startTestCloud();
    await put(cloud, 'key', 'before');
    const response = await fetch(`${cloud.url}/${BUCKET}/key?tagging`, { method: 'PUT', body: '<Tagging/>' });
    expect([response.status, await response.text()]).toEqual([501, expect.stringContaining('<Code>NotImplemented</Code>')]);
    expect(await read(cloud, 'key')).toBe('before');
  });
});
