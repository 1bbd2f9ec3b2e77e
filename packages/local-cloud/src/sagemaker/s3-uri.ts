/** `s3://bucket/key`; the key may be empty. */
export interface S3Uri {
  readonly bucket: string;
  readonly key: string;
}

export function parseS3Uri(uri: string): S3Uri {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  return { bucket, key };
}

/** Joins an output path and what comes below it with exactly one slash. */
export function below(path: string, rest: string): string {
  return `${path.replace(/\/+$/, '')}/${rest}`;
}
