import { header } from './message.ts';
import type { HttpRequest } from './message.ts';

/** The services that speak AWS JSON. */
export type JsonService = 'sagemaker' | 'events' | 'sqs' | 'logs' | 'ssm' | 'secretsmanager';

/** The services behind the one port, and the cloud's own pages. */
export type Route =
  | { readonly service: JsonService; readonly operation: string }
  | { readonly service: 'query' | 's3' | 'admin' }
  | { readonly service: 'unknown'; readonly asked: string };

const TARGETS: ReadonlyMap<string, JsonService> = new Map([
  ['SageMaker', 'sagemaker'],
  ['AWSEvents', 'events'],
  ['AmazonSQS', 'sqs'],
  ['Logs_20140328', 'logs'],
  ['AmazonSSM', 'ssm'],
  ['secretsmanager', 'secretsmanager'],
]);

/**
 * Which service a request is for. Clients are told apart by the X-Amz-Target header of the JSON protocols, by a form
 * posted to `/` for the query protocol, and by the service in the signature; what has none of them is S3.
 */
export function routeOf(request: HttpRequest): Route {
  const target = header(request, 'x-amz-target');
  if (target !== undefined) {
    const [prefix = '', operation = ''] = target.split('.', 2);
    const service = TARGETS.get(prefix);
    return service === undefined ? { service: 'unknown', asked: target } : { service, operation };
  }
  if (request.path === '/_local' || request.path.startsWith('/_local/')) return { service: 'admin' };
  if (isForm(request)) return { service: 'query' };
  const signedFor = /Credential=[^,]*\/([a-z0-9-]+)\/aws4_request/.exec(header(request, 'authorization') ?? '')?.[1];
  return signedFor === undefined || signedFor === 's3' ? { service: 's3' } : { service: 'unknown', asked: signedFor };
}

function isForm(request: HttpRequest): boolean {
  const type = header(request, 'content-type') ?? '';
  return request.method === 'POST' && request.path === '/' && type.startsWith('application/x-www-form-urlencoded');
}
