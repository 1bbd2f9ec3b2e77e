import type { Encoding } from './decode.ts';

/** Text to the bytes of an encoding, without a byte-order mark. */
export type Encoder = (text: string) => Uint8Array;

/** @returns an encoder that gives back the bytes that a text was decoded from; what Windows-1252 cannot say becomes `?` */
export function createEncoder(encoding: Encoding): Encoder {
  switch (encoding) {
    case 'utf-8': {
      const encoder = new TextEncoder();
      return (text) => encoder.encode(text);
    }
    case 'utf-16le':
      return (text) => Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return (text) => Buffer.from(text, 'utf16le').swap16();
    case 'windows-1252': {
      const characters = new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
      const byteOf = new Map(Array.from(characters, (character, byte): [number, number] => [character.charCodeAt(0), byte]));
      return (text) => Uint8Array.from({ length: text.length }, (_, at) => byteOf.get(text.charCodeAt(at)) ?? 0x3f);
    }
  }
}
