import { serverlessConfiguration } from './src/serverless.ts';

export default serverlessConfiguration;
