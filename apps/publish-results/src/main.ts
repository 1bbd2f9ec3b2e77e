/** The Lambda function. */
import { createHandler } from '@dropforest/lambda-kit';
import { publishResults } from './publish-results.ts';

export const handler = createHandler(publishResults, { environment: process.env });
