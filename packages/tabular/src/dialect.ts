import Papa from 'papaparse';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];
export type LineEnding = '\n' | '\r\n' | '\r';

/** How a file writes its table. Quotes are always `"`, doubled inside a quoted field (RFC 4180). */
export interface Dialect {
  readonly delimiter: Delimiter;
  /** The file's first line ending; a file may mix LF and CRLF and is read all the same. */
  readonly lineEnding: LineEnding;
}

/** Enough text to tell a dialect by. */
const SAMPLE_CHARACTERS = 65_536;
const SAMPLE_ROWS = 20;
/** A quote opens a field only where a field begins. */
const QUOTED_FIELD = /(^|[,;\t|\r\n])"(?:[^"]|"")*"/g;

interface Sample {
  readonly text: string;
  /** Whether the last row is whole. */
  readonly whole: boolean;
}

/** How well a delimiter fits a sample. */
interface Fit {
  readonly delimiter: Delimiter;
  /** Share of the rows that have as many fields as the first one. */
  readonly agreement: number;
  /** Quote characters left in the values: the wrong delimiter does not see where quoted fields begin. */
  readonly strayQuotes: number;
  readonly fields: number;
}

/**
 * Tells the dialect from the beginning of a file: the delimiter with which most rows have as many fields as the first;
 * among equals the one that leaves fewer quotes in the values, then any other before a comma that stands between digits
 * only, where it is a decimal mark, then the one that makes more fields. A comma where no delimiter occurs (a table of one
 * column).
 * @param complete whether `text` is the whole file; otherwise its last row is cut and says nothing
 */
export function detectDialect(text: string, complete: boolean): Dialect {
  const sample: Sample = { text: text.slice(0, SAMPLE_CHARACTERS).trimStart(), whole: complete && text.length <= SAMPLE_CHARACTERS };
  const lineEnding = detectLineEnding(sample.text);
  const fits = DELIMITERS.map((delimiter) => fitOf(sample, delimiter, rowBreak(lineEnding))).filter(({ fields }) => fields > 1);
  const isDecimal = !/(^|\D),|,(\D|$)/.test(sample.text);
  const rank = ({ delimiter }: Fit): number => (delimiter === ',' && isDecimal ? 1 : 0);
  const [best] = fits.sort((a, b) => b.agreement - a.agreement || a.strayQuotes - b.strayQuotes || rank(a) - rank(b) || b.fields - a.fields);
  return { delimiter: best?.delimiter ?? ',', lineEnding };
}

/** What ends a row for the parser: LF also ends CRLF lines, and the CR before it is white space around the last field. */
export function rowBreak(lineEnding: LineEnding): '\n' | '\r' {
  return lineEnding === '\r' ? '\r' : '\n';
}

/** The first line break outside quotes. Later ones count less: the sample may end within a quoted field. */
function detectLineEnding(sample: string): LineEnding {
  const [first] = /\r\n|\n|\r/.exec(sample.replace(QUOTED_FIELD, '$1')) ?? [];
  if (first === '\r\n') return '\r\n';
  return first === '\r' ? '\r' : '\n';
}

function fitOf({ text, whole }: Sample, delimiter: Delimiter, newline: '\n' | '\r'): Fit {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline, preview: SAMPLE_ROWS, skipEmptyLines: 'greedy' });
  const brokenHeader = errors.some(({ row }) => row === 0);
  const fields = brokenHeader ? 0 : (data[0]?.length ?? 0);
  const rows = data.slice(1, whole ? undefined : -1);
  const agreeing = rows.filter((row) => row.length === fields).length;
  const strayQuotes = data.flat().reduce((sum, value) => sum + value.split('"').length - 1, 0);
  return { delimiter, agreement: rows.length === 0 ? 1 : agreeing / rows.length, strayQuotes, fields };
}
