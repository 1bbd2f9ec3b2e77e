/** The Lambda function. */
import { createHandler } from '@dropforest/lambda-kit';
import { registerModel } from './register-model.ts';

export const handler = createHandler(registerModel, { environment: process.env });
