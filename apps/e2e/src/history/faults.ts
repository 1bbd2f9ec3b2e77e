/** The way from the apps' clients to the cloud, without a network, on which calls are refused, lost and cut off. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { answerClient, createInProcessHandler, type ClientRequest, type HttpReply, type InProcessHandler, type LambdaFunction, type LocalCloud } from '@dropforest/local-cloud';
import type { Fault } from './history.ts';

/** The end of a process, or of a connection, that a history asked for. */
export class InjectedFault extends Error {
  override readonly name: string;

  /** @param name what the AWS SDK calls such an error */
  constructor(message: string, name = 'InjectedFault') {
    super(message);
    this.name = name;
  }
}

export interface Calls {
  /** For the clients' configuration. */
  readonly requestHandler: InProcessHandler;
  /** Makes of a function one whose process can end. */
  invocable(app: string, run: LambdaFunction): LambdaFunction;
}

interface Invocation {
  readonly app: string;
  isDead: boolean;
}

const REFUSALS: Readonly<Record<'throttled' | 'broken', { readonly json: string; readonly xml: string; readonly status: number }>> = {
  throttled: { json: 'ThrottlingException', xml: 'SlowDown', status: 503 },
  broken: { json: 'InternalFailure', xml: 'InternalError', status: 500 },
};

/**
 * @param cloud where the calls go
 * @param faults calls of apps are counted, those of anybody else go through
 * @param between what somebody else does just before a call of an app
 */
export function createCalls(cloud: Promise<Pick<LocalCloud, 'answer'>>, faults: readonly Fault[], between: () => Promise<void>): Calls {
  const invocations = new AsyncLocalStorage<Invocation>();
  const counts = new Map<string, number>();
  const count = (name: string): number => {
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before;
  };
  const nextFault = (app: string, operation = ''): Fault | undefined => {
    const [ofAll, ofKind] = [count(app), count(`${app} ${operation}`)];
    return faults.find((fault) => fault.app === app && (fault.operation === undefined ? fault.call === ofAll : fault.operation === operation && fault.call === ofKind));
  };
  const send = async (request: ClientRequest): Promise<HttpReply> => answerClient(await cloud, request);
  const die = (invocation: Invocation): never => {
    invocation.isDead = true;
    throw new InjectedFault(`the process of ${invocation.app} ended`);
  };

  async function call(request: ClientRequest): Promise<HttpReply> {
    const invocation = invocations.getStore();
    if (invocation === undefined) return send(request);
    if (invocation.isDead) return die(invocation);
    await invocations.exit(between);
    const fault = nextFault(invocation.app, operationOf(request));
    if (fault?.kind === 'killed before') return die(invocation);
    if (fault?.kind === 'throttled' || fault?.kind === 'broken') return refusal(request, fault.kind);
    const reply = await send(request);
    if (fault?.kind === 'killed after') return die(invocation);
    if (fault?.kind === 'lost') throw new InjectedFault(`an answer to ${invocation.app} was lost`, 'TimeoutError');
    return reply;
  }

  return {
    requestHandler: createInProcessHandler(call),
    invocable: (app, run) => async (event, context) => {
      const invocation: Invocation = { app, isDead: false };
      const answer = await invocations.run(invocation, () => run(event, context));
      if (invocation.isDead) throw new InjectedFault(`the process of ${app} ended`);
      return answer;
    },
  };
}

/** As AWS names it; S3's only where the client says so, which it does for most. */
function operationOf(request: ClientRequest): string | undefined {
  const { query = {}, body } = request;
  if (headerOf(request, 'content-type')?.includes('form')) return /Action=(\w+)/.exec(Buffer.from(body instanceof Readable || body === undefined ? '' : body).toString())?.[1];
  return headerOf(request, 'x-amz-target')?.split('.')[1] ?? query['x-id']?.toString();
}

function headerOf({ headers }: ClientRequest, name: string): string | undefined {
  return Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1];
}

/** In the words of the service: S3 speaks XML, the others of the apps' services JSON (SNS XML of another kind). */
function refusal(request: ClientRequest, kind: 'throttled' | 'broken'): HttpReply {
  const { json, xml, status } = REFUSALS[kind];
  if (headerOf(request, 'x-amz-target') !== undefined) return { status: 400, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify({ __type: json, message: `injected: ${json}` }) };
  const isForm = headerOf(request, 'content-type')?.includes('form') ?? false;
  const error = `<Error><Code>${isForm && kind === 'throttled' ? 'Throttling' : xml}</Code><Message>injected: ${xml}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: isForm ? `<ErrorResponse>${error}</ErrorResponse>` : error };
}
