import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTrainingJobCommand, DescribeTrainingJobCommand, SageMakerClient, StopTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';

import type { LambdaFunction } from '../src/index.ts';
import { ACCOUNT, BUCKET, IMAGE, REGION, rejection, ROLE, startTestCloud } from './cloud.ts';

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const waitingJob = {
  TrainingJobName: 'waiting',
  RoleArn: ROLE,
  AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' as const },
  HyperParameters: { mode: 'wait' },
  OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/jobs` },
  ResourceConfig: { InstanceType: 'ml.m5.large' as const, InstanceCount: 1, VolumeSizeInGB: 1 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};

it('objects, messages and events outlive the cloud, and replaced blobs do not pile up', async () => {
  const directory = folder();
  const queues = [{ name: 'q', visibilityTimeoutSeconds: 30 }];
  const first = await startTestCloud({ storage: { kind: 'disk', directory }, wiring: { queues } });
  for (const body of ['old', 'new']) await first.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'key', Body: body }));
  await first.sqs.send(new SendMessageCommand({ QueueUrl: `${first.url}/${ACCOUNT}/q`, MessageBody: 'kept' }));
  await first.stop();

  const bodies: string[] = [];
  const run: LambdaFunction = async ({ Records }) => void bodies.push(...Records.map(({ body }) => body));
  const second = await startTestCloud({
    storage: { kind: 'disk', directory },
    functions: { f: run },
    wiring: { queues, functions: [{ name: 'f', queue: 'q', batchSize: 1, maximumConcurrency: 1, timeoutSeconds: 5 }] },
  });
  await second.idle();
  expect(bodies).toEqual(['kept']);
  const { Body } = await second.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'key' }));
  expect(await Body?.transformToString()).toBe('new');
  expect(await second.eventsOf('Object Created')).toHaveLength(2);
  expect(readdirSync(join(directory, 'blobs'))).toHaveLength(1);
});

it('a message whose function was running when the cloud ended is delivered again at the next start', async () => {
  const directory = folder();
  const wiring = { queues: [{ name: 'q', visibilityTimeoutSeconds: 3600 }], functions: [{ name: 'f', queue: 'q', batchSize: 1, maximumConcurrency: 1, timeoutSeconds: 5 }] };
  const first = await startTestCloud({
    storage: { kind: 'disk', directory },
    wiring,
    functions: { f: async () => { throw new Error('killed in the middle'); } },
  });
  await first.sqs.send(new SendMessageCommand({ QueueUrl: `${first.url}/${ACCOUNT}/q`, MessageBody: 'unfinished' }));
  await first.idle();
  await first.stop();
  const bodies: string[] = [];
  const second = await startTestCloud({ storage: { kind: 'disk', directory }, wiring, functions: { f: async ({ Records }) => void bodies.push(...Records.map(({ body }) => body)) } });
  await second.idle();
  expect(bodies).toEqual(['unfinished']);
});

it('one directory serves one cloud at a time', async () => {
  const directory = folder();
  await startTestCloud({ storage: { kind: 'disk', directory } });
  expect(await rejection(startTestCloud({ storage: { kind: 'disk', directory } }))).toMatchObject({ code: 'DirectoryInUse' });
});

it('a port that is taken is refused with advice', async () => {
  const { port } = await startTestCloud();
  expect(await rejection(startTestCloud({ port }))).toMatchObject({ code: 'AddressInUse', message: expect.stringContaining(`Port ${port}`) });
});

it('stop() ends running containers and removes their folders; the job starts again with the cloud', async () => {
  const directory = folder();
  const first = await startTestCloud({ storage: { kind: 'disk', directory } });
  await first.sageMaker.send(new CreateTrainingJobCommand(waitingJob));
  await expect.poll(() => existsSync(join(directory, 'jobs', 'training-waiting', 'ml', 'model', 'model.json')), { timeout: 10_000 }).toBe(true);
  await first.stop();
  expect(readdirSync(join(directory, 'jobs'))).toEqual([]);

  const second = await startTestCloud({ storage: { kind: 'disk', directory } });
  await expect.poll(() => existsSync(join(directory, 'jobs', 'training-waiting', 'ml', 'model', 'model.json')), { timeout: 10_000 }).toBe(true);
  await second.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: 'waiting' }));
  await second.idle();
  const described = await second.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'waiting' }));
  expect(described.TrainingJobStatus).toBe('Stopped');
  expect(described.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual(['Starting', 'Downloading', 'Training', 'Interrupted', 'Starting', 'Downloading', 'Training', 'Stopping', 'Uploading', 'Stopped']);
});

it('a cloud that was killed leaves no child working after the next start', async ({ skip }) => {
  skip(!existsSync('/proc/self/environ'), 'Orphans are found by /proc, which this system does not have.');
  const directory = folder();
  const child = spawn(process.execPath, [fileURLToPath(new URL('fixtures/cloud-process.ts', import.meta.url)), directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  const config = { endpoint: String(url), region: REGION, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
  const sageMaker = new SageMakerClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'key', Body: 'x' }));
  await sageMaker.send(new CreateTrainingJobCommand(waitingJob));
  // By then it has printed all that it prints: a later line would meet a closed pipe and end it.
  await expect.poll(() => existsSync(join(directory, 'jobs', 'training-waiting', 'ml', 'model', 'model.json')), { timeout: 10_000 }).toBe(true);
  const [orphan] = workersIn(directory);
  child.kill('SIGKILL');
  await once(child, 'exit');
  sageMaker.destroy();
  s3.destroy();
  expect(workersIn(directory)).toEqual([orphan]);

  const second = await startTestCloud({ storage: { kind: 'disk', directory } });
  await expect.poll(() => workersIn(directory), { timeout: 10_000 }).not.toContain(orphan);
  const { Body } = await second.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'key' }));
  expect(await Body?.transformToString()).toBe('x');
});

/** Processes whose OPT_ML lies in a directory. */
function workersIn(directory: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return environment(pid).some((entry) => entry.startsWith(`OPT_ML=${directory}/`));
    } catch {
      return false;
    }
  });
}

function environment(pid: string): string[] {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
}
