/** Recognises what is not CSV by its first bytes, so that a person reads "an Excel workbook" instead of a parse error. */

interface Signature {
  readonly bytes: readonly number[];
  readonly what: string;
  readonly remedy: string;
}

const EXPORT_AS_CSV = 'export the table as CSV (UTF-8) and drop that file';
const UNPACK = 'unpack it and drop the CSV file inside';
const ascii = (text: string): readonly number[] => Array.from(text, (character) => character.charCodeAt(0));

/** First bytes of common formats: https://en.wikipedia.org/wiki/List_of_file_signatures */
const SIGNATURES: readonly Signature[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive or an Excel workbook (.xlsx)', remedy: EXPORT_AS_CSV },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook (.xls)', remedy: EXPORT_AS_CSV },
  { bytes: [0x1f, 0x8b], what: 'a gzip file in a gzip file', remedy: UNPACK },
  { bytes: ascii('BZh'), what: 'a bzip2 file', remedy: UNPACK },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'an xz file', remedy: UNPACK },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'a Zstandard file', remedy: UNPACK },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], what: 'a 7-Zip archive', remedy: UNPACK },
  { bytes: ascii('PAR1'), what: 'a Parquet file', remedy: EXPORT_AS_CSV },
  { bytes: ascii('ARROW1'), what: 'an Arrow file', remedy: EXPORT_AS_CSV },
  { bytes: ascii('Obj\u0001'), what: 'an Avro file', remedy: EXPORT_AS_CSV },
  { bytes: ascii('SQLite format 3'), what: 'an SQLite database', remedy: EXPORT_AS_CSV },
  { bytes: ascii('%PDF'), what: 'a PDF document', remedy: EXPORT_AS_CSV },
  { bytes: ascii('{\\rtf'), what: 'an RTF document', remedy: EXPORT_AS_CSV },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'a PNG image', remedy: EXPORT_AS_CSV },
  { bytes: [0xff, 0xd8, 0xff], what: 'a JPEG image', remedy: EXPORT_AS_CSV },
];

/** Text that is no table, by how it begins. A quote after a brace is JSON; a CSV header may well begin with a brace. */
const TEXT_FORMATS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^\s*(\{\s*["}]|\[\s*[[{\]])/, what: 'JSON' },
  { pattern: /^\s*<(!doctype|html|\?xml)/i, what: 'an HTML or XML document' },
];

/** What the bytes are, if not text; `undefined` where nothing is recognised. */
export function recogniseBinary(bytes: Uint8Array): { readonly what: string; readonly remedy: string } | undefined {
  return SIGNATURES.find((signature) => signature.bytes.every((byte, index) => bytes[index] === byte));
}

/** What the text is, if not a table; `undefined` where nothing is recognised. */
export function recogniseText(text: string): { readonly what: string; readonly remedy: string } | undefined {
  const found = TEXT_FORMATS.find(({ pattern }) => pattern.test(text.slice(0, 1000)));
  return found === undefined ? undefined : { what: found.what, remedy: EXPORT_AS_CSV };
}
