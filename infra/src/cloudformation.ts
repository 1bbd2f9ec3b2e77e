/** The resources around the functions: bucket, bus, topic, queues, rules, roles. */
import { BUS, functions, MAX_RECEIVE_COUNT, visibilityTimeoutSeconds, type EnvironmentValue, type FunctionDefinition, type RuleDefinition } from './definition.ts';
import { functionRole, getArn, jobRole, logicalName, type Json } from './iam.ts';

const FOURTEEN_DAYS = 14 * 24 * 3600;

/** Logical id → resource. */
export function resources(): Record<string, Json> {
  return Object.fromEntries([shared(), ...functions.map(resourcesOf)].flatMap((part) => Object.entries(part)));
}

/** What an environment variable is given. */
export function environmentValue(given: EnvironmentValue, { name }: FunctionDefinition): string | { Ref: string } | { 'Fn::GetAtt': string[] } | { 'Fn::Sub': string } {
  if ('value' in given) return given.value;
  switch (given.of) {
    case 'bucket':
      return { Ref: 'Bucket' };
    case 'bus':
      return { Ref: 'Bus' };
    case 'topic':
      return { Ref: 'Topic' };
    case 'jobRole':
      return getArn('JobRole');
    case 'image':
      return { Ref: 'Image' };
    case 'queue':
      return { Ref: `${logicalName(name)}Queue` };
    case 'links':
      return { 'Fn::Sub': 'https://${AWS::Region}.console.aws.amazon.com/s3/object/${Bucket}?region=${AWS::Region}&prefix=' };
  }
}

function shared(): Record<string, Json> {
  return {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        LifecycleConfiguration: { Rules: [{ Id: 'abandoned-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }] },
      },
    },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: { 'Fn::Sub': `\${AWS::StackName}-${BUS}` } } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'alias/aws/sns' } },
    JobRole: jobRole(),
    UndeliveredQueue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: FOURTEEN_DAYS, SqsManagedSseEnabled: true } },
    UndeliveredQueuePolicy: queuePolicy('UndeliveredQueue'),
  };
}

function resourcesOf(definition: FunctionDefinition): Record<string, Json> {
  const name = logicalName(definition.name);
  const rules = definition.rules.map((rule): [string, Json] => [`${logicalName(rule.name)}Rule`, eventRule(rule, `${name}Queue`)]);
  return {
    [`${name}DeadLetterQueue`]: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: FOURTEEN_DAYS, SqsManagedSseEnabled: true } },
    [`${name}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: visibilityTimeoutSeconds(definition),
        MessageRetentionPeriod: FOURTEEN_DAYS,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { deadLetterTargetArn: getArn(`${name}DeadLetterQueue`), maxReceiveCount: MAX_RECEIVE_COUNT },
      },
    },
    [`${name}QueuePolicy`]: queuePolicy(`${name}Queue`),
    [`${name}Role`]: functionRole(definition),
    ...Object.fromEntries(rules),
  };
}

function eventRule({ bus, pattern }: RuleDefinition, queue: string): Json {
  const target = { Id: 'queue', Arn: getArn(queue), DeadLetterConfig: { Arn: getArn('UndeliveredQueue') } };
  const properties = { EventPattern: asJson(pattern({ bucket: { Ref: 'Bucket' } })), Targets: [target] };
  return { Type: 'AWS::Events::Rule', Properties: bus === 'default' ? properties : { ...properties, EventBusName: { Ref: 'Bus' } } };
}

function queuePolicy(queue: string): Json {
  const allow = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: getArn(queue),
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  };
  return { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: queue }], PolicyDocument: { Version: '2012-10-17', Statement: [allow] } } };
}

function asJson(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asJson(member)]));
  throw new TypeError(`${String(value)} cannot stand in a template`);
}
