import { z } from 'zod';

import { parseJson } from '../json.ts';
import type { Database } from './database.ts';

/** Named JSON documents of one kind. */
export interface Collection<T> {
  get(name: string): T | undefined;
  /** All documents, the oldest first. */
  all(): T[];
  /** Inserts or replaces; a replaced document keeps its place in the order. */
  put(name: string, document: T): void;
  delete(name: string): boolean;
}

const Row = z.object({ body: z.string() });

export function createCollection<T>(database: Database, kind: string, schema: z.ZodType<T>): Collection<T> {
  const Document = Row.transform(({ body }) => parseJson(body)).pipe(schema);
  return {
    get: (name) => database.get(Document, 'SELECT body FROM documents WHERE kind = ? AND name = ?', kind, name),
    all: () => database.all(Document, 'SELECT body FROM documents WHERE kind = ? ORDER BY position', kind),
    put(name, document) {
      database.run(
        'INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body',
        kind,
        name,
        database.next('documents'),
        JSON.stringify(document),
      );
    },
    delete: (name) => database.run('DELETE FROM documents WHERE kind = ? AND name = ?', kind, name) > 0,
  };
}
