import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

/** One client a service; they share a region, credentials and, on the local cloud, an endpoint. */
export interface Clients {
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  readonly eventBridge: EventBridgeClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
  readonly ssm: SSMClient;
  readonly secretsManager: SecretsManagerClient;
  /** Closes the connections that are kept open. */
  destroy(): void;
}

/** Where the services are, when not where the AWS SDK's own settings say. */
export interface Endpoint {
  readonly url: string;
  readonly region: string;
  /** How requests get there, when not over the network. */
  readonly requestHandler?: S3ClientConfig['requestHandler'];
}

/** The local cloud checks no signatures, but clients insist on signing. */
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Makes the clients; without an endpoint they are configured as the AWS SDK always is (environment, profile, role). */
export function createClients(endpoint?: Endpoint): Clients {
  const { requestHandler } = endpoint ?? {};
  const way = requestHandler === undefined ? {} : { requestHandler };
  const config = endpoint === undefined ? {} : { endpoint: endpoint.url, region: endpoint.region, credentials: LOCAL_CREDENTIALS, ...way };
  const clients = {
    s3: new S3Client({ ...config, forcePathStyle: endpoint !== undefined }),
    sagemaker: new SageMakerClient(config),
    eventBridge: new EventBridgeClient(config),
    // SNS cannot tell a repeated message: what was asked once and not answered may have been sent.
    sns: new SNSClient({ ...config, maxAttempts: 1 }),
    sqs: new SQSClient(config),
    logs: new CloudWatchLogsClient(config),
    ssm: new SSMClient(config),
    secretsManager: new SecretsManagerClient(config),
  };
  return { ...clients, destroy: () => Object.values(clients).forEach((client) => client.destroy()) };
}
