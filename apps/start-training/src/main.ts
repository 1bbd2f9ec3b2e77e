/** The Lambda function. */
import { createHandler } from '@dropforest/lambda-kit';
import { startTraining } from './start-training.ts';

export const handler = createHandler(startTraining, { environment: process.env });
