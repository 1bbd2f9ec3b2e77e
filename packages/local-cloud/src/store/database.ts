import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';

import { z } from 'zod';

import { LocalCloudError } from '../errors.ts';
import { STATE_VERSION, TABLES } from './schema.ts';

/** The cloud's state: one SQLite database, used from one thread, so that a transaction is also a critical section. */
export interface Database {
  run(sql: string, ...parameters: SQLInputValue[]): number;
  all<T>(schema: z.ZodType<T>, sql: string, ...parameters: SQLInputValue[]): T[];
  get<T>(schema: z.ZodType<T>, sql: string, ...parameters: SQLInputValue[]): T | undefined;
  /** Runs `work` (synchronous) whole or not at all; transactions inside it join it. */
  transaction<T>(work: () => T): T;
  /** Runs `callback` once the current transaction is committed, at once without one; never after a rollback. */
  afterCommit(callback: () => void): void;
  /** The next number of a named, persistent sequence; the first is 1. */
  next(counter: string): number;
  close(): void;
}

/**
 * @param path a file, or `:memory:`
 * @throws LocalCloudError `DirectoryInUse` or `StateVersion`
 */
export function openDatabase(path: string): Database {
  const connection = connect(path);
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = connection.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const parse = <T>(schema: z.ZodType<T>, sql: string, row: unknown): T => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new LocalCloudError('CorruptState', `A row read by "${sql}" has not the expected shape.`, { cause: parsed.error });
  };
  const database: Database = {
    run: (sql, ...parameters) => Number(prepare(sql).run(...parameters).changes),
    all: (schema, sql, ...parameters) =>
      prepare(sql)
        .all(...parameters)
        .map((row) => parse(schema, sql, row)),
    get(schema, sql, ...parameters) {
      const row = prepare(sql).get(...parameters);
      return row === undefined ? undefined : parse(schema, sql, row);
    },
    next(counter) {
      const sql = 'INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value';
      return database.get(z.object({ value: z.number() }), sql, counter)?.value ?? 1;
    },
    ...createTransactions(connection),
    close: () => connection.close(),
  };
  return database;
}

function createTransactions(connection: DatabaseSync): Pick<Database, 'transaction' | 'afterCommit'> {
  let depth = 0;
  let callbacks: (() => void)[] = [];
  const outermost = <T>(work: () => T): T => {
    connection.exec('BEGIN IMMEDIATE');
    depth = 1;
    try {
      const result = work();
      connection.exec('COMMIT');
      return result;
    } catch (error) {
      connection.exec('ROLLBACK');
      callbacks = [];
      throw error;
    } finally {
      depth = 0;
    }
  };
  return {
    transaction(work) {
      if (depth > 0) return work();
      const result = outermost(work);
      const due = callbacks;
      callbacks = [];
      for (const callback of due) callback();
      return result;
    },
    afterCommit(callback) {
      if (depth > 0) callbacks.push(callback);
      else callback();
    },
  };
}

function connect(path: string): DatabaseSync {
  const connection = new DatabaseSync(path);
  try {
    // A second process on the same directory would run every function and job twice.
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    connection.exec('BEGIN EXCLUSIVE; COMMIT;');
  } catch (error) {
    connection.close();
    throw new LocalCloudError('DirectoryInUse', `${path} is locked: another local cloud uses this directory. Stop it, or give this one another directory.`, { cause: error });
  }
  checkVersion(connection, path);
  connection.exec(TABLES);
  return connection;
}

function checkVersion(connection: DatabaseSync, path: string): void {
  const row = z.object({ user_version: z.number() }).parse(connection.prepare('PRAGMA user_version').get());
  if (row.user_version !== 0 && row.user_version !== STATE_VERSION) {
    connection.close();
    throw new LocalCloudError('StateVersion', `${path} holds state of version ${row.user_version}, this program reads version ${STATE_VERSION}. Move the directory away to start afresh.`);
  }
  connection.exec(`PRAGMA user_version = ${STATE_VERSION}`);
}
