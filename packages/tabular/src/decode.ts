import { constants } from 'node:buffer';
import { recogniseBinary, recogniseText } from './file-signatures.ts';
import type { FileProblem } from './problems.ts';

/** Text of a file without its byte-order mark, or why there is none. */
export type Decoded =
  | { readonly ok: true; readonly text: string; readonly bom: boolean }
  | { readonly ok: false; readonly problem: FileProblem };

const LF = 0x0a;
const AS_UTF8 = 'save the file again with the encoding UTF-8 (in Excel: "CSV UTF-8")';

/**
 * UTF-8 bytes to text. Encoding the text again gives the same bytes: nothing is replaced silently.
 * @param complete whether `bytes` are the whole file; otherwise a character cut at their end is left out
 */
export function decode(bytes: Uint8Array, complete: boolean): Decoded {
  const problem = foreignFormat(bytes);
  if (problem !== undefined) return { ok: false, problem };
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = bom ? bytes.subarray(3) : bytes;
  if (body.length > constants.MAX_STRING_LENGTH) return { ok: false, problem: tooLarge(body.length) };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body, { stream: !complete });
    const format = recogniseText(text);
    return format === undefined ? { ok: true, text, bom } : { ok: false, problem: notCsv(format) };
  } catch {
    return { ok: false, problem: invalidUtf8(body) };
  }
}

function foreignFormat(bytes: Uint8Array): FileProblem | undefined {
  const format = recogniseBinary(bytes);
  if (format !== undefined) return notCsv(format);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { code: 'unsupported-encoding', message: 'the file is UTF-16, which is not read yet', remedy: AS_UTF8 };
  }
  const nul = bytes.indexOf(0);
  if (nul === -1) return undefined;
  const line = lineOf(bytes, nul);
  return {
    code: 'not-csv',
    message: `the file is no text: line ${line} has a NUL byte (byte ${nul + 1} of the file)`,
    remedy: `if it is UTF-16 text, ${AS_UTF8}; otherwise export the table as CSV`,
    line,
  };
}

function notCsv(format: { readonly what: string; readonly remedy: string }): FileProblem {
  return { code: 'not-csv', message: `the file is ${format.what}, not CSV`, remedy: format.remedy };
}

function tooLarge(bytes: number): FileProblem {
  return {
    code: 'too-large',
    message: `the file has ${bytes} bytes; at most ${constants.MAX_STRING_LENGTH} can be read in one piece`,
    remedy: 'split it into several files, each with the header',
  };
}

function invalidUtf8(body: Uint8Array): FileProblem {
  const line = firstInvalidLine(body);
  return { code: 'unsupported-encoding', message: `line ${line} is not valid UTF-8`, remedy: AS_UTF8, line };
}

/** Line breaks are single bytes in UTF-8 and never part of another character, so each line can be tried alone. */
function firstInvalidLine(body: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < body.length; line++) {
    const lineEnd = body.indexOf(LF, start);
    const end = lineEnd === -1 ? body.length : lineEnd + 1;
    try {
      decoder.decode(body.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(LF); at !== -1 && at < offset; at = bytes.indexOf(LF, at + 1)) line++;
  return line;
}
