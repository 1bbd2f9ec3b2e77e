import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';

export interface LogEvent {
  /** Rises with every event; serves as the event's id. */
  readonly position: number;
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly message: string;
}

export interface LogStream {
  readonly stream: string;
  readonly first: number;
  readonly last: number;
}

export interface LogStore {
  append(group: string, stream: string, messages: readonly string[]): void;
  groups(): readonly string[];
  /** Streams whose names start with `prefix`, by name. */
  streams(group: string, prefix: string): readonly LogStream[];
  /** Events of some streams (`undefined`: all) from `from` to `to` (both included) in the order of time. */
  events(group: string, streams: readonly string[] | undefined, from: number, to: number): readonly LogEvent[];
}

/** CloudWatch's limit on one event is 1 MB; a line that long is no log line, and no reader shows it. */
const LONGEST_MESSAGE = 256 * 1024;

const EventRow = z.object({ position: z.number(), stream: z.string(), time: z.number(), message: z.string() });
const StreamRow = z.object({ stream: z.string(), first: z.number(), last: z.number() });

export function createLogStore({ database, clock }: Pick<CloudContext, 'database' | 'clock'>): LogStore {
  return {
    append(group, stream, messages) {
      database.transaction(() => {
        for (const message of messages) {
          const sql = 'INSERT INTO log_events (log_group, stream, time, message) VALUES (?, ?, ?, ?)';
          database.run(sql, group, stream, clock.now(), message.slice(0, LONGEST_MESSAGE));
        }
      });
    },
    groups: () => database.all(z.object({ log_group: z.string() }), 'SELECT DISTINCT log_group FROM log_events ORDER BY log_group').map((row) => row.log_group),
    streams: (group, prefix) =>
      database.all(
        StreamRow,
        `SELECT stream, MIN(time) AS first, MAX(time) AS last FROM log_events
         WHERE log_group = ? AND substr(stream, 1, length(?)) = ? GROUP BY stream ORDER BY stream`,
        group,
        prefix,
        prefix,
      ),
    events: (group, streams, from, to) =>
      database.all(
        EventRow,
        `SELECT position, stream, time, message FROM log_events
         WHERE log_group = ? AND (? OR stream IN (SELECT value FROM json_each(?))) AND time BETWEEN ? AND ? ORDER BY time, position`,
        group,
        streams === undefined ? 1 : 0,
        JSON.stringify(streams ?? []),
        from,
        to,
      ),
  };
}
