/** IAM statements and roles, as CloudFormation wants them. */
import type { FunctionDefinition, Permission } from './definition.ts';

export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

const sub = (text: string): Json => ({ 'Fn::Sub': text });
export const getArn = (logicalId: string): { 'Fn::GetAtt': string[] } => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** `start-training` → `StartTraining`. */
export function logicalName(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function resourceArn(resource: string): Json {
  const [kind = '', path = ''] = resource.split(/:(.*)/s);
  switch (kind) {
    case 'bucket':
      return getArn('Bucket');
    case 'object':
      return sub(`\${Bucket.Arn}/${path}`);
    case 'bus':
      return getArn('Bus');
    case 'topic':
      return { Ref: 'Topic' };
    case 'jobRole':
      return getArn('JobRole');
    case 'sagemaker':
    case 'ecr':
    case 'ssm':
    case 'secretsmanager':
      return sub(`arn:\${AWS::Partition}:${kind}:\${AWS::Region}:\${AWS::AccountId}:${path}`);
    case 'any':
      return path;
    case 'logs':
      return sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${path}:*`);
    default:
      throw new RangeError(`no resource of kind ${JSON.stringify(kind)}`);
  }
}

function statement({ actions, resources }: Permission): Json {
  return { Effect: 'Allow', Action: [...actions], Resource: resources.map(resourceArn) };
}

function trust(service: string): Json {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] };
}

function role(service: string, policyName: string, statements: readonly Json[]): Json {
  return { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust(service), Policies: [{ PolicyName: policyName, PolicyDocument: { Version: '2012-10-17', Statement: statements } }] } };
}

/** A function may do what its definition says, take from its queue, and write its log. */
export function functionRole(definition: FunctionDefinition): Json {
  const queue = getArn(`${logicalName(definition.name)}Queue`);
  return role('lambda.amazonaws.com', definition.name, [
    ...definition.permissions.map(statement),
    { Effect: 'Allow', Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'], Resource: [queue] },
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/*-${definition.name}:*`)],
    },
  ]);
}

/** SageMaker jobs read what the system wrote and write their own output; the containers themselves have no network. */
export function jobRole(): Json {
  return role('sagemaker.amazonaws.com', 'jobs', [
    statement({ actions: ['s3:GetObject'], resources: ['object:snapshots/*', 'object:manifests/*', 'object:jobs/*'] }),
    statement({ actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: ['object:jobs/*'] }),
    statement({ actions: ['s3:ListBucket'], resources: ['bucket'] }),
    statement({ actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], resources: ['logs:/aws/sagemaker/*'] }),
    { Effect: 'Allow', Action: ['cloudwatch:PutMetricData'], Resource: ['*'], Condition: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TrainingJobs' } } },
    { Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] },
    {
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      Resource: [sub('arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/dropforest')],
    },
  ]);
}

