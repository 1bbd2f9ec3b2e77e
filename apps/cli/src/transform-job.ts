/** Transform jobs as SageMaker knows them. */
import { DescribeTransformJobCommand, type DescribeTransformJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { isAwsError } from '@dropforest/lambda-kit';
import type { Session } from './session.ts';

/** `undefined` where there is none of the name. */
export async function describeTransformJob(job: string, { clients }: Session): Promise<DescribeTransformJobCommandOutput | undefined> {
  try {
    return await clients.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: job }));
  } catch (error) {
    if (isAwsError(error, 'ValidationException', 'ResourceNotFound')) return undefined;
    throw error;
  }
}
