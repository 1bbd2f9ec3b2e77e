/** From the evidence of all columns to their kinds, each with its reason in words. */
import { namePair } from './boolean.ts';
import type { ColumnEvidence } from './column-evidence.ts';
import { DATE_FORMATS, DAY_FIRST, MONTH_FIRST } from './date.ts';
import type { Delimiter } from './dialect.ts';
import { ALL_FORMATS, COMMA_FORMATS, NUMBER_FORMATS, POINT_FORMATS } from './number-format.ts';
import type { ColumnKind, ColumnSchema, Grouping } from './table.ts';

/** What someone who knows has said of a column; the rest is inferred. */
export interface ColumnOverride {
  readonly kind?: ColumnKind | 'ignore' | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly decimal?: '.' | ',' | undefined;
  readonly dateFormat?: string | undefined;
}

/** What the unmistakable columns of a file say about the others. `undefined`: nothing, or both. */
export interface FileHabits {
  readonly decimal: '.' | ',' | undefined;
  readonly monthFirst: boolean | undefined;
  readonly delimiter: Delimiter;
}

/** Integers that count the rows are told from few rows that happen to rise by one. */
const FEWEST_ROW_NUMBERS = 20;
/**
 * Words with fewer rows a value than this name things instead of describing them. Measured on Big Mart
 * (`Item_Identifier`: 1,559 values, 5 rows each; RMSE on three holdouts): left out 1,121, 1,123, 1,154; learned from
 * 1,269, 1,243, 1,269.
 */
const ROWS_PER_VALUE = 10;
/** With so few values a small table may have few rows of each. */
const ALWAYS_CATEGORIES = 20;
/** A word among fewer numbers than this may mean something. */
const FEWEST_NUMBERS = 20;
/** With a larger share of words a column holds both, such as house numbers. */
const MOST_STRAY_WORDS = 0.05;
const WORDS_OF_A_TEXT = 5;
const FEWEST_TEXTS = 10;

const GROUPING_NAMES: Readonly<Record<Grouping, string>> = { ' ': 'spaces', ',': 'commas', '.': 'points', "'": 'apostrophes' };

/** The habits of a file: only columns that can be read in one way have a say. */
export function habitsOf(columns: Iterable<ColumnEvidence>, delimiter: Delimiter): FileHabits {
  const decimals = new Set<'.' | ','>();
  const monthFirst = new Set<boolean>();
  for (const { values, numbers, dates } of columns) {
    if (values === 0) continue;
    if (numbers !== 0 && (numbers & COMMA_FORMATS) === 0) decimals.add('.');
    if (numbers !== 0 && (numbers & POINT_FORMATS) === 0) decimals.add(',');
    if ((dates & (DAY_FIRST | MONTH_FIRST)) !== 0 && ((dates & DAY_FIRST) === 0 || (dates & MONTH_FIRST) === 0)) monthFirst.add((dates & MONTH_FIRST) !== 0);
  }
  return { decimal: only(decimals), monthFirst: only(monthFirst), delimiter };
}

function only<T>(set: ReadonlySet<T>): T | undefined {
  const [first] = set;
  return set.size === 1 ? first : undefined;
}

/**
 * The schema of one column.
 * @param isTarget the column is to be predicted: it is something that can be, whatever it looks like
 */
export function decideColumn(name: string, evidence: ColumnEvidence, override: ColumnOverride, habits: FileHabits, isTarget: boolean): ColumnSchema {
  const { kind } = override;
  const base = { name, ...(override.missing === undefined ? {} : { missing: [...override.missing] }) };
  if (kind !== undefined && kind !== 'ignore') {
    return { ...base, kind, ...writingOf(kind, evidence, override, habits), explanation: `dataset.json says that it is ${kind}` };
  }
  const decided = decide(evidence, override, habits, isTarget);
  return { ...base, kind: decided.kind, ...writingOf(decided.kind, evidence, override, habits), explanation: decided.because };
}

/** In words why a column is one of numbers though not every value is one; `undefined` where it is not. */
export function spoiltInWords({ values, plainNumbers, strayWord }: ColumnEvidence): string | undefined {
  const words = values - plainNumbers;
  if (strayWord === undefined || words <= 0 || plainNumbers < FEWEST_NUMBERS || words > values * MOST_STRAY_WORDS) return undefined;
  return `${plainNumbers} of ${values} values are numbers, the others are not, ${JSON.stringify(strayWord.slice(0, 40))} for one`;
}

interface Decision {
  readonly kind: ColumnKind;
  readonly because: string;
}

function decide(evidence: ColumnEvidence, override: ColumnOverride, habits: FileHabits, isTarget: boolean): Decision {
  const { values, isConstant, blanks, marks } = evidence;
  if (values === 0) return { kind: 'constant', because: 'it has no value in any row' };
  const isNumeric = (evidence.numbers & allowedBy(override)) !== 0 && evidence.currencies.size <= 1 && !(evidence.hasPercents && evidence.hasUnsigned);
  if (isConstant && values > 1 && blanks === 0 && marks === 0 && !isTarget) return { kind: 'constant', because: 'it has the same value in every row' };
  if (override.dateFormat !== undefined) return { kind: 'date', because: `dataset.json says that its dates are written ${override.dateFormat}` };
  if (isNumeric && evidence.isRowNumber && values > FEWEST_ROW_NUMBERS && !isTarget) return { kind: 'identifier', because: `it counts the rows, each number one above the last` };
  if (isNumeric) return { kind: 'numeric', because: `every value is a number${inWords(evidence, override, habits)}${missingInWords(evidence)}` };
  if (evidence.dates !== 0) return { kind: 'date', because: `every value is a date written ${dateInWords(evidence, habits)}${missingInWords(evidence)}` };
  if (evidence.booleans !== 0) return { kind: 'boolean', because: `every value is ${namePair(evidence.booleans)}${missingInWords(evidence)}` };
  return decideWords(evidence, isTarget);
}

function decideWords(evidence: ColumnEvidence, isTarget: boolean): Decision {
  const { distinct, wordsPerValue } = evidence;
  const present = evidence.values + evidence.marks;
  const different = `${distinct.isExact ? '' : 'about '}${distinct.count} different ${distinct.count === 1 ? 'value' : 'values'} in ${present} ${present === 1 ? 'row' : 'rows'}`;
  const why = mixedInWords(evidence);
  if (isTarget) return { kind: 'categorical', because: `it is to be predicted and has ${different}${why}` };
  if (wordsPerValue >= WORDS_OF_A_TEXT && present >= FEWEST_TEXTS && distinct.count > present / 2) {
    return { kind: 'text', because: `it is free text: ${different}, ${Math.round(wordsPerValue)} words each on average` };
  }
  if (evidence.uuids && present > 1 && distinct.count > present / 2) return { kind: 'identifier', because: `every value is a UUID: ${different}` };
  if (distinct.count > ALWAYS_CATEGORIES && present / distinct.count < ROWS_PER_VALUE) {
    return { kind: 'identifier', because: `it names rows instead of describing them: ${different}${why}` };
  }
  return { kind: 'categorical', because: `it has ${different}${why}` };
}

/** A column of numbers that is none is what people ask about. */
function mixedInWords({ currencies, hasPercents, hasUnsigned, numbers }: ColumnEvidence): string {
  if (numbers === 0) return '';
  if (currencies.size > 1) return `; its numbers are in different currencies (${[...currencies].sort().join(' ')})`;
  return hasPercents && hasUnsigned ? '; some of its numbers have a percent sign and some have none' : '';
}

type Writing = Pick<ColumnSchema, 'decimal' | 'grouping' | 'currency' | 'percent' | 'dateFormat'>;

/** How the values of a column are written, as far as that is not the usual way. */
function writingOf(kind: ColumnKind, evidence: ColumnEvidence, override: ColumnOverride, habits: FileHabits): Writing {
  if (kind === 'date') return { dateFormat: override.dateFormat ?? dateFormatOf(evidence, habits).format };
  if (kind !== 'numeric') return {};
  const { decimal, grouping } = numberFormatOf(evidence, override, habits);
  const [currency] = evidence.currencies;
  return {
    ...(decimal === '.' ? {} : { decimal }),
    ...(grouping === undefined ? {} : { grouping }),
    ...(currency === undefined ? {} : { currency }),
    ...(evidence.hasPercents && !evidence.hasUnsigned ? { percent: true } : {}),
  };
}

function allowedBy({ decimal }: ColumnOverride): number {
  if (decimal === undefined) return ALL_FORMATS;
  return decimal === '.' ? POINT_FORMATS : COMMA_FORMATS;
}

/**
 * Of the formats that read every value of the column: with the decimal mark of the file's other columns, where both
 * marks are possible; without such columns `1,234` is a decimal number in a file with semicolons and a thousand in any
 * other, and `1.234` is a decimal number. The plainest of what is left.
 */
function numberFormatOf({ numbers }: ColumnEvidence, override: ColumnOverride, habits: FileHabits): (typeof NUMBER_FORMATS)[number] {
  const possible = numbers & allowedBy(override);
  const hasBoth = (possible & POINT_FORMATS) !== 0 && (possible & COMMA_FORMATS) !== 0;
  const preferred = hasBoth ? possible & (decimalByHabit(possible, habits) === '.' ? POINT_FORMATS : COMMA_FORMATS) : possible;
  return NUMBER_FORMATS.find((_, index) => (preferred & (1 << index)) !== 0) ?? { decimal: override.decimal ?? '.' };
}

function decimalByHabit(possible: number, { decimal, delimiter }: FileHabits): '.' | ',' {
  if (decimal !== undefined) return decimal;
  const isPlainWithPoint = (possible & 1) !== 0;
  return isPlainWithPoint || delimiter !== ';' ? '.' : ',';
}

function inWords(evidence: ColumnEvidence, override: ColumnOverride, habits: FileHabits): string {
  const { decimal, grouping } = numberFormatOf(evidence, override, habits);
  const possible = evidence.numbers & allowedBy(override);
  const writing = [
    ...(decimal === ',' && possible !== ALL_FORMATS ? ['with a decimal comma'] : []),
    ...(grouping === undefined ? [] : [`with ${GROUPING_NAMES[grouping]} between the thousands`]),
    ...[...evidence.currencies].map((sign) => `in ${sign}`),
    ...(evidence.hasPercents ? ['in percent'] : []),
  ].join(', ');
  const isAmbiguous = possible !== ALL_FORMATS && (possible & POINT_FORMATS) !== 0 && (possible & COMMA_FORMATS) !== 0 && (possible & 0b1111) !== 0;
  const mark = (possible & 1) !== 0 ? 'point' : 'comma';
  const doubt = isAmbiguous ? `; its ${mark} could be a decimal mark or stand between thousands, which ${habits.decimal === undefined ? 'no other column decides: say "decimal" in dataset.json if this is wrong' : 'the other columns decide'}` : '';
  return `${writing === '' ? '' : ` ${writing}`}${doubt}`;
}

function missingInWords({ marks }: ColumnEvidence): string {
  return marks === 0 ? '' : `, and a mark for a missing value in ${marks} ${marks === 1 ? 'row' : 'rows'}`;
}

/** Of the formats that read every value: day first, unless other columns of the file can only be read with the month first. */
function dateFormatOf({ dates }: ColumnEvidence, { monthFirst }: FileHabits): (typeof DATE_FORMATS)[number] {
  const isAmbiguous = (dates & DAY_FIRST) !== 0 && (dates & MONTH_FIRST) !== 0;
  const preferred = isAmbiguous ? dates & (monthFirst === true ? MONTH_FIRST : DAY_FIRST) : dates;
  return DATE_FORMATS.find((_, index) => (preferred & (1 << index)) !== 0) ?? { format: 'YYYY-MM-DD', shape: /^/ };
}

function dateInWords(evidence: ColumnEvidence, habits: FileHabits): string {
  const { format } = dateFormatOf(evidence, habits);
  const isAmbiguous = (evidence.dates & DAY_FIRST) !== 0 && (evidence.dates & MONTH_FIRST) !== 0;
  if (!isAmbiguous) return format;
  return `${format}; day and month could be swapped in every row, which ${habits.monthFirst === undefined ? 'no other column decides: say "dateFormat" in dataset.json if this is wrong' : 'the other columns decide'}`;
}
