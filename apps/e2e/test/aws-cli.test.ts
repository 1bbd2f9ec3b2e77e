import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keys } from '@dropforest/contracts';
import { generateBigMart } from '@dropforest/dataset-bigmart';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aws, hasAwsCli } from '../src/aws-cli.ts';
import { startTestCloud, type TestCloud } from '../src/test-cloud.ts';

if (!hasAwsCli) process.stdout.write('skipped: the AWS CLI is not on PATH (pip install awscli)\n');

describe.skipIf(!hasAwsCli)('the AWS CLI', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dropforest-aws-'));
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('sets off the same flow with `aws s3 cp`, and shows what came of it', async () => {
    const [training, prediction, config] = ['train.csv', 'predict.csv', 'dataset.json'].map((name) => join(folder, name));
    if (training === undefined || prediction === undefined || config === undefined) throw new RangeError('three files');
    writeFileSync(training, generateBigMart({ rows: 300, seed: 1, withTarget: true }));
    writeFileSync(prediction, generateBigMart({ rows: 40, seed: 2, withTarget: false }));
    writeFileSync(config, '{ "quietSeconds": 1, "hyperparameters": { "nEstimators": 20 } }');
    await aws(cloud.url, 's3', 'cp', config, `s3://${cloud.bucket.name}/${keys.datasetConfig('sales')}`);
    await aws(cloud.url, 's3', 'cp', training, `s3://${cloud.bucket.name}/train/sales/`);
    await aws(cloud.url, 's3', 'cp', prediction, `s3://${cloud.bucket.name}/predict/sales/`);
    await cloud.settle();

    const [job = ''] = await cloud.trainingJobs('sales');
    expect(await aws(cloud.url, 'sagemaker', 'list-training-jobs')).toContain(job);
    expect(JSON.parse(await aws(cloud.url, 'sagemaker', 'describe-training-job', '--training-job-name', job))).toMatchObject({
      TrainingJobStatus: 'Completed',
      HyperParameters: { nEstimators: '20' },
      FinalMetricDataList: expect.arrayContaining([expect.objectContaining({ MetricName: 'holdout:rmse' })]),
    });
    expect(await aws(cloud.url, 'sagemaker', 'list-model-packages', '--model-package-group-name', 'df-sales')).toContain('"ModelApprovalStatus": "Approved"');

    const results = await aws(cloud.url, 's3', 'ls', '--recursive', `s3://${cloud.bucket.name}/results/sales/`);
    const key = /results\/\S+predictions\.csv/.exec(results)?.[0] ?? '';
    await aws(cloud.url, 's3', 'cp', `s3://${cloud.bucket.name}/${key}`, join(folder, 'out.csv'));
    expect(readFileSync(join(folder, 'out.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(41);
  });
});
