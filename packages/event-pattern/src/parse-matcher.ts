import { BlockList, isIPv4, isIPv6 } from 'node:net';

import { EventPatternError } from './errors.ts';
import { isArray, isObject } from './json.ts';
import type { Matcher, NumericComparison, ScalarMatcher } from './pattern.ts';
import { parseWildcard } from './wildcard.ts';

type Path = readonly (string | number)[];
type OperatorParser = (operand: unknown, path: Path) => Matcher;

/** EventBridge compares numbers inside these bounds only. */
const NUMERIC_BOUND = 5_000_000_000;

const OPERATORS: ReadonlyMap<string, OperatorParser> = new Map<string, OperatorParser>([
  ['exists', parseExists],
  ['prefix', (operand, path) => parseAffix('prefix', operand, path)],
  ['suffix', (operand, path) => parseAffix('suffix', operand, path)],
  ['equals-ignore-case', parseEqualsIgnoreCase],
  ['wildcard', (operand, path) => ({ kind: 'wildcard', expression: parseWildcard(text(operand, path), path) })],
  ['numeric', parseNumeric],
  ['cidr', parseCidr],
  ['anything-but', parseAnythingBut],
]);

/** Parses one element of a leaf list: a scalar, or an object with one operator. */
export function parseMatcher(json: unknown, path: Path): Matcher {
  if (isScalar(json)) return { kind: 'equals', value: json };
  const [operator, operand] = singleEntry(json, path);
  const parse = OPERATORS.get(operator);
  if (parse === undefined) {
    throw new EventPatternError('UnknownOperator', path, `no operator is called "${operator}"; there are ${[...OPERATORS.keys()].join(', ')}.`);
  }
  return parse(operand, [...path, operator]);
}

function singleEntry(json: unknown, path: Path): [string, unknown] {
  if (!isObject(json)) throw new EventPatternError('BadOperand', path, 'a list holds strings, numbers, booleans, null or operators, no further lists.');
  const entries = Object.entries(json);
  const [first] = entries;
  if (first === undefined || entries.length > 1) throw new EventPatternError('UnknownOperator', path, 'an operator object has exactly one key.');
  return first;
}

function parseExists(operand: unknown, path: Path): Matcher {
  if (typeof operand !== 'boolean') throw new EventPatternError('BadOperand', path, 'exists takes true or false.');
  return { kind: 'exists', exists: operand };
}

function parseAffix(kind: 'prefix' | 'suffix', operand: unknown, path: Path): ScalarMatcher {
  if (typeof operand === 'string') return { kind, value: operand, ignoreCase: false };
  const [operator, value] = singleEntry(operand, path);
  if (operator !== 'equals-ignore-case') throw new EventPatternError('UnknownOperator', path, `${kind} takes a string or {"equals-ignore-case": string}.`);
  return { kind, value: text(value, [...path, operator]), ignoreCase: true };
}

function parseEqualsIgnoreCase(operand: unknown, path: Path): ScalarMatcher {
  return { kind: 'equals-ignore-case', value: text(operand, path) };
}

function parseNumeric(operand: unknown, path: Path): ScalarMatcher {
  if (!isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw new EventPatternError('BadOperand', path, 'numeric takes [operator, number] or a range of two such pairs.');
  }
  const comparisons = [comparison(operand[0], operand[1], path)];
  if (operand.length === 4) comparisons.push(comparison(operand[2], operand[3], path));
  checkRange(comparisons, path);
  return { kind: 'numeric', comparisons };
}

function comparison(operator: unknown, operand: unknown, path: Path): NumericComparison {
  if (operator !== '=' && operator !== '<' && operator !== '<=' && operator !== '>' && operator !== '>=') {
    throw new EventPatternError('BadOperand', path, 'a comparison is one of =, <, <=, >, >=.');
  }
  if (typeof operand !== 'number' || Math.abs(operand) > NUMERIC_BOUND) {
    throw new EventPatternError('BadOperand', path, `a comparison takes a number between -${NUMERIC_BOUND} and ${NUMERIC_BOUND}.`);
  }
  return { operator, operand };
}

function checkRange(comparisons: readonly NumericComparison[], path: Path): void {
  const [low, high] = comparisons;
  if (low === undefined || high === undefined) return;
  const isRange = low.operator.startsWith('>') && high.operator.startsWith('<') && low.operand < high.operand;
  if (!isRange) throw new EventPatternError('BadOperand', path, 'a range is [">", low, "<", high] with low below high.');
}

function parseCidr(operand: unknown, path: Path): ScalarMatcher {
  const [address = '', bits = '', ...rest] = text(operand, path).split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const widest = family === 'ipv4' ? 32 : 128;
  const isCidr = (isIPv4(address) || isIPv6(address)) && /^\d{1,3}$/.test(bits) && Number(bits) <= widest && rest.length === 0;
  if (!isCidr) throw new EventPatternError('BadOperand', path, 'cidr takes an address block such as "10.0.0.0/24".');
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family);
  return { kind: 'cidr', block };
}

function parseAnythingBut(operand: unknown, path: Path): ScalarMatcher {
  if (!isObject(operand)) return { kind: 'anything-but', excluded: excludedValues(operand, path) };
  const [operator, value] = singleEntry(operand, path);
  const parse = EXCLUDING.get(operator);
  if (parse === undefined) {
    throw new EventPatternError('UnknownOperator', path, `anything-but takes values or one of ${[...EXCLUDING.keys()].join(', ')}.`);
  }
  const inner = [...path, operator];
  return { kind: 'anything-but', excluded: listOf(value, inner).map((element) => parse(element, inner)) };
}

const EXCLUDING: ReadonlyMap<string, (operand: unknown, path: Path) => ScalarMatcher> = new Map<string, (operand: unknown, path: Path) => ScalarMatcher>([
  ['prefix', (operand, path) => parseAffix('prefix', operand, path)],
  ['suffix', (operand, path) => parseAffix('suffix', operand, path)],
  ['equals-ignore-case', parseEqualsIgnoreCase],
  ['wildcard', (operand, path) => ({ kind: 'wildcard', expression: parseWildcard(text(operand, path), path) })],
]);

function excludedValues(operand: unknown, path: Path): readonly ScalarMatcher[] {
  const values = listOf(operand, path);
  return values.map((value) => {
    if (typeof value !== 'string' && typeof value !== 'number') throw new EventPatternError('BadOperand', path, 'anything-but takes strings or numbers.');
    if (typeof value !== typeof values[0]) throw new EventPatternError('BadOperand', path, 'anything-but takes a list of strings or a list of numbers, not both.');
    return { kind: 'equals', value };
  });
}

function listOf(operand: unknown, path: Path): readonly unknown[] {
  if (!isArray(operand)) return [operand];
  if (operand.length === 0) throw new EventPatternError('Empty', path, 'the list is empty.');
  return operand;
}

function text(operand: unknown, path: Path): string {
  if (typeof operand !== 'string') throw new EventPatternError('BadOperand', path, `a string is needed, got ${JSON.stringify(operand)}.`);
  return operand;
}

function isScalar(json: unknown): json is string | number | boolean | null {
  return json === null || typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean';
}
