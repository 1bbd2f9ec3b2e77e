import { z } from 'zod';

import { parseJson } from '../json.ts';
import type { HttpReply, HttpRequest } from './message.ts';
import { readText } from './read-body.ts';
import { constraintMessages } from './constraints.ts';
import { internalError, validationError, WireError } from './wire-error.ts';

/** One operation of a JSON service: takes the parsed document, returns the answer's document. */
export type JsonOperation = (input: unknown, request: HttpRequest) => Promise<object> | object;

export type JsonOperations = Readonly<Record<string, JsonOperation>>;

/** What differs between the services that speak AWS JSON. */
export interface JsonProtocol {
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** Put before the code in `__type`, such as `com.amazonaws.sqs#`. */
  readonly typePrefix?: string;
  /** The code for a document that breaks a constraint. */
  readonly invalidInput: string;
}

/**
 * Couples a request schema with what is done with it. A document that the schema refuses is answered in the words of
 * the service.
 */
export function operation<T>(schema: z.ZodType<T>, run: (input: T, request: HttpRequest) => Promise<object> | object): JsonOperation {
  return (input, request) => {
    const parsed = schema.safeParse(input, { reportInput: true });
    if (parsed.success) return run(parsed.data, request);
    throw validationError(constraintMessages(parsed.error));
  };
}

/** Answers one request of a JSON service. */
export async function answerJson(
  protocol: JsonProtocol,
  operations: JsonOperations,
  name: string,
  request: HttpRequest,
  onError: (error: unknown) => void,
): Promise<HttpReply> {
  try {
    const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (run === undefined) throw new WireError(400, 'UnknownOperationException', `The local cloud does not offer ${name}; it offers ${Object.keys(operations).join(', ')}.`);
    return reply(protocol, request, 200, await run(await readDocument(request), request));
  } catch (error) {
    if (!(error instanceof WireError)) onError(error);
    return errorReply(protocol, request, error instanceof WireError ? error : internalError());
  }
}

async function readDocument(request: HttpRequest): Promise<unknown> {
  const text = await readText(request);
  const document = text === '' ? {} : parseJson(text);
  if (!z.record(z.string(), z.unknown()).safeParse(document).success) throw new WireError(400, 'SerializationException', 'The request is not a JSON object.');
  return document;
}

function errorReply(protocol: JsonProtocol, request: HttpRequest, error: WireError): HttpReply {
  const code = error.code === 'ValidationException' ? protocol.invalidInput : error.code;
  // boto reads the code from the body, and only there.
  const document = { __type: `${protocol.typePrefix ?? ''}${code}`, Message: error.message, message: error.message };
  return reply(protocol, request, error.status, document, error.details);
}

function reply(protocol: JsonProtocol, request: HttpRequest, status: number, document: object, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return {
    status,
    headers: { 'content-type': protocol.contentType, 'x-amzn-requestid': request.id, ...headers },
    body: JSON.stringify(document),
  };
}
