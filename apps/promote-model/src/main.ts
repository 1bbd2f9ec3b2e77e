/** The Lambda function. */
import { createHandler } from '@dropforest/lambda-kit';
import { promoteModel } from './promote-model.ts';

export const handler = createHandler(promoteModel, { environment: process.env });
