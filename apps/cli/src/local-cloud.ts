/** The local cloud with the real apps and the real container programs, wired from the Serverless definition. */
import { join } from 'node:path';
import { functions, LOCAL, localEnvironment, localWiring } from '@dropforest/infra';
import { createClients, createHandler, type Clients, type Host, type Log, type SqsHandler } from '@dropforest/lambda-kit';
import { answerClient, createInProcessHandler, startLocalCloud, type Clock, type LocalCloud, type LocalCloudOptions } from '@dropforest/local-cloud';
import { notify } from '@dropforest/notify';
import { promoteModel } from '@dropforest/promote-model';
import { publishResults } from '@dropforest/publish-results';
import { registerModel } from '@dropforest/register-model';
import { startTraining } from '@dropforest/start-training';
import { startTransform } from '@dropforest/start-transform';

/** The app behind each function of the definition. */
const apps: Readonly<Record<string, (host: Host) => SqsHandler>> = {
  'start-training': (host) => createHandler(startTraining, host),
  'register-model': (host) => createHandler(registerModel, host),
  'promote-model': (host) => createHandler(promoteModel, host),
  'start-transform': (host) => createHandler(startTransform, host),
  'publish-results': (host) => createHandler(publishResults, host),
  notify: (host) => createHandler(notify, host),
};

/** The container's programs run from the sources, under this very Node. */
const CONTAINER = join(import.meta.dirname, '..', '..', '..', 'container', 'src', 'main.ts');

export interface LocalOptions {
  readonly port: number;
  readonly storage: LocalCloudOptions['storage'];
  readonly clock?: Clock;
  /** Lines that an operator would want to see: failed functions, dead letters. */
  readonly onProblem: (line: string) => void;
}

/** A running cloud and clients that talk to it. */
export interface RunningCloud {
  readonly cloud: LocalCloud;
  readonly clients: Clients;
  readonly stop: () => Promise<void>;
}

export async function startLocal({ port, storage, clock, onProblem }: LocalOptions): Promise<RunningCloud> {
  const started = Promise.withResolvers<ReadonlyMap<string, SqsHandler>>();
  const cloud = await startLocalCloud({
    port,
    storage,
    ...(clock === undefined ? {} : { clock }),
    wiring: localWiring(),
    // Messages of an earlier run may be delivered before the address, and so the apps, are there.
    functions: Object.fromEntries(functions.map(({ name }) => [name, async (event, context) => handlerOf(await started.promise, name)(event, context)])),
    containers: (image) => (image === LOCAL.image ? { command: process.execPath, args: [CONTAINER] } : undefined),
    onLog: ({ message }) => onProblem(message),
  });
  const requestHandler = createInProcessHandler((request) => answerClient(cloud, request));
  const clients = createClients({ url: cloud.url, region: LOCAL.region, requestHandler });
  const now = clock === undefined ? Date.now : () => clock.now();
  const log = problemLog(onProblem);
  const host = (definition: (typeof functions)[number]): Host => ({ environment: localEnvironment(definition, cloud.url), clients, log, now });
  started.resolve(new Map(functions.map((definition) => [definition.name, appOf(definition.name)(host(definition))])));
  return {
    cloud,
    clients,
    async stop() {
      await cloud.stop();
      clients.destroy();
    },
  };
}

/** The app of a function of the definition. @throws RangeError where there is none */
export function appOf(name: string): (host: Host) => SqsHandler {
  const app = apps[name];
  if (app === undefined) throw new RangeError(`the definition has a function ${name}, but no app of that name is known here`);
  return app;
}

function handlerOf(handlers: ReadonlyMap<string, SqsHandler>, name: string): SqsHandler {
  const handler = handlers.get(name);
  if (handler === undefined) throw new RangeError(`no function ${name}`);
  return handler;
}

function problemLog(onProblem: (line: string) => void): Log {
  const describe = (message: string, extra: Readonly<Record<string, unknown>> = {}) => {
    const error = extra['error'];
    onProblem(error instanceof Error ? `${message}: ${error.stack ?? error.message}` : message);
  };
  return { info: () => undefined, warn: describe, error: describe };
}
