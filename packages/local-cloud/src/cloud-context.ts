import type { Activity } from './activity.ts';
import type { Clock } from './clock.ts';
import type { CloudLogEntry, Wiring } from './options.ts';
import type { Blobs } from './store/blobs.ts';
import type { Database } from './store/database.ts';

/** What every service is built on. */
export interface CloudContext {
  readonly wiring: Wiring;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly database: Database;
  readonly blobs: Blobs;
  readonly activity: Activity;
  readonly log: (entry: CloudLogEntry) => void;
}
