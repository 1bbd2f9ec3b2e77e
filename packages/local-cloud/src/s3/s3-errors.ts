import { WireError } from '../http/wire-error.ts';

/** The error answers of S3, in its own words. */

export function noSuchBucket(bucket: string): WireError {
  return new WireError(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket });
}

export function noSuchKey(key: string): WireError {
  return new WireError(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
}

export function noSuchUpload(id: string): WireError {
  return new WireError(404, 'NoSuchUpload', 'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.', { UploadId: id });
}

export function preconditionFailed(condition: string): WireError {
  return new WireError(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition: condition });
}

export function conflict(condition: string): WireError {
  return new WireError(409, 'ConditionalRequestConflict', 'The conditional request cannot succeed due to a conflicting operation against this resource.', { Condition: condition });
}

export function notImplemented(what: string): WireError {
  return new WireError(501, 'NotImplemented', `The local cloud does not implement ${what}`);
}

export function invalidRequest(message: string): WireError {
  return new WireError(400, 'InvalidRequest', message);
}

export function invalidArgument(name: string, value: string, message: string): WireError {
  return new WireError(400, 'InvalidArgument', message, { ArgumentName: name, ArgumentValue: value });
}

export function malformedXml(): WireError {
  return new WireError(400, 'MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
}

export function badDigest(what: string): WireError {
  return new WireError(400, 'BadDigest', `The ${what} you specified did not match the calculated checksum.`);
}

export function incompleteBody(): WireError {
  return new WireError(400, 'IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header or the body was cut off');
}
