import type { HttpReply, HttpRequest } from './message.ts';
import { readText } from './read-body.ts';
import { internalError, WireError } from './wire-error.ts';
import { xmlDocument } from './xml.ts';
import type { XmlNode } from './xml.ts';

/** The parameters of a request in the query protocol. */
export interface QueryInput {
  readonly optional: (name: string) => string | undefined;
  /** @throws WireError when the parameter is missing */
  readonly required: (name: string) => string;
}

/** Returns the content of `<ActionResult>`. */
export type QueryOperation = (input: QueryInput) => XmlNode;

export interface QueryService {
  readonly namespace: string;
  readonly operations: Readonly<Record<string, QueryOperation>>;
}

/** Answers a form posted to `/`: the service is the one that has an operation of the form's Action. */
export async function answerQuery(services: readonly QueryService[], request: HttpRequest, onError: (error: unknown) => void): Promise<HttpReply> {
  try {
    const form = new URLSearchParams(await readText(request));
    const action = form.get('Action') ?? '';
    const service = services.find(({ operations }) => Object.hasOwn(operations, action));
    const run = service?.operations[action];
    if (service === undefined || run === undefined) throw new WireError(400, 'InvalidAction', `The local cloud does not offer the action "${action}".`);
    const content = { [`${action}Result`]: run(inputOf(form)), ResponseMetadata: { RequestId: request.id } };
    return reply(request, 200, xmlDocument(`${action}Response`, content, service.namespace));
  } catch (error) {
    if (!(error instanceof WireError)) onError(error);
    return errorReply(request, error instanceof WireError ? error : internalError());
  }
}

function inputOf(form: URLSearchParams): QueryInput {
  return {
    optional: (name) => form.get(name) ?? undefined,
    required(name) {
      const value = form.get(name);
      if (value === null) throw new WireError(400, 'InvalidParameter', `Invalid parameter: ${name} is missing`);
      return value;
    },
  };
}

function errorReply(request: HttpRequest, error: WireError): HttpReply {
  const content = { Error: { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.code, Message: error.message }, RequestId: request.id };
  return reply(request, error.status, xmlDocument('ErrorResponse', content));
}

function reply(request: HttpRequest, status: number, body: string): HttpReply {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': request.id }, body };
}
