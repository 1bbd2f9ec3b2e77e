/**
 * Splits CSV text into rows and tells where in the text each of them lies. papaparse does the parsing; what is added is
 * the recovery from broken quotes: a quote that is never closed would take the rest of the file with it, so the line it
 * stands on is given up and reading goes on with the next line.
 */
import Papa from 'papaparse';
import { rowBreak } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { TabularError } from './errors.ts';

/** One row as it stands in the text. */
export interface ScannedRow {
  /** Unquoted fields, white space around them untouched; empty for a row with broken quotes. */
  readonly fields: readonly string[];
  /** Offsets in the text: the row's own characters, without its line ending. */
  readonly start: number;
  readonly end: number;
  readonly broken?: 'unclosed-quote' | 'misplaced-quote';
}

/** The text is parsed in pieces of this size, cut anywhere: the row at a piece's end is read again at the start of the next. */
const PIECE_CHARACTERS = 1 << 20;
/** A row that is longer gets a larger piece; a quote that is not closed within this one counts as never closed. */
const MAX_QUOTED_CHARACTERS = 1 << 24;
/** Each recovery reads a piece or more again; beyond so many the file is no table worth the time. */
const MAX_RECOVERIES = 100;
const BYTE_ORDER_MARK = '\ufeff';

type OnRow = (row: ScannedRow) => boolean | undefined;

/** A piece of the text, from an offset on. */
interface Piece {
  readonly from: number;
  readonly characters: number;
}

/** How the reading of a piece ended: where to go on, and whether nobody wants more or a row with broken quotes was met. */
interface Outcome {
  next: number;
  end: 'read' | 'stopped' | 'broken';
}

/**
 * Calls `onRow` for each row of the text; blank lines are passed over. Scanning stops when `onRow` returns `false`.
 * @param pieceCharacters how much of the text is parsed at a time; it changes no row
 * @throws TabularError `unbalanced-quotes` after a hundred rows with broken quotes
 */
export function scanRows(text: string, dialect: Dialect, onRow: OnRow, pieceCharacters = PIECE_CHARACTERS): void {
  let recoveries = 0;
  let piece: Piece = { from: 0, characters: pieceCharacters };
  while (piece.from < text.length) {
    const { next, end } = scanPiece(text, dialect, piece, onRow);
    if (end === 'stopped') return;
    if (end === 'broken' && ++recoveries > MAX_RECOVERIES) throw tooManyBrokenQuotes();
    piece = { from: next, characters: next === piece.from ? 2 * piece.characters : pieceCharacters };
  }
}

function scanPiece(text: string, dialect: Dialect, piece: Piece, onRow: OnRow): Outcome {
  const newline = rowBreak(dialect.lineEnding);
  const pieceEnd = Math.min(piece.from + piece.characters, text.length);
  const characters = text.slice(piece.from, pieceEnd);
  const outcome: Outcome = { next: piece.from, end: 'read' };
  // papaparse drops one byte-order mark without counting it: it gets one to drop.
  Papa.parse<string[]>(characters.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK + characters : characters, {
    delimiter: dialect.delimiter,
    newline,
    step: ({ data, errors, meta }, parser) => {
      const start = outcome.next;
      const next = piece.from + meta.cursor;
      const cut = next === pieceEnd && pieceEnd < text.length;
      if (cut && !(start === piece.from && isHopeless(errors, piece))) {
        parser.abort();
        return;
      }
      const [error] = errors;
      if (error === undefined) {
        const end = contentEnd(text, start, next);
        const wanted = isBlankLine(data, text, start, end) || onRow({ fields: data, start, end });
        outcome.next = next;
        if (wanted !== false) return;
        outcome.end = 'stopped';
      } else {
        const lineEnd = text.indexOf(newline, start);
        const end = lineEnd === -1 ? text.length : lineEnd;
        const broken = error.code === 'MissingQuotes' ? 'unclosed-quote' : 'misplaced-quote';
        const wanted = onRow({ fields: [], start, end: withoutCarriageReturn(text, start, end), broken });
        outcome.next = end + 1;
        outcome.end = wanted === false ? 'stopped' : 'broken';
      }
      parser.abort();
    },
  });
  return outcome;
}

/** Whether a row that goes on behind its piece is broken all the same: the cut itself can make one misplaced quote, not two. */
function isHopeless(errors: readonly Papa.ParseError[], piece: Piece): boolean {
  const misplaced = errors.filter(({ code }) => code === 'InvalidQuotes').length;
  return misplaced > 1 || (errors.length > 0 && piece.characters >= MAX_QUOTED_CHARACTERS);
}

function contentEnd(text: string, start: number, next: number): number {
  const last = text.charCodeAt(next - 1);
  const end = next > start && (last === 10 || last === 13) ? next - 1 : next;
  return last === 10 ? withoutCarriageReturn(text, start, end) : end;
}

function withoutCarriageReturn(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

function isBlankLine(fields: readonly string[], text: string, start: number, end: number): boolean {
  return fields.length === 1 && fields[0]?.trim() === '' && text.slice(start, end).trim() === '';
}

function tooManyBrokenQuotes(): TabularError {
  return new TabularError({
    code: 'unbalanced-quotes',
    message: `more than ${MAX_RECOVERIES} rows have quotes that are never closed or stand in the middle of a field`,
    remedy: 'quote whole fields only and double the quotes inside them',
  });
}
