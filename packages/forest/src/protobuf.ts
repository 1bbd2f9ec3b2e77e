/**
 * Just enough of the protocol buffer wire format (protobuf.dev, "Encoding") to write messages. A message is the list of its
 * fields' bytes; nested ones are written first, since their length stands before them.
 */

type Chunk = Uint8Array<ArrayBuffer>;
/** The bytes of one message, in pieces. */
export type Message = readonly Chunk[];

const VARINT = 0;
const BYTES = 2;

/** A field of whole numbers from 0 to 2⁵³ − 1. */
export function integer(field: number, value: number): Message {
  return [Uint8Array.from([...varint(8 * field + VARINT), ...varint(value)])];
}

/** A field of text. */
export function text(field: number, value: string): Message {
  return lengthDelimited(field, [new TextEncoder().encode(value)]);
}

/** A field that is a message itself, made of the given ones. */
export function message(field: number, ...parts: readonly Message[]): Message {
  return lengthDelimited(field, parts.flat());
}

/** A repeated field of 32-bit floats, packed. */
export function floats(field: number, values: Float32Array): Message {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => { view.setFloat32(4 * index, value, true); });
  return lengthDelimited(field, [bytes]);
}

/** A repeated field of whole numbers from 0, packed. */
export function integers(field: number, values: Uint32Array): Message {
  const bytes = new Uint8Array(values.reduce((sum, value) => sum + varintLength(value), 0));
  let at = 0;
  for (const value of values) {
    let rest = value;
    for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128;
    bytes[at++] = rest;
  }
  return lengthDelimited(field, [bytes]);
}

/** A repeated field of text: for each index the one that it stands for among `values`. */
export function texts(field: number, values: readonly string[], indices: Uint8Array): Message {
  const encoded = values.map((value) => joined(text(field, value)));
  const bytes = new Uint8Array(indices.reduce((sum, index) => sum + (encoded[index]?.length ?? 0), 0));
  let at = 0;
  for (const index of indices) {
    const one = encoded[index] ?? new Uint8Array();
    bytes.set(one, at);
    at += one.length;
  }
  return [bytes];
}

/** The message as one array. */
export function joined(chunks: Message): Chunk {
  const bytes = new Uint8Array(lengthOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function lengthDelimited(field: number, chunks: Message): Message {
  return [Uint8Array.from([...varint(8 * field + BYTES), ...varint(lengthOf(chunks))]), ...chunks];
}

function lengthOf(chunks: Message): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** Seven bits a byte, the lowest first; the top bit says that more follow. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** Bytes of a 32-bit number. */
function varintLength(value: number): number {
  return Math.max(1, Math.ceil((32 - Math.clz32(value)) / 7));
}
