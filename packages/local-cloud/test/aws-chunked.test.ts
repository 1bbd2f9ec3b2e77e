import fc from 'fast-check';
import { expect, it } from 'vitest';

import { decodeAwsChunked } from '../src/s3/aws-chunked.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decode(text: Buffer, pieceSize: number): Promise<{ payload: Buffer; trailers: Map<string, string> }> {
  const trailers = new Map<string, string>();
  const chunks: Uint8Array[] = [];
  for await (const chunk of decodeAwsChunked(inPieces(text, pieceSize), trailers)) chunks.push(chunk);
  return { payload: Buffer.concat(chunks), trailers };
}

function encode(chunks: readonly Uint8Array[], extension: string, trailers: string): Buffer {
  const framed = chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`), chunk, Buffer.from('\r\n')]);
  return Buffer.concat([...framed, Buffer.from(`0${extension}\r\n${trailers}`)]);
}

it('any payload comes out of any framing, however the network cut it, signed or not', async () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk), fc.integer({ min: 1, max: 50 }), fc.constantFrom('', ';chunk-signature=0a1b'), async (chunks, pieceSize, extension) => {
      const { payload, trailers } = await decode(encode(chunks, extension, 'X-Amz-Checksum-Crc32:DUoRhQ==\r\nx-amz-trailer-signature:ab\r\n\r\n'), pieceSize);
      expect(payload.equals(Buffer.concat(chunks))).toBe(true);
      expect(trailers.get('x-amz-checksum-crc32')).toBe('DUoRhQ==');
    }),
  );
});

it('a body without trailers may end with or without its empty line', async () => {
  const hello = [Buffer.from('hello')];
  expect((await decode(encode(hello, '', '\r\n'), 3)).payload.toString()).toBe('hello');
  expect((await decode(encode(hello, '', ''), 3)).payload.toString()).toBe('hello');
});

it.each(['5\r\nhel', '5\r\nhelloXX0\r\n\r\n', 'zz\r\nhello\r\n', '', 'hello'])('%j is refused as incomplete', async (text) => {
  await expect(decode(Buffer.from(text), 2)).rejects.toMatchObject({ code: 'IncompleteBody' });
});
