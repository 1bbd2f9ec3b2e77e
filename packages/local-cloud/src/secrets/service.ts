/**
 * Secrets Manager, JSON protocol (1.1).
 *
 * Gaps: two versions of a secret are kept, the current and the previous one, with AWS's own labels only; no rotation,
 * replication, resource policies, tags, restoring or listing. By design: values are stored as they are, there is no KMS;
 * a deletion without recovery is done at once.
 */
import { z } from 'zod';

import type { Clock } from '../clock.ts';
import { operation } from '../http/json-protocol.ts';
import type { JsonOperations, JsonProtocol } from '../http/json-protocol.ts';
import { WireError } from '../http/wire-error.ts';
import type { Secret, Secrets, SecretValue, SecretVersion } from './secrets.ts';

export const SECRETS_PROTOCOL: JsonProtocol = { contentType: 'application/x-amz-json-1.1', invalidInput: 'ValidationException' };

const SecretId = z.string().min(1).max(2048);
const Value = { SecretString: z.string().min(1).max(65_536).optional(), SecretBinary: z.base64().min(1).optional() };
const ClientRequestToken = z.string().min(32).max(64).optional();
const DAY_MS = 24 * 3600 * 1000;

const CreateSchema = z.object({ Name: z.string().min(1).max(512), ClientRequestToken, ...Value });
const PutSchema = z.object({ SecretId, ClientRequestToken, ...Value });
const GetSchema = z.object({ SecretId, VersionId: z.string().optional(), VersionStage: z.string().optional() });
const DeleteSchema = z.object({ SecretId, RecoveryWindowInDays: z.int().optional(), ForceDeleteWithoutRecovery: z.boolean().default(false) });

export function secretsOperations(secrets: Secrets, clock: Clock, newId: () => string): JsonOperations {
  return {
    CreateSecret: operation(CreateSchema, (input) => create(secrets, input, newId)),
    PutSecretValue: operation(PutSchema, (input) => {
      const value = valueOf(input);
      if (value === undefined) throw invalidRequest('You must provide either SecretString or SecretBinary.');
      const secret = put(secrets, usable(secrets, input.SecretId), input.ClientRequestToken ?? newId(), value);
      return { ...described(secret), VersionId: secret.current?.id, VersionStages: ['AWSCURRENT'] };
    }),
    GetSecretValue: operation(GetSchema, (input) => {
      const secret = usable(secrets, input.SecretId);
      const [stage, version] = versionOf(secret, input);
      return { ...described(secret), VersionId: version.id, SecretString: version.text, SecretBinary: version.binary, VersionStages: [stage], CreatedDate: version.created / 1000 };
    }),
    DeleteSecret: operation(DeleteSchema, (input) => remove(secrets, input, clock)),
  };
}

/** The SDKs send a token with every request: the same request again, after a time-out, is answered as at first. */
function create(secrets: Secrets, input: z.infer<typeof CreateSchema>, newId: () => string): object {
  if (!/^[A-Za-z0-9\/_+=.@-]+$/.test(input.Name)) throw new WireError(400, 'ValidationException', 'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!');
  const known = secrets.find(input.Name);
  if (known?.deletion !== undefined) throw invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.");
  const value = valueOf(input);
  const token = input.ClientRequestToken ?? newId();
  if (known !== undefined && !(known.current?.id === token && isSame(known.current, value))) {
    throw new WireError(400, 'ResourceExistsException', `The operation failed because the secret ${input.Name} already exists.`);
  }
  const secret = known ?? secrets.create(input.Name);
  return { ...described(secret), VersionId: value === undefined ? undefined : put(secrets, secret, token, value).current?.id };
}

function put(secrets: Secrets, secret: Secret, token: string, value: SecretValue): Secret {
  const known = [secret.current, secret.previous].find((version) => version?.id === token);
  if (known === undefined) return secrets.putValue(secret, token, value);
  if (isSame(known, value)) return secret;
  throw new WireError(400, 'ResourceExistsException', `The operation failed because the version ${token} already exists with another value.`);
}

function remove(secrets: Secrets, { SecretId: id, RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force }: z.infer<typeof DeleteSchema>, clock: Clock): object {
  if (force && days !== undefined) throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  if (days !== undefined && (days < 7 || days > 30)) throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  const secret = force ? existing(secrets, id) : usable(secrets, id);
  const at = clock.now() + (force ? 0 : (days ?? 30) * DAY_MS);
  if (force) secrets.delete(secret);
  else secrets.scheduleDeletion(secret, at);
  return { ...described(secret), DeletionDate: at / 1000 };
}

function existing(secrets: Secrets, id: string): Secret {
  const secret = secrets.find(id);
  if (secret === undefined) throw notFound("Secrets Manager can't find the specified secret.");
  return secret;
}

function usable(secrets: Secrets, id: string): Secret {
  const secret = existing(secrets, id);
  if (secret.deletion !== undefined) throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
  return secret;
}

function versionOf({ current, previous }: Secret, { VersionId: id, VersionStage: stage }: z.infer<typeof GetSchema>): readonly [string, SecretVersion] {
  const wanted = stage ?? (id === undefined ? 'AWSCURRENT' : undefined);
  const labelled = [['AWSCURRENT', current], ['AWSPREVIOUS', previous]] as const;
  for (const [label, version] of labelled) {
    if (version !== undefined && (wanted === undefined || label === wanted) && (id === undefined || version.id === id)) return [label, version];
  }
  throw notFound(`Secrets Manager can't find the specified secret value for ${id === undefined ? `staging label: ${wanted}` : `VersionId: ${id}`}`);
}

function valueOf({ SecretString: text, SecretBinary: binary }: { readonly SecretString?: string | undefined; readonly SecretBinary?: string | undefined }): SecretValue | undefined {
  if (text !== undefined && binary !== undefined) throw invalidParameter("You can't specify both a binary secret value and a string secret value in the same secret.");
  return text === undefined && binary === undefined ? undefined : { text, binary };
}

function isSame(version: SecretVersion | undefined, value: SecretValue | undefined): boolean {
  return version?.text === value?.text && version?.binary === value?.binary;
}

function described({ arn, name }: Secret): { readonly ARN: string; readonly Name: string } {
  return { ARN: arn, Name: name };
}

function notFound(message: string): WireError {
  return new WireError(400, 'ResourceNotFoundException', message);
}

function invalidRequest(message: string): WireError {
  return new WireError(400, 'InvalidRequestException', message);
}

function invalidParameter(message: string): WireError {
  return new WireError(400, 'InvalidParameterException', message);
}
