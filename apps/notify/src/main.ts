/** The Lambda function. */
import { createHandler } from '@dropforest/lambda-kit';
import { notify } from './notify.ts';

export const handler = createHandler(notify, { environment: process.env });
