/** The Lambda function. */
import { createHandler } from '@dropforest/lambda-kit';
import { startTransform } from './start-transform.ts';

export const handler = createHandler(startTransform, { environment: process.env });
