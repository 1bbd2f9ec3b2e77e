/** `--config`, `--target` and `--set` write the data set's dataset.json before the data is dropped. */
import { readFileSync } from 'node:fs';
import { applySetting, keys, parseDatasetConfig, parseScalar, type DatasetConfig } from '@dropforest/contracts';
import type { Arguments, Option } from './command.ts';
import { wrongInput } from './errors.ts';
import type { Session } from './session.ts';

export const SETTING_OPTIONS: Readonly<Record<string, Option>> = {
  config: { type: 'string', value: '<file>', help: "the data set's dataset.json; it replaces the one in the bucket" },
  target: { type: 'string', value: '<column>', help: 'column to predict (the last one)' },
  set: { type: 'string', multiple: true, value: '<name>=<value>', help: 'a hyperparameter (nEstimators=50) or a key of dataset.json (evaluation.holdout=0.2); may be repeated' },
};

/** What the data set is trained with: the text in the bucket, and what it means. */
export interface Settings {
  readonly text: string | undefined;
  readonly config: DatasetConfig;
  /** Puts the ones before back: with these the file was refused. */
  readonly restore: () => Promise<void>;
  /** Whether they were set by an earlier command. */
  readonly areEarlier: boolean;
}

/**
 * Writes dataset.json where an option asks for another one; without options it stays as it is.
 * @throws CliError, ContractError (exit code 2) naming what is wrong; nothing is written then
 */
export async function writeSettings(dataset: string, given: Arguments, { bucket }: Session): Promise<Settings> {
  const key = keys.datasetConfig(dataset);
  const before = await bucket.readText(key);
  const text = settingsText(given, before);
  const config = parseDatasetConfig(text);
  if (text !== undefined && text !== before) await bucket.write(key, text, 'application/json');
  const restore = async () => {
    if (text === before) return;
    await (before === undefined ? bucket.delete(key) : bucket.write(key, before, 'application/json'));
  };
  return { text, config, restore, areEarlier: text !== undefined && text === before };
}

function settingsText(given: Arguments, before: string | undefined): string | undefined {
  const file = given.text('config');
  const base = file === undefined ? before : readConfigFile(file);
  const target = given.text('target');
  const named = [...(target === undefined ? [] : [['target', target] as const]), ...given.texts('set').map(parseSetting)];
  if (named.length === 0) return base;
  const object = named.reduce<Record<string, unknown>>((config, [name, value]) => applySetting(config, name, value), parseObject(base ?? '{}', file ?? 'dataset.json'));
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

function parseSetting(text: string): readonly [string, unknown] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw wrongInput(`--set ${text} is not of the form name=value`, 'Such as: --set nEstimators=50');
  return [name, parseScalar(value)];
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrongInput(`--config ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, 'Check the path');
  }
}

function parseObject(text: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, with the file's name.
  }
  throw wrongInput(`${name} is no JSON object`, 'Such as: { "target": "price" }');
}
