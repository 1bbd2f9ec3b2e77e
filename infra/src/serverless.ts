/** The Serverless configuration, made of the definition. */
import type { AWS } from 'serverless';
import { environmentValue, resources } from './cloudformation.ts';
import { functions, type FunctionDefinition } from './definition.ts';
import { getArn, logicalName } from './iam.ts';

type Functions = NonNullable<AWS['functions']>;

/** Where the zipped bundle of a function lies, from the folder of the Serverless configuration. */
export function artifactOf({ name }: FunctionDefinition): string {
  return `dist/artifacts/${name}.zip`;
}

export const serverlessConfiguration: AWS = {
  service: 'dropforest',
  frameworkVersion: '4',
  configValidationMode: 'error',
  provider: {
    name: 'aws',
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    region: 'us-east-1',
    stage: "${opt:stage, 'dev'}",
    logRetentionInDays: 30,
    deploymentMethod: 'direct',
  },
  package: { individually: true },
  functions: Object.fromEntries(functions.map((definition) => [definition.name, functionOf(definition)])),
  resources: {
    Parameters: { Image: { Type: 'String', Description: 'The container image, as container/build-and-push prints it', Default: 'set-at-deploy' } },
    Resources: resources(),
    Outputs: {
      BucketName: { Description: 'Drop files here, under train/<dataset>/ and predict/<dataset>/', Value: { Ref: 'Bucket' } },
      TopicArn: { Description: 'Subscribe here to hear of models and results', Value: { Ref: 'Topic' } },
    },
  },
};

function functionOf(definition: FunctionDefinition): Functions[string] {
  const name = logicalName(definition.name);
  return {
    description: definition.description,
    handler: 'main.handler',
    timeout: definition.timeoutSeconds,
    memorySize: definition.memoryMb,
    // A GetAtt here would make Serverless add a DependsOn that CloudFormation knows already.
    role: { 'Fn::Sub': `\${${name}Role.Arn}` },
    package: { artifact: artifactOf(definition) },
    environment: Object.fromEntries(Object.entries(definition.environment).map(([variable, value]) => [variable, environmentValue(value, definition)])),
    events: [
      {
        sqs: {
          arn: getArn(`${name}Queue`),
          batchSize: definition.batchSize,
          maximumConcurrency: definition.maximumConcurrency,
          functionResponseType: 'ReportBatchItemFailures',
        },
      },
    ],
  };
}
