import { LOCAL } from '@dropforest/infra';
import { LocalCloudError } from '@dropforest/local-cloud';
import type { Command } from '../command.ts';
import { wrongInput } from '../errors.ts';
import { startLocal } from '../local-cloud.ts';
import { dataDirOf, ownerOf, publishAddress, releaseLock, takeLock } from '../session.ts';

const DEFAULT_PORT = 4566;

/** Runs the local cloud until it is asked to stop. */
export const up: Command = {
  name: 'up',
  usage: '',
  summary: 'run the local cloud on 127.0.0.1 until Ctrl-C; any AWS client works with it',
  details: 'Prints one line with the address and the bucket when it is ready. Jobs that were running when it stopped start again.',
  examples: ['dropforest up', `AWS_ENDPOINT_URL=http://127.0.0.1:${DEFAULT_PORT} aws s3 cp sales.csv s3://${LOCAL.bucket}/train/sales/`],
  options: { port: { type: 'string', value: '<number>', help: `port to listen on, 0 for any free one (${DEFAULT_PORT})` } },
  positionals: { least: 0, most: 0 },
  async run(given, terminal) {
    const dataDir = dataDirOf(given, terminal);
    const port = portOf(given.text('port'));
    if (!takeLock(dataDir)) throw wrongInput(`${dataDir} is in use by process ${ownerOf(dataDir) ?? '?'}`, 'End that one, or take another folder with --data-dir');
    try {
      const local = await startLocal({ port, storage: { kind: 'disk', directory: dataDir }, onProblem: (line) => terminal.say(line) });
      publishAddress(dataDir, local.cloud.url);
      const line = `dropforest is up at ${local.cloud.url}, bucket ${LOCAL.bucket}`;
      terminal.print(given.flag('json') ? JSON.stringify({ url: local.cloud.url, bucket: LOCAL.bucket }) : line);
      await terminal.interrupted;
      await local.stop();
    } catch (error) {
      if (error instanceof LocalCloudError && error.code === 'AddressInUse') {
        throw wrongInput(`port ${port} is taken`, `End what listens there, or take another: dropforest up --port ${port + 1}`);
      }
      throw error;
    } finally {
      releaseLock(dataDir);
    }
    return undefined;
  },
};

function portOf(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw wrongInput(`--port ${text ?? ''} is no port`, 'Give a whole number from 0 to 65535');
}
