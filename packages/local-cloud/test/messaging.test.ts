import { DescribeLogStreamsCommand, GetLogEventsCommand, paginateFilterLogEvents, paginateGetLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRuleCommand, ListEventBusesCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { CreateTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { CreateTopicCommand, ListSubscriptionsByTopicCommand, ListTopicsCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';

import { createSettableClock } from '../src/index.ts';
import { matchesTerms } from '../src/logs/filter-terms.ts';
import { ACCOUNT, BUCKET, IMAGE, REGION, rejection, ROLE, startTestCloud } from './cloud.ts';
import type { TestCloud } from './cloud.ts';

const QUEUES = [
  { name: 'work', visibilityTimeoutSeconds: 30, redrive: { deadLetterQueue: 'dead', maxReceiveCount: 3 } },
  { name: 'dead', visibilityTimeoutSeconds: 30 },
];

describe('SQS', () => {
  it('a received message is invisible until its time is up or it is deleted', async () => {
    const clock = createSettableClock(0);
    const cloud = await startTestCloud({ clock, wiring: { queues: QUEUES } });
    const { QueueUrl } = await cloud.sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    const receive = async () => (await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'], MessageAttributeNames: ['All'] }))).Messages?.[0];
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', MessageAttributes: { kind: { DataType: 'String', StringValue: 'k' } } }));
    expect(await receive()).toMatchObject({ Body: 'hello', Attributes: { ApproximateReceiveCount: '1' }, MessageAttributes: { kind: { StringValue: 'k' } } });
    expect(await receive()).toBeUndefined();
    clock.advance(30_000);
    const again = await receive();
    expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await cloud.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle, VisibilityTimeout: 0 }));
    const last = await receive();
    await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: last?.ReceiptHandle }));
    clock.advance(3_600_000);
    expect(await receive()).toBeUndefined();
  });

  it('queues are listed, described, counted and purged', async () => {
    const cloud = await startTestCloud({ wiring: { queues: QUEUES } });
    const { QueueUrls } = await cloud.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'wo' }));
    expect(QueueUrls).toEqual([`${cloud.url}/${ACCOUNT}/work`]);
    const QueueUrl = QueueUrls?.[0];
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'b', DelaySeconds: 60 }));
    const { Attributes } = await cloud.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      QueueArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:work`,
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`, maxReceiveCount: 3 }),
    });
    await cloud.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect((await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
    expect(await rejection(cloud.sqs.send(new GetQueueUrlCommand({ QueueName: 'none' })))).toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('a long poll is answered as soon as there is a message', async () => {
    const cloud = await startTestCloud({ wiring: { queues: QUEUES } });
    const QueueUrl = `${cloud.url}/${ACCOUNT}/work`;
    const poll = cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'now' }));
    expect((await poll).Messages).toMatchObject([{ Body: 'now' }]);
  });

  it('a client that stops waiting takes no message with it', async () => {
    const cloud = await startTestCloud({ wiring: { queues: QUEUES } });
    const QueueUrl = `${cloud.url}/${ACCOUNT}/work`;
    const impatient = new AbortController();
    const poll = cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: impatient.signal });
    await cloud.sqs.send(new ListQueuesCommand({}));
    impatient.abort();
    await rejection(poll);
    await cloud.sqs.send(new ListQueuesCommand({}));
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'for another' }));
    expect((await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toMatchObject([{ Body: 'for another' }]);
  });
});

describe('SNS', () => {
  it('keeps what is published for the page of messages', async () => {
    const cloud = await startTestCloud({ wiring: { topics: ['wired'] } });
    const { TopicArn } = await cloud.sns.send(new CreateTopicCommand({ Name: 'more' }));
    expect((await cloud.sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:wired` }, { TopicArn }]);
    await cloud.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'a@example.org' }));
    expect((await cloud.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toMatchObject([{ Protocol: 'email', Endpoint: 'a@example.org' }]);
    const { MessageId } = await cloud.sns.send(new PublishCommand({ TopicArn, Subject: 'Done & ready', Message: 'line 1\nline <2>' }));
    expect(await cloud.admin('/_local/messages')).toMatchObject({ messages: [{ id: MessageId, topic: TopicArn, subject: 'Done & ready', message: 'line 1\nline <2>' }] });
  });

  it('refuses subjects that e-mail cannot carry, and unknown topics', async () => {
    const cloud = await startTestCloud({ wiring: { topics: ['t'] } });
    const publish = (Subject: string, name = 't') => rejection(cloud.sns.send(new PublishCommand({ TopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`, Subject, Message: 'm' })));
    for (const subject of ['x'.repeat(100), 'two\nlines']) expect(await publish(subject)).toMatchObject({ name: 'InvalidParameterException', message: 'Invalid parameter: Subject' });
    expect(await publish('fine', 'none')).toMatchObject({ name: 'NotFoundException' });
  });
});

describe('EventBridge', () => {
  it('shows buses and rules', async () => {
    const pattern = { source: ['x'] };
    const cloud = await startTestCloud({ wiring: { buses: ['own'], queues: QUEUES, rules: [{ name: 'r', bus: 'own', pattern, queue: 'work' }] } });
    expect((await cloud.events.send(new ListEventBusesCommand({}))).EventBuses?.map(({ Name }) => Name)).toEqual(['default', 'own']);
    expect((await cloud.events.send(new ListRulesCommand({ EventBusName: 'own' }))).Rules?.map(({ Name }) => Name)).toEqual(['r']);
    expect((await cloud.events.send(new DescribeRuleCommand({ Name: 'r', EventBusName: 'own' }))).EventPattern).toBe(JSON.stringify(pattern));
    expect(await rejection(cloud.events.send(new DescribeRuleCommand({ Name: 'r' })))).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('STS and unknown services', () => {
  it('the caller is the root of the wired account', async () => {
    const cloud = await startTestCloud();
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body: 'Action=GetCallerIdentity&Version=2011-06-15' };
    expect(await (await fetch(cloud.url, form)).text()).toContain(`<Arn>arn:aws:iam::${ACCOUNT}:root</Arn>`);
  });

  it('what is not there says so instead of looking like an S3 error', async () => {
    const cloud = await startTestCloud();
    const response = await fetch(cloud.url, { method: 'POST', headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, body: '{}' });
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ __type: 'UnknownOperationException', Message: expect.stringContaining('DynamoDB') })]);
    expect(await cloud.admin('/_local/health')).toMatchObject({ service: 'dropforest-local-cloud', status: 'ok' });
    expect((await fetch(`${cloud.url}/_local/none`)).status).toBe(404);
  });
});

describe('CloudWatch Logs', () => {
  const group = '/aws/sagemaker/TrainingJobs';

  /** Two training jobs, each of which prints "line 0" to "line 6". */
  async function startWithLogs(): Promise<TestCloud> {
    const cloud = await startTestCloud();
    for (const TrainingJobName of ['first', 'second']) {
      await cloud.sageMaker.send(
        new CreateTrainingJobCommand({
          TrainingJobName,
          RoleArn: ROLE,
          AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
          HyperParameters: { lines: '7' },
          OutputDataConfig: { S3OutputPath: `s3://${BUCKET}/jobs` },
          ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
          StoppingCondition: { MaxRuntimeInSeconds: 60 },
        }),
      );
      await cloud.idle();
    }
    return cloud;
  }

  it('answers with an error for groups and streams that are not there', async () => {
    const cloud = await startTestCloud();
    expect(await rejection(cloud.logs.send(new DescribeLogStreamsCommand({ logGroupName: 'none' })))).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await rejection(cloud.logs.send(new GetLogEventsCommand({ logGroupName: 'none', logStreamName: 's' })))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('lists streams by prefix and by their last event', async () => {
    const cloud = await startWithLogs();
    const names = async (input: object) => (await cloud.logs.send(new DescribeLogStreamsCommand({ logGroupName: group, ...input }))).logStreams?.map(({ logStreamName }) => logStreamName?.split('/')[0]);
    expect(await names({})).toEqual(['first', 'second']);
    expect(await names({ logStreamNamePrefix: 'sec' })).toEqual(['second']);
    expect(await names({ orderBy: 'LastEventTime', descending: true, limit: 1 })).toEqual(['second']);
  });

  it("gives every event once to the SDK's paginators, whatever the page size", async () => {
    const cloud = await startWithLogs();
    const { logStreams } = await cloud.logs.send(new DescribeLogStreamsCommand({ logGroupName: group, logStreamNamePrefix: 'first/' }));
    const expected = [0, 1, 2, 3, 4, 5, 6].map((line) => `line ${line}`);
    for (const pageSize of [1, 3, 100]) {
      const got: (string | undefined)[] = [];
      const config = { client: cloud.logs, pageSize, stopOnSameToken: true };
      for await (const { events = [] } of paginateGetLogEvents(config, { logGroupName: group, logStreamName: logStreams?.[0]?.logStreamName, startFromHead: true })) got.push(...events.map(({ message }) => message));
      expect(got.filter((message) => message?.startsWith('line'))).toEqual(expected);
      const filtered: (string | undefined)[] = [];
      for await (const { events = [] } of paginateFilterLogEvents({ client: cloud.logs, pageSize }, { logGroupName: group, logStreamNamePrefix: 'second/', filterPattern: 'line' })) filtered.push(...events.map(({ message }) => message));
      expect(filtered).toEqual(expected);
    }
  });

  it.each([
    ['error', 'an error', true],
    ['error -known', 'a known error', false],
    ['"two words"', 'with two words', true],
    ['"two words"', 'words two', false],
    ['?a1 ?b2', 'has b2', true],
    ['?a1 ?b2', 'has c3', false],
    ['', 'anything', true],
  ])('the pattern %j on %j: %s', (pattern, message, expected) => {
    expect(matchesTerms(pattern, message)).toBe(expected);
  });
});
