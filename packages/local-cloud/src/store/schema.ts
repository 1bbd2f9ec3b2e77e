/** Raised whenever a table changes its meaning; a directory with another version is refused. */
export const STATE_VERSION = 1;

/**
 * All state of the cloud. Times are milliseconds since the epoch. Keys compare by SQLite's BINARY collation over UTF-8,
 * which is the byte order in which S3 lists.
 */
export const TABLES = `
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;

  -- SageMaker resources, SNS topics and subscriptions: one JSON document each.
  CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, name)) STRICT;

  CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, created INTEGER NOT NULL, event_bridge INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
    headers TEXT NOT NULL, checksum TEXT, modified INTEGER NOT NULL,
    PRIMARY KEY (bucket, key)) STRICT;
  -- CopyObject shares a blob between objects; it is removed with the last of them.
  CREATE INDEX IF NOT EXISTS objects_by_blob ON objects (blob);
  CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL,
    checksum TEXT, initiated INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS parts (
    upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE, number INTEGER NOT NULL, blob TEXT NOT NULL,
    size INTEGER NOT NULL, etag TEXT NOT NULL, checksum TEXT, modified INTEGER NOT NULL,
    PRIMARY KEY (upload, number)) STRICT;

  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, bus TEXT NOT NULL, body TEXT NOT NULL) STRICT;

  CREATE TABLE IF NOT EXISTS messages (
    position INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT NOT NULL, sent INTEGER NOT NULL, visible INTEGER NOT NULL, receives INTEGER NOT NULL,
    first_received INTEGER, receipt TEXT) STRICT;
  CREATE INDEX IF NOT EXISTS messages_by_queue ON messages (queue, visible);

  CREATE TABLE IF NOT EXISTS notifications (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, topic TEXT NOT NULL, subject TEXT,
    message TEXT NOT NULL, published INTEGER NOT NULL) STRICT;

  CREATE TABLE IF NOT EXISTS log_events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, log_group TEXT NOT NULL, stream TEXT NOT NULL,
    time INTEGER NOT NULL, message TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS log_events_by_stream ON log_events (log_group, stream, time, position);

  -- Child processes of running jobs, so that a killed cloud's leftovers can be ended at the next start.
  CREATE TABLE IF NOT EXISTS children (pid INTEGER NOT NULL, folder TEXT PRIMARY KEY) STRICT;
`;
