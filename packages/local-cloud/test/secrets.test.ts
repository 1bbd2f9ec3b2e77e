import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CreateSecretCommand, DeleteSecretCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createSettableClock } from '../src/index.ts';
import { ACCOUNT, REGION, rejection, startTestCloud } from './cloud.ts';
import type { TestOptions } from './cloud.ts';

const DAY_MS = 24 * 3600 * 1000;

/** The official clients of both services for a local cloud that ends with the test. */
async function start(options: TestOptions = {}): Promise<{ readonly ssm: SSMClient; readonly secrets: SecretsManagerClient; readonly stop: () => Promise<void> }> {
  const cloud = await startTestCloud(options);
  const config = { endpoint: cloud.url, region: REGION, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
  const clients = { ssm: new SSMClient(config), secrets: new SecretsManagerClient(config) };
  onTestFinished(() => Object.values(clients).forEach((client) => client.destroy()));
  return { ...clients, stop: () => cloud.stop() };
}

describe('SSM parameters', () => {
  it('are written, read, overwritten where that is asked for, and deleted', async () => {
    const { ssm } = await start({ clock: createSettableClock(1_500) });
    const Name = '/dropforest/slack';
    expect(await ssm.send(new PutParameterCommand({ Name, Value: 'one', Type: 'SecureString' }))).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect((await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter).toEqual({
      Name,
      Type: 'SecureString',
      Value: 'one',
      Version: 1,
      LastModifiedDate: new Date(1_500),
      ARN: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${Name}`,
      DataType: 'text',
    });
    expect(await rejection(ssm.send(new PutParameterCommand({ Name, Value: 'two' })))).toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await ssm.send(new PutParameterCommand({ Name, Value: 'two', Overwrite: true }))).toMatchObject({ Version: 2 });
    expect((await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter).toMatchObject({ Value: 'two', Type: 'SecureString' });
    await ssm.send(new DeleteParameterCommand({ Name }));
    for (const command of [new GetParameterCommand({ Name }), new DeleteParameterCommand({ Name })]) {
      expect(await rejection(ssm.send(command))).toMatchObject({ name: 'ParameterNotFound' });
    }
  });

  it('of type SecureString do not show their value without decryption', async () => {
    const { ssm } = await start();
    await ssm.send(new PutParameterCommand({ Name: 'secure', Value: 'hidden', Type: 'SecureString' }));
    await ssm.send(new PutParameterCommand({ Name: 'plain', Value: 'shown', Type: 'String' }));
    expect((await ssm.send(new GetParameterCommand({ Name: 'secure' }))).Parameter?.Value).not.toContain('hidden');
    expect((await ssm.send(new GetParameterCommand({ Name: 'plain' }))).Parameter?.Value).toBe('shown');
  });

  it.each([
    ['a path without its first slash', { Name: 'a/b', Value: 'v', Type: 'String' }, /fully qualified/],
    ['a reserved name', { Name: '/aws/x', Value: 'v', Type: 'String' }, /prefixed/],
    ['a name with a space', { Name: '/a b', Value: 'v', Type: 'String' }, /mix of letters/],
    ['no type', { Name: '/a', Value: 'v' }, /type is required/],
    ['an empty value', { Name: '/a', Value: '', Type: 'String' }, /greater than or equal to 1/],
    ['a value above the limit', { Name: '/a', Value: 'v'.repeat(4097), Type: 'String' }, /4096 characters/],
  ] as const)('are refused with %s', async (_, input, message) => {
    const { ssm } = await start();
    expect(await rejection(ssm.send(new PutParameterCommand(input)))).toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) });
  });
});

describe('secrets', () => {
  const Name = 'dropforest/key';

  it('are created, read by name and by ARN, and given new values', async () => {
    const { secrets } = await start({ clock: createSettableClock(1_500) });
    const created = await secrets.send(new CreateSecretCommand({ Name, SecretString: 'one' }));
    expect(created.ARN).toMatch(new RegExp(`^arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${Name}-[A-Za-z0-9]{6}$`));
    for (const SecretId of [Name, created.ARN]) {
      expect(await secrets.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ ARN: created.ARN, Name, VersionId: created.VersionId, SecretString: 'one', VersionStages: ['AWSCURRENT'], CreatedDate: new Date(1_500) });
    }
    expect(await rejection(secrets.send(new CreateSecretCommand({ Name, SecretString: 'other' })))).toMatchObject({ name: 'ResourceExistsException' });
    await secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretBinary: Buffer.from([0, 255]) }));
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: Name }))).SecretBinary).toEqual(new Uint8Array([0, 255]));
    expect(await secrets.send(new GetSecretValueCommand({ SecretId: Name, VersionStage: 'AWSPREVIOUS' }))).toMatchObject({ SecretString: 'one', VersionId: created.VersionId });
  });

  it('a request that is sent again is answered as at first', async () => {
    const { secrets } = await start();
    const ClientRequestToken = '0'.repeat(32);
    const create = (SecretString: string) => secrets.send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken }));
    const { ARN } = await create('one');
    expect(await create('one')).toMatchObject({ ARN, VersionId: ClientRequestToken });
    expect(await rejection(create('two'))).toMatchObject({ name: 'ResourceExistsException' });
    expect(await rejection(secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString: 'two', ClientRequestToken })))).toMatchObject({ name: 'ResourceExistsException' });
  });

  it('that are deleted can be neither read nor made again until their time is up', async () => {
    const clock = createSettableClock(0);
    const { secrets } = await start({ clock });
    await secrets.send(new CreateSecretCommand({ Name, SecretString: 'one' }));
    expect(await secrets.send(new DeleteSecretCommand({ SecretId: Name, RecoveryWindowInDays: 7 }))).toMatchObject({ DeletionDate: new Date(7 * DAY_MS) });
    expect(await rejection(secrets.send(new GetSecretValueCommand({ SecretId: Name })))).toMatchObject({ name: 'InvalidRequestException' });
    expect(await rejection(secrets.send(new CreateSecretCommand({ Name, SecretString: 'two' })))).toMatchObject({ name: 'InvalidRequestException' });
    clock.advance(7 * DAY_MS);
    expect(await rejection(secrets.send(new GetSecretValueCommand({ SecretId: Name })))).toMatchObject({ name: 'ResourceNotFoundException' });
    await secrets.send(new CreateSecretCommand({ Name, SecretString: 'two' }));
    await secrets.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true }));
    await secrets.send(new CreateSecretCommand({ Name, SecretString: 'three' }));
    expect(await secrets.send(new GetSecretValueCommand({ SecretId: Name }))).toMatchObject({ SecretString: 'three', VersionStages: ['AWSCURRENT'] });
  });

  it('without a value say that there is none', async () => {
    const { secrets } = await start();
    await secrets.send(new CreateSecretCommand({ Name }));
    expect(await rejection(secrets.send(new GetSecretValueCommand({ SecretId: Name })))).toMatchObject({ name: 'ResourceNotFoundException', message: expect.stringContaining('AWSCURRENT') });
  });
});

it('parameters and secrets outlive the cloud', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const first = await start({ storage: { kind: 'disk', directory } });
  await first.ssm.send(new PutParameterCommand({ Name: '/p', Value: 'kept', Type: 'String' }));
  await first.secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'kept' }));
  await first.stop();
  const second = await start({ storage: { kind: 'disk', directory } });
  expect((await second.ssm.send(new GetParameterCommand({ Name: '/p' }))).Parameter?.Value).toBe('kept');
  expect((await second.secrets.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('kept');
});
