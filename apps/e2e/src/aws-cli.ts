/** The AWS CLI, where it is installed, pointed at a local cloud. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

export const hasAwsCli = spawnSync('aws', ['--version']).status === 0;

/** What a shell exports for any AWS client to talk to the local cloud. */
export function awsEnvironment(url: string): NodeJS.ProcessEnv {
  return { ...process.env, AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_DEFAULT_REGION: 'us-east-1', AWS_PAGER: '' };
}

/** Runs `aws …` and returns its standard output. @throws with its standard error when it fails */
export async function aws(url: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('aws', [...words], { env: awsEnvironment(url) });
  return stdout;
}
