/** What can be wrong with a file, and with one row of it, in words for the person who exported it. */

/** Why a whole file cannot be read. */
export type FileProblemCode =
  /** No bytes, or nothing but blank lines. */
  | 'empty'
  /** Bytes of another format (zip, Parquet, PDF, JSON, HTML …) or NUL bytes. */
  | 'not-csv'
  /** Neither UTF-8 nor UTF-16 nor Windows-1252, or not all of it. */
  | 'unsupported-encoding'
  /** A gzip file that ends too early or does not unpack. */
  | 'broken-gzip'
  /** More text than one JavaScript string holds (512 MB) where the file is read as a whole, or a gzip file that grows without end. */
  | 'too-large'
  /** The first row does not end within the bytes that were looked at, or a quote in it is never closed. */
  | 'unreadable-header'
  /** The columns of a file without a header are not as many as the names given for them. */
  | 'wrong-column-names'
  | 'empty-column-name'
  | 'duplicate-column'
  /** A header, and nothing below it. */
  | 'no-rows'
  /** No row that was looked at has as many fields as the header. */
  | 'ragged'
  /** Quotes are opened and never closed all over the file. */
  | 'unbalanced-quotes'
  /** A column that is needed is not in the header, or files that are read together have different columns. */
  | 'missing-column';

/** Why a file was refused: what and where, and how to repair it. Both sentences end without a full stop. */
export interface FileProblem {
  readonly code: FileProblemCode;
  readonly message: string;
  readonly remedy: string;
  /** Line of the file, counted from 1, as an editor shows it. */
  readonly line?: number;
  /** Name of the column. */
  readonly column?: string;
}

/** What is wrong with one row. */
export type RowReason =
  | 'too-few-fields'
  | 'too-many-fields'
  /** A quoted field is never closed. */
  | 'unclosed-quote'
  /** A closing quote is followed by something else than a delimiter or the end of the line. */
  | 'misplaced-quote'
  /** The row below the header names types (`int`, `str`) instead of values. */
  | 'type-row'
  /** A value of a numeric column is neither a number, as the column writes them, nor a missing-value mark. */
  | 'not-a-number'
  | 'not-a-date'
  | 'not-a-boolean'
  /** A column in which every row must have a value has none. */
  | 'missing-value';

/** One bad row. */
export interface RowProblem {
  /** Name of the file, where it has one. */
  readonly file?: string;
  /** Line on which the row starts, counted from 1. */
  readonly line: number;
  /** Data row, counted from 1; the header and blank lines do not count. */
  readonly row: number;
  /** Fields that the row has; 0 where quotes are broken. */
  readonly fields: number;
  readonly column?: string;
  /** The value as it stands in the file, cut to 100 characters. */
  readonly value?: string;
  readonly reason: RowReason;
  /** The reason as a sentence, without the place. */
  readonly message: string;
}

/** A file without a single row. @param bytes its length */
export function emptyFile(bytes: number): FileProblem {
  return {
    code: 'empty',
    message: bytes === 0 ? 'the file is empty (0 bytes)' : 'the file has blank lines only',
    remedy: 'export the table again, with its header and rows',
  };
}
