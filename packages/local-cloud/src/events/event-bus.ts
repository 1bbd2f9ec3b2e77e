import { matches, parsePattern } from '@dropforest/event-pattern';
import type { JsonObject } from '@dropforest/event-pattern';
import { z } from 'zod';

import { isoSeconds } from '../clock.ts';
import type { CloudContext } from '../cloud-context.ts';
import { parseJson, toJsonObject } from '../json.ts';
import type { LocalCloudOptions } from '../options.ts';
import type { Queues } from '../sqs/queues.ts';

/** An event before it has an envelope. */
export interface EventEntry {
  /** Default: the account's default bus, which every AWS service writes to. */
  readonly bus?: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: JsonObject;
  readonly resources?: readonly string[];
  /** Milliseconds since the epoch; default: now. */
  readonly time?: number;
}

export interface EventBus {
  /**
   * Puts an event on its bus and, in the same transaction, a message for each matching rule into the rule's queue.
   *
   * @returns the event's id
   */
  put(entry: EventEntry): string;
  /** The events of all buses, oldest first; only the newest are kept. */
  recent(): readonly { readonly bus: string; readonly event: unknown }[];
}

export const DEFAULT_BUS = 'default';
const KEPT_EVENTS = 10_000;

const EventRow = z.object({ bus: z.string(), body: z.string() });

/** @param deliveries the delays in milliseconds of the copies of an event that a rule's queue gets */
export function createEventBus({ database, clock, newId, wiring }: CloudContext, queues: Queues, deliveries: NonNullable<LocalCloudOptions['deliveries']> = () => [0]): EventBus {
  const rules = wiring.rules.map((rule) => ({ ...rule, parsed: parsePattern(rule.pattern) }));

  const record = (bus: string, body: string): void => {
    database.run('INSERT INTO events (bus, body) VALUES (?, ?)', bus, body);
    database.run('DELETE FROM events WHERE position <= (SELECT MAX(position) FROM events) - ?', KEPT_EVENTS);
  };
  return {
    put(entry) {
      const id = newId();
      const bus = entry.bus ?? DEFAULT_BUS;
      const event = toJsonObject({
        version: '0',
        id,
        'detail-type': entry.detailType,
        source: entry.source,
        account: wiring.account,
        time: isoSeconds(entry.time ?? clock.now()),
        region: wiring.region,
        resources: entry.resources ?? [],
        detail: entry.detail,
      });
      const body = JSON.stringify(event);
      database.transaction(() => {
        record(bus, body);
        for (const rule of rules) {
          if (rule.bus !== bus || !matches(rule.parsed, event)) continue;
          for (const delay of deliveries(event, rule)) queues.send(rule.queue, body, { delaySeconds: delay / 1000 });
        }
      });
      return id;
    },
    recent: () => database.all(EventRow, 'SELECT bus, body FROM events ORDER BY position').map(({ bus, body }) => ({ bus, event: parseJson(body) })),
  };
}
