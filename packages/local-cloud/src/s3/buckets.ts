import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';

export interface Bucket {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Whether the bucket's changes go to EventBridge. */
  readonly eventBridge: boolean;
}

export interface Buckets {
  find(name: string): Bucket | undefined;
  all(): readonly Bucket[];
  create(name: string): void;
  setEventBridge(name: string, on: boolean): void;
  isEmpty(name: string): boolean;
  delete(name: string): void;
}

const BucketRow = z
  .object({ name: z.string(), created: z.number(), event_bridge: z.number() })
  .transform(({ name, created, event_bridge }): Bucket => ({ name, created, eventBridge: event_bridge === 1 }));

export function createBuckets({ database, clock }: CloudContext): Buckets {
  return {
    find: (name) => database.get(BucketRow, 'SELECT * FROM buckets WHERE name = ?', name),
    all: () => database.all(BucketRow, 'SELECT * FROM buckets ORDER BY name'),
    create(name) {
      database.run('INSERT INTO buckets VALUES (?, ?, 0)', name, clock.now());
    },
    setEventBridge(name, on) {
      database.run('UPDATE buckets SET event_bridge = ? WHERE name = ?', on ? 1 : 0, name);
    },
    isEmpty: (name) => database.get(z.object({ found: z.number() }), 'SELECT EXISTS (SELECT 1 FROM objects WHERE bucket = ?) AS found', name)?.found === 0,
    delete(name) {
      database.run('DELETE FROM buckets WHERE name = ?', name);
    },
  };
}
