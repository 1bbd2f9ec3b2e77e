import { z } from 'zod';

import { readText } from '../../http/read-body.ts';
import { WireError } from '../../http/wire-error.ts';
import { parseXml } from '../../http/xml.ts';
import { emptyReply, requireBucket, xmlReply } from '../s3-context.ts';
import type { S3Handler } from '../s3-context.ts';
import { malformedXml, notImplemented } from '../s3-errors.ts';

export const listBuckets: S3Handler = (_input, { store, cloud }) =>
  xmlReply('ListAllMyBucketsResult', {
    Owner: { ID: cloud.wiring.account, DisplayName: 'local-cloud' },
    Buckets: { Bucket: store.buckets.all().map(({ name, created }) => ({ Name: name, CreationDate: new Date(created).toISOString(), BucketRegion: cloud.wiring.region })) },
  });

/** The bucket is created in the cloud's region, whatever LocationConstraint says. */
export const createBucket: S3Handler = ({ bucket }, { store, cloud }) => {
  if (!/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw new WireError(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: bucket });
  const exists = store.buckets.find(bucket) !== undefined;
  // us-east-1 alone takes a second creation for success.
  if (exists && cloud.wiring.region !== 'us-east-1') {
    throw new WireError(409, 'BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', { BucketName: bucket });
  }
  if (!exists) store.buckets.create(bucket);
  return emptyReply(200, { location: `/${bucket}` });
};

export const headBucket: S3Handler = ({ bucket }, s3) => {
  requireBucket(s3, bucket);
  return emptyReply(200, { 'x-amz-bucket-region': s3.cloud.wiring.region });
};

export const deleteBucket: S3Handler = ({ bucket }, s3) => {
  requireBucket(s3, bucket);
  if (!s3.store.buckets.isEmpty(bucket)) throw new WireError(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty', { BucketName: bucket });
  s3.store.buckets.delete(bucket);
  return emptyReply(204);
};

export const getBucketLocation: S3Handler = ({ bucket }, s3) => {
  requireBucket(s3, bucket);
  const { region } = s3.cloud.wiring;
  return xmlReply('LocationConstraint', region === 'us-east-1' ? '' : region);
};

export const getBucketVersioning: S3Handler = ({ bucket }, s3) => {
  requireBucket(s3, bucket);
  return xmlReply('VersioningConfiguration', '');
};

export const getNotification: S3Handler = ({ bucket }, s3) => {
  const { eventBridge } = requireBucket(s3, bucket);
  return xmlReply('NotificationConfiguration', eventBridge ? { EventBridgeConfiguration: '' } : '');
};

const NotificationSchema = z.object({ NotificationConfiguration: z.union([z.literal(''), z.record(z.string(), z.unknown())]) });

/** The configuration is replaced as a whole: one without EventBridgeConfiguration turns the events off. */
export const putNotification: S3Handler = async ({ bucket, http }, s3) => {
  requireBucket(s3, bucket);
  const parsed = NotificationSchema.safeParse(tryParse(await readText(http)));
  if (!parsed.success) throw malformedXml();
  const configuration = parsed.data.NotificationConfiguration === '' ? {} : parsed.data.NotificationConfiguration;
  const other = Object.keys(configuration).find((name) => name !== 'EventBridgeConfiguration' && name !== '#text');
  if (other !== undefined) throw notImplemented(`notifications by ${other}; use EventBridgeConfiguration`);
  s3.store.buckets.setEventBridge(bucket, 'EventBridgeConfiguration' in configuration);
  return emptyReply(200);
};

function tryParse(text: string): unknown {
  try {
    return parseXml(text, []);
  } catch {
    throw malformedXml();
  }
}
