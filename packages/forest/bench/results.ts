/** What was measured, as it stands in results.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, availableParallelism, totalmem } from 'node:os';

export const SECTIONS = ['fit', 'predict', 'small', 'scale', 'quality', 'tuned', 'huge'] as const;
export type SectionName = (typeof SECTIONS)[number];

/** Sections may be measured one at a time, so each carries the circumstances it was measured in. */
export interface Section extends Measured {
  readonly measuredAt: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGigabytes: number };
  /** Of everything that took part. */
  readonly versions: readonly string[];
  readonly rounds: number;
}

export interface Measured {
  /** What all took part in, in words. */
  readonly workload: string;
  readonly rows: readonly ResultRow[];
}

/** One contestant in one workload. Units are in the names of the figures. */
export interface ResultRow {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
}

export type Results = Partial<Readonly<Record<SectionName, Section>>>;

const FILE = new URL('results.json', import.meta.url);

/** @throws Error where the file is not what this module writes */
export function readResults(): Results {
  const results: unknown = JSON.parse(readFileSync(FILE, 'utf8'));
  if (!isResults(results)) throw new Error('bench/results.json: a section without rows; measure again with --record');
  return results;
}

/** Keeps the sections that were not measured. */
export function recordResults(measured: Results): void {
  writeFileSync(FILE, `${JSON.stringify({ ...readResults(), ...measured }, undefined, 2)}\n`);
}

export function thisMachine(): Section['machine'] {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), memoryGigabytes: Math.round(totalmem() / 2 ** 30) };
}

function isResults(value: unknown): value is Results {
  return isRecord(value) && Object.entries(value).every(([name, section]) => SECTIONS.some((known) => known === name) && isRecord(section) && Array.isArray(section['rows']));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
