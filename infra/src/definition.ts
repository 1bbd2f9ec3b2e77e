/**
 * The single list of functions, rules, queues and environment. CloudFormation is made of it (`cloudformation.ts`) and
 * the local cloud is wired from it (`local.ts`): what is not here exists nowhere.
 *
 * Every arrow into a function has the same shape: EventBridge rule → SQS queue → function, with a dead-letter queue
 * behind the queue and one behind the rules.
 */

/** Something that has a name only once it is deployed. */
export type Reference = 'bucket' | 'bus' | 'topic' | 'jobRole' | 'image' | 'queue' | 'links';
/**
 * The value of an environment variable. `queue` is the function's own queue; `links` is the address to which the key of
 * an object is appended to make a link for people.
 */
export type EnvironmentValue = { readonly of: Reference } | { readonly value: string };

export interface RuleDefinition {
  readonly name: string;
  /** `default` is where AWS puts its events; `dropforest` is our own bus. */
  readonly bus: 'default' | 'dropforest';
  /** `bucket` stands for the name of the bucket. */
  readonly pattern: (names: { readonly bucket: unknown }) => Readonly<Record<string, unknown>>;
}

/** An IAM statement; resources are named as `<kind>:<path>` and spelled out by `iam.ts`. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

export interface FunctionDefinition {
  readonly name: string;
  readonly description: string;
  readonly rules: readonly RuleDefinition[];
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
  readonly permissions: readonly Permission[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly batchSize: number;
  /** How many invocations the queue may cause at once; SQS takes no less than 2. */
  readonly maximumConcurrency: number;
}

/** Name of the event bus. */
export const BUS = 'dropforest';

/** A message that is put back counts as received: this many times cover hours of waiting before it is a dead letter. */
export const MAX_RECEIVE_COUNT = 60;

/** As AWS advises: six times what the function may take. */
export function visibilityTimeoutSeconds({ timeoutSeconds }: FunctionDefinition): number {
  return timeoutSeconds * 6;
}

const BUCKET: EnvironmentValue = { of: 'bucket' };
const COMMON = { BUCKET, BUS: { of: 'bus' }, QUEUE_URL: { of: 'queue' } } as const;
const MAY_EMIT: Permission = { actions: ['events:PutEvents'], resources: ['bus'] };
const MAY_LIST: Permission = { actions: ['s3:ListBucket'], resources: ['bucket'] };
const MAY_WRITE_VERDICTS: Permission = { actions: ['s3:GetObject', 's3:PutObject'], resources: ['object:rejected/*'] };
/** A model that was compared with an older champion is compared again, by a training job that trains nothing. */
const MAY_COMPARE: readonly Permission[] = [
  { actions: ['s3:PutObject'], resources: ['object:jobs/*'] },
  { actions: ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:AddTags'], resources: ['sagemaker:training-job/df-*'] },
];
const MAY_PASS_ROLE: Permission = { actions: ['iam:PassRole'], resources: ['jobRole'] };

const DEFAULTS = { timeoutSeconds: 60, memoryMb: 512, batchSize: 10, maximumConcurrency: 2 } as const;

function objectCreated(prefix: string): RuleDefinition['pattern'] {
  return ({ bucket }) => ({ source: ['aws.s3'], 'detail-type': ['Object Created'], detail: { bucket: { name: [bucket] }, object: { key: [{ prefix }] } } });
}

const transformJobEnded: RuleDefinition['pattern'] = () => ({
  source: ['aws.sagemaker'],
  'detail-type': ['SageMaker Transform Job State Change'],
  detail: { TransformJobName: [{ prefix: 'df-' }], TransformJobStatus: ['Completed', 'Failed', 'Stopped'] },
});

export const functions: readonly FunctionDefinition[] = [
  {
    ...DEFAULTS,
    name: 'start-training',
    description: 'A file dropped under train/ becomes one training job',
    // Each event looks at every file of the data set, and one of them copies all of them.
    timeoutSeconds: 300,
    batchSize: 1,
    rules: [{ name: 'training-file-dropped', bus: 'default', pattern: objectCreated('train/') }],
    environment: { ...COMMON, IMAGE: { of: 'image' }, JOB_ROLE_ARN: { of: 'jobRole' } },
    permissions: [
      MAY_EMIT,
      MAY_LIST,
      MAY_WRITE_VERDICTS,
      MAY_PASS_ROLE,
      { actions: ['s3:GetObject'], resources: ['object:train/*', 'object:datasets/*', 'object:jobs/*', 'object:models/*'] },
      { actions: ['s3:PutObject'], resources: ['object:snapshots/*', 'object:manifests/*', 'object:jobs/*'] },
      { actions: ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:AddTags'], resources: ['sagemaker:training-job/df-*'] },
      { actions: ['sagemaker:ListTrainingJobs'], resources: ['any:*'] },
    ],
  },
  {
    ...DEFAULTS,
    name: 'register-model',
    description: 'A finished training job becomes a model, a model package and a decision',
    memoryMb: 1024,
    rules: [
      {
        name: 'training-job-ended',
        bus: 'default',
        pattern: () => ({
          source: ['aws.sagemaker'],
          'detail-type': ['SageMaker Training Job State Change'],
          detail: { TrainingJobName: [{ prefix: 'df-' }], TrainingJobStatus: ['Completed', 'Failed', 'Stopped'] },
        }),
      },
    ],
    environment: { ...COMMON, JOB_ROLE_ARN: { of: 'jobRole' }, IMAGE: { of: 'image' } },
    permissions: [
      MAY_EMIT,
      MAY_LIST,
      MAY_PASS_ROLE,
      ...MAY_COMPARE,
      { actions: ['s3:GetObject'], resources: ['object:jobs/*', 'object:models/*'] },
      { actions: ['s3:PutObject'], resources: ['object:models/*'] },
      { actions: ['sagemaker:CreateModel', 'sagemaker:AddTags'], resources: ['sagemaker:model/df-*'] },
      // The registry looks at the image on behalf of whoever registers.
      { actions: ['ecr:BatchGetImage', 'ecr:DescribeImages'], resources: ['ecr:repository/dropforest'] },
      { actions: ['sagemaker:CreateModelPackageGroup'], resources: ['sagemaker:model-package-group/df-*'] },
      {
        actions: ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage', 'sagemaker:UpdateModelPackage'],
        resources: ['sagemaker:model-package/df-*', 'sagemaker:model-package-group/df-*'],
      },
    ],
  },
  {
    ...DEFAULTS,
    name: 'promote-model',
    description: 'An approved model package becomes the champion; a rejected one is told of',
    rules: [
      {
        name: 'model-package-decided',
        bus: 'default',
        pattern: () => ({
          source: ['aws.sagemaker'],
          'detail-type': ['SageMaker Model Package State Change'],
          detail: { ModelPackageGroupName: [{ prefix: 'df-' }], ModelApprovalStatus: ['Approved', 'Rejected'] },
        }),
      },
    ],
    environment: { ...COMMON, JOB_ROLE_ARN: { of: 'jobRole' }, IMAGE: { of: 'image' } },
    permissions: [
      MAY_EMIT,
      MAY_LIST,
      MAY_PASS_ROLE,
      ...MAY_COMPARE,
      { actions: ['s3:GetObject', 's3:PutObject'], resources: ['object:models/*'] },
      { actions: ['s3:GetObject'], resources: ['object:jobs/*'] },
      { actions: ['sagemaker:DescribeModelPackage', 'sagemaker:UpdateModelPackage'], resources: ['sagemaker:model-package/df-*'] },
    ],
  },
  {
    ...DEFAULTS,
    name: 'start-transform',
    description: 'Files dropped under predict/ become transform jobs',
    // One event takes every file of the data set that waits.
    timeoutSeconds: 300,
    batchSize: 1,
    rules: [
      { name: 'prediction-file-dropped', bus: 'default', pattern: objectCreated('predict/') },
      { name: 'model-promoted', bus: 'dropforest', pattern: () => ({ source: ['dropforest'], 'detail-type': ['ModelPromoted'] }) },
      { name: 'place-for-a-transform-job', bus: 'default', pattern: transformJobEnded },
    ],
    environment: { ...COMMON, MAX_TRANSFORM_JOBS: { value: '4' } },
    permissions: [
      MAY_EMIT,
      MAY_LIST,
      MAY_WRITE_VERDICTS,
      { actions: ['s3:GetObject'], resources: ['object:predict/*', 'object:datasets/*', 'object:models/*', 'object:results/*', 'object:rejected/*', 'object:jobs/*', 'object:snapshots/*', 'object:manifests/*'] },
      { actions: ['s3:PutObject'], resources: ['object:snapshots/*', 'object:manifests/*', 'object:jobs/*', 'object:results/*'] },
      { actions: ['sagemaker:CreateTransformJob', 'sagemaker:DescribeTransformJob', 'sagemaker:AddTags'], resources: ['sagemaker:transform-job/df-*'] },
    ],
  },
  {
    ...DEFAULTS,
    name: 'publish-results',
    description: 'A finished transform job becomes joined predictions with a receipt for each file',
    // A job may have a thousand files.
    timeoutSeconds: 300,
    batchSize: 1,
    rules: [{ name: 'transform-job-ended', bus: 'default', pattern: transformJobEnded }],
    environment: COMMON,
    permissions: [
      MAY_EMIT,
      MAY_LIST,
      { actions: ['s3:GetObject'], resources: ['object:jobs/*', 'object:results/*'] },
      { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: ['object:results/*'] },
      { actions: ['sagemaker:DescribeTransformJob'], resources: ['sagemaker:transform-job/df-*'] },
      { actions: ['logs:FilterLogEvents'], resources: ['logs:/aws/sagemaker/TransformJobs'] },
    ],
  },
  {
    ...DEFAULTS,
    name: 'notify',
    description: 'Every event of the flow goes into the journal and to whoever subscribed',
    // A receiver that hangs is given 20 s, and a batch has ten events.
    timeoutSeconds: 300,
    rules: [{ name: 'anything-happened', bus: 'dropforest', pattern: () => ({ source: ['dropforest'] }) }],
    environment: { ...COMMON, TOPIC_ARN: { of: 'topic' }, LINKS: { of: 'links' } },
    permissions: [
      MAY_LIST,
      { actions: ['s3:GetObject', 's3:PutObject'], resources: ['object:journal/*'] },
      { actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], resources: ['object:deliveries/*'] },
      { actions: ['s3:GetObject'], resources: ['object:datasets/*'] },
      { actions: ['sns:Publish'], resources: ['topic'] },
      { actions: ['ssm:GetParameter'], resources: ['ssm:parameter/dropforest/*'] },
      { actions: ['secretsmanager:GetSecretValue'], resources: ['secretsmanager:secret:dropforest/*'] },
    ],
  },
];
