import type { HttpRequest } from './message.ts';
import { WireError } from './wire-error.ts';

/** Well above every limit of the APIs that take documents; object bodies are streamed and never come here. */
const LARGEST_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** The whole body as text. */
export async function readText(request: HttpRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> = request.body;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > LARGEST_DOCUMENT_BYTES) throw new WireError(413, 'RequestEntityTooLarge', `A request document takes at most ${LARGEST_DOCUMENT_BYTES} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
