import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';
import { parseJson } from '../json.ts';
import type { WiredQueue } from '../options.ts';

/** A user attribute of a message, as the API has it. */
export const MessageAttributeSchema = z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() });
export const MessageAttributesSchema = z.record(z.string(), MessageAttributeSchema);
export type MessageAttributes = z.infer<typeof MessageAttributesSchema>;

/** A message as it is received. */
export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Milliseconds since the epoch. */
  readonly sent: number;
  readonly firstReceived: number;
  readonly receives: number;
  readonly receipt: string;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * The state of all queues. A message is visible from its `visible` time on; receiving it moves that time. A message
 * that was received `maxReceiveCount` times goes to the dead-letter queue when it would be received once more.
 */
export interface Queues {
  find(name: string): WiredQueue | undefined;
  send(queue: string, body: string, options?: { readonly delaySeconds?: number | undefined; readonly attributes?: MessageAttributes | undefined }): string;
  receive(queue: string, most: number, visibilityTimeoutSeconds?: number): QueueMessage[];
  /** False for a receipt that is not, or no longer, that of a message. */
  changeVisibility(queue: string, receipt: string, seconds: number): boolean;
  delete(queue: string, receipt: string): void;
  purge(queue: string): void;
  /** Makes the messages that were received and not deleted visible: whoever had them is gone. */
  release(queue: string): void;
  counts(queue: string): QueueCounts;
  /** Milliseconds since the epoch at which the next message is or becomes visible. */
  nextVisible(queue: string): number | undefined;
  /** All messages, in the order in which they came, without receiving them. */
  peek(queue: string): readonly { readonly id: string; readonly body: string; readonly sent: number }[];
  /** Calls `listener` when a message may have become visible earlier than before. */
  onChange(queue: string, listener: () => void): () => void;
}

const MessageRow = z.object({
  position: z.number(),
  id: z.string(),
  body: z.string(),
  attributes: z.string().transform((text) => parseJson(text)).pipe(MessageAttributesSchema),
  sent: z.number(),
  receives: z.number(),
  first_received: z.number().nullable(),
});
type MessageRow = z.infer<typeof MessageRow>;

const CountsRow = z.object({ visible: z.number(), inFlight: z.number(), delayed: z.number() });
const COUNTS = `SELECT
  COUNT(*) FILTER (WHERE visible <= ?1) AS visible,
  COUNT(*) FILTER (WHERE visible > ?1 AND receives > 0) AS inFlight,
  COUNT(*) FILTER (WHERE visible > ?1 AND receives = 0) AS delayed
  FROM messages WHERE queue = ?2`;

export function createQueues({ database, clock, newId, wiring, log }: CloudContext): Queues {
  const byName = new Map(wiring.queues.map((queue) => [queue.name, queue]));
  const listeners = new Map<string, Set<() => void>>();

  const changed = (queue: string): void => {
    database.afterCommit(() => {
      for (const listener of listeners.get(queue) ?? []) listener();
    });
  };
  const insert = (queue: string, id: string, body: string, attributes: MessageAttributes, visible: number): void => {
    const sql = 'INSERT INTO messages (queue, id, body, attributes, sent, visible, receives) VALUES (?, ?, ?, ?, ?, ?, 0)';
    database.run(sql, queue, id, body, JSON.stringify(attributes), clock.now(), visible);
    changed(queue);
  };
  const remove = (position: number): void => {
    database.run('DELETE FROM messages WHERE position = ?', position);
  };

  const bury = (queue: WiredQueue, deadLetterQueue: string, row: MessageRow): void => {
    remove(row.position);
    insert(deadLetterQueue, row.id, row.body, row.attributes, clock.now());
    log({ level: 'error', from: `queue ${queue.name}`, message: `Message ${row.id} was received ${row.receives} times without success and went to ${deadLetterQueue}.` });
  };
  const take = (row: MessageRow, timeoutSeconds: number): QueueMessage => {
    const receipt = newId();
    const firstReceived = row.first_received ?? clock.now();
    const sql = 'UPDATE messages SET visible = ?, receives = receives + 1, first_received = ?, receipt = ? WHERE position = ?';
    database.run(sql, clock.now() + timeoutSeconds * 1000, firstReceived, receipt, row.position);
    const { id, body, attributes, sent, receives } = row;
    return { id, body, attributes, sent, firstReceived, receives: receives + 1, receipt };
  };
  const receive = (queue: WiredQueue, most: number, timeoutSeconds: number): QueueMessage[] => {
    const sql = 'SELECT * FROM messages WHERE queue = ? AND visible <= ? ORDER BY position LIMIT ?';
    const taken: QueueMessage[] = [];
    while (taken.length < most) {
      const rows = database.all(MessageRow, sql, queue.name, clock.now(), most - taken.length);
      if (rows.length === 0) break;
      for (const row of rows) {
        const { redrive } = queue;
        if (redrive !== undefined && row.receives >= redrive.maxReceiveCount) bury(queue, redrive.deadLetterQueue, row);
        else taken.push(take(row, timeoutSeconds));
      }
      // With no timeout the same rows would be found again at once.
      if (timeoutSeconds === 0) break;
    }
    return taken;
  };

  return {
    find: (name) => byName.get(name),
    send(queue, body, options = {}) {
      const id = newId();
      database.transaction(() => insert(queue, id, body, options.attributes ?? {}, clock.now() + (options.delaySeconds ?? 0) * 1000));
      return id;
    },
    receive(name, most, visibilityTimeoutSeconds) {
      const queue = byName.get(name);
      if (queue === undefined) return [];
      return database.transaction(() => receive(queue, most, visibilityTimeoutSeconds ?? queue.visibilityTimeoutSeconds));
    },
    changeVisibility(queue, receipt, seconds) {
      const changes = database.run('UPDATE messages SET visible = ? WHERE queue = ? AND receipt = ?', clock.now() + seconds * 1000, queue, receipt);
      changed(queue);
      return changes > 0;
    },
    delete(queue, receipt) {
      database.run('DELETE FROM messages WHERE queue = ? AND receipt = ?', queue, receipt);
    },
    purge(queue) {
      database.run('DELETE FROM messages WHERE queue = ?', queue);
    },
    release(queue) {
      database.run('UPDATE messages SET visible = ? WHERE queue = ? AND receives > 0 AND visible > ?', clock.now(), queue, clock.now());
    },
    counts: (queue) => database.get(CountsRow, COUNTS, clock.now(), queue) ?? { visible: 0, inFlight: 0, delayed: 0 },
    nextVisible: (queue) =>
      database.get(z.object({ next: z.number().nullable() }), 'SELECT MIN(visible) AS next FROM messages WHERE queue = ?', queue)?.next ?? undefined,
    peek: (queue) => database.all(z.object({ id: z.string(), body: z.string(), sent: z.number() }), 'SELECT id, body, sent FROM messages WHERE queue = ? ORDER BY position', queue),
    onChange(queue, listener) {
      const set = listeners.get(queue) ?? new Set();
      listeners.set(queue, set.add(listener));
      return () => set.delete(listener);
    },
  };
}

/** As in `MD5OfMessageBody`. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
