/** Dates as days since 1970-01-01, UTC. Day.js reads the day; the time of day behind it is arithmetic, so that a cache of days serves a million moments. */
import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(customParseFormat);
dayjs.extend(utc);

const DAY = 86_400_000;
/** Distinct texts that are remembered; the days of a century fit. */
const MOST_REMEMBERED = 40_000;
/** Longer texts are no dates, and costly to match. */
const LONGEST_DATE = 60;

interface DateFormat {
  /** In the letters of Day.js. */
  readonly format: string;
  /** What its texts look like: telling so costs much less than parsing. */
  readonly shape: RegExp;
}

/** Formats that are looked for, the unmistakable ones first. A day or month of one digit is read as well. */
export const DATE_FORMATS: readonly DateFormat[] = [
  { format: 'YYYY-MM-DD', shape: /^\d{4}-\d{1,2}-\d{1,2}$/ },
  { format: 'YYYY/MM/DD', shape: /^\d{4}\/\d{1,2}\/\d{1,2}$/ },
  { format: 'YYYY.MM.DD', shape: /^\d{4}\.\d{1,2}\.\d{1,2}$/ },
  { format: 'DD.MM.YYYY', shape: /^\d{1,2}\.\d{1,2}\.\d{4}$/ },
  { format: 'DD.MM.YY', shape: /^\d{1,2}\.\d{1,2}\.\d{2}$/ },
  { format: 'DD/MM/YYYY', shape: /^\d{1,2}\/\d{1,2}\/\d{4}$/ },
  { format: 'MM/DD/YYYY', shape: /^\d{1,2}\/\d{1,2}\/\d{4}$/ },
  { format: 'DD/MM/YY', shape: /^\d{1,2}\/\d{1,2}\/\d{2}$/ },
  { format: 'MM/DD/YY', shape: /^\d{1,2}\/\d{1,2}\/\d{2}$/ },
  { format: 'DD-MM-YYYY', shape: /^\d{1,2}-\d{1,2}-\d{4}$/ },
  { format: 'MM-DD-YYYY', shape: /^\d{1,2}-\d{1,2}-\d{4}$/ },
  { format: 'DD MMM YYYY', shape: /^\d{1,2} [a-z]{3} \d{4}$/i },
  { format: 'DD-MMM-YYYY', shape: /^\d{1,2}-[a-z]{3}-\d{4}$/i },
  { format: 'DD-MMM-YY', shape: /^\d{1,2}-[a-z]{3}-\d{2}$/i },
  { format: 'MMM DD, YYYY', shape: /^[a-z]{3} \d{1,2}, \d{4}$/i },
  { format: 'DD MMMM YYYY', shape: /^\d{1,2} [a-z]{3,9} \d{4}$/i },
  { format: 'MMMM DD, YYYY', shape: /^[a-z]{3,9} \d{1,2}, \d{4}$/i },
];

/** A set of formats is a number with a bit for each. */
export const ALL_DATE_FORMATS = (1 << DATE_FORMATS.length) - 1;
const maskOf = (belongs: (format: string) => boolean): number => DATE_FORMATS.reduce((mask, { format }, index) => (belongs(format) ? mask | (1 << index) : mask), 0);
/** Formats with the day in front that have a twin with the month in front, and the other way round. */
export const DAY_FIRST = maskOf((format) => /^DD[/-]MM[/-]/.test(format));
export const MONTH_FIRST = maskOf((format) => /^MM[/-]DD[/-]/.test(format));

/** ` 14:05`, `T14:05:09.123Z`, ` 2:05 PM`, `T14:05+02:00` at the end of a text. A moment without a zone is taken as UTC. */
const TIME = /(?:T| {1,2})(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}(?:[.,]\d{1,9})?))?(?: ?(?<half>[ap]m))?(?: ?(?:(?<utc>Z|UTC)|(?<sign>[+-])(?<zoneHour>\d{2}):?(?<zoneMinute>\d{2})))?$/i;
/** Letters of a format that say more than the day. Text in square brackets is not part of the format. */
const HAS_TIME = /[HhmsSAaZxX]/;

/** A parser for one column's format that remembers the texts it has seen. */
export type DateParser = (text: string) => number | undefined;

/** @param format in the letters of Day.js; a time of day may follow a format that has none */
export function createDateParser(format: string): DateParser {
  const seen = new Map<string, number | undefined>();
  const remembered = (text: string): number | undefined => {
    if (text.length > LONGEST_DATE) return undefined;
    if (seen.has(text)) return seen.get(text);
    if (seen.size >= MOST_REMEMBERED) seen.clear();
    const days = parseStrictly(text, format);
    seen.set(text, days);
    return days;
  };
  if (HAS_TIME.test(format.replace(/\[[^\]]*\]/g, ''))) return remembered;
  return (text) => {
    const time = text.length > LONGEST_DATE ? null : TIME.exec(text);
    if (time?.groups === undefined) return remembered(text);
    const days = remembered(text.slice(0, time.index));
    const fraction = fractionOfDay(time.groups);
    return days === undefined || fraction === undefined ? undefined : days + fraction;
  };
}

const PARSERS = DATE_FORMATS.map(({ format }) => createDateParser(format));

/** The formats among `candidates` that read a text. */
export function dateFormatsOf(text: string, candidates: number): number {
  if (text.length > LONGEST_DATE) return 0;
  const day = text.replace(TIME, '');
  let mask = 0;
  for (const [index, { shape }] of DATE_FORMATS.entries()) {
    if ((candidates & (1 << index)) !== 0 && shape.test(day) && PARSERS[index]?.(text) !== undefined) mask |= 1 << index;
  }
  return mask;
}

/** Strict: 31 June is no date. Where the format wants two digits, one is enough; month names may have any case. */
function parseStrictly(text: string, format: string): number | undefined {
  for (const candidate of [text, text.replace(/(?<!\d)\d(?!\d)/g, '0$&'), withCapitals(text)]) {
    const moment = dayjs.utc(candidate, format, true);
    if (moment.isValid()) return moment.valueOf() / DAY;
  }
  return undefined;
}

function withCapitals(text: string): string {
  const padded = text.replace(/(?<!\d)\d(?!\d)/g, '0$&');
  return padded.replace(/[a-z]+/gi, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase());
}

function fractionOfDay(groups: Readonly<Record<string, string | undefined>>): number | undefined {
  const half = groups['half']?.toLowerCase();
  const hour = Number(groups['hour']);
  const minute = Number(groups['minute']);
  const second = Number((groups['second'] ?? '0').replace(',', '.'));
  if (hour > 23 || minute > 59 || second >= 60 || (half !== undefined && (hour === 0 || hour > 12))) return undefined;
  const hours = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  const zone = (groups['sign'] === '-' ? -1 : 1) * (60 * Number(groups['zoneHour'] ?? 0) + Number(groups['zoneMinute'] ?? 0));
  return (hours * 3600 + (minute - zone) * 60 + second) / 86_400;
}
