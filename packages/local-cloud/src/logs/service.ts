/**
 * CloudWatch Logs, JSON protocol (1.1), reading only.
 *
 * Gaps: clients cannot write or delete; filter patterns are plain terms (all must occur; `?term` any; `-term` none),
 * no JSON or space-delimited patterns. By design: events are readable at once.
 */
import { z } from 'zod';

import { operation } from '../http/json-protocol.ts';
import type { JsonOperations, JsonProtocol } from '../http/json-protocol.ts';
import { WireError } from '../http/wire-error.ts';
import type { Wiring } from '../options.ts';
import { matchesTerms } from './filter-terms.ts';
import type { LogEvent, LogStore } from './log-store.ts';

export const LOGS_PROTOCOL: JsonProtocol = { contentType: 'application/x-amz-json-1.1', invalidInput: 'InvalidParameterException' };

const Limit = (usual: number, most: number) => z.int().min(1).max(most).default(usual);
const LAST_TIME = Number.MAX_SAFE_INTEGER;

const GetEventsSchema = z.object({
  logGroupName: z.string(),
  logStreamName: z.string(),
  startTime: z.number().default(0),
  endTime: z.number().default(LAST_TIME),
  startFromHead: z.boolean().default(false),
  limit: Limit(10_000, 10_000),
  nextToken: z.string().optional(),
});

const FilterSchema = z.object({
  logGroupName: z.string(),
  logStreamNames: z.array(z.string()).optional(),
  logStreamNamePrefix: z.string().default(''),
  filterPattern: z.string().default(''),
  startTime: z.number().default(0),
  endTime: z.number().default(LAST_TIME),
  limit: Limit(10_000, 10_000),
  nextToken: z.string().optional(),
});

const StreamsSchema = z.object({
  logGroupName: z.string(),
  logStreamNamePrefix: z.string().default(''),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
  descending: z.boolean().default(false),
  limit: Limit(50, 50),
  nextToken: z.string().optional(),
});

export function logsOperations(store: LogStore, wiring: Wiring): JsonOperations {
  return {
    DescribeLogGroups: operation(z.object({ logGroupNamePrefix: z.string().default('') }), ({ logGroupNamePrefix }) => ({
      logGroups: store.groups().filter((name) => name.startsWith(logGroupNamePrefix)).map((name) => ({ logGroupName: name, arn: `${groupArn(wiring, name)}:*` })),
    })),
    DescribeLogStreams: operation(StreamsSchema, (input) => describeStreams(store, wiring, input)),
    GetLogEvents: operation(GetEventsSchema, (input) => getEvents(store, input)),
    FilterLogEvents: operation(FilterSchema, (input) => filterEvents(store, input)),
  };
}

function describeStreams(store: LogStore, wiring: Wiring, input: z.infer<typeof StreamsSchema>): object {
  requireGroup(store, input.logGroupName);
  const streams = store.streams(input.logGroupName, input.logStreamNamePrefix).toSorted((a, b) => (input.orderBy === 'LastEventTime' ? a.last - b.last : 0));
  if (input.descending) streams.reverse();
  const start = offsetOf(input.nextToken);
  const page = streams.slice(start, start + input.limit);
  return {
    logStreams: page.map(({ stream, first, last }) => ({
      logStreamName: stream,
      creationTime: first,
      firstEventTimestamp: first,
      lastEventTimestamp: last,
      lastIngestionTime: last,
      arn: `${groupArn(wiring, input.logGroupName)}:log-stream:${stream}`,
    })),
    ...(start + page.length < streams.length ? { nextToken: String(start + page.length) } : {}),
  };
}

/**
 * Tokens are `f/<n>` and `b/<n>`: the events from the n-th on, or those before it. At the end the token that came in
 * goes out again, by which clients know that there is no more.
 */
function getEvents(store: LogStore, input: z.infer<typeof GetEventsSchema>): object {
  requireStream(store, input.logGroupName, input.logStreamName);
  // endTime is exclusive here, as in the service, and inclusive in FilterLogEvents.
  const events = store.events(input.logGroupName, [input.logStreamName], input.startTime, input.endTime - 1);
  const [direction, position] = tokenOf(input.nextToken, input.startFromHead, events.length);
  const start = direction === 'f' ? position : Math.max(0, position - input.limit);
  const end = direction === 'f' ? Math.min(events.length, position + input.limit) : position;
  return {
    events: events.slice(start, end).map(({ time, message }) => ({ timestamp: time, message, ingestionTime: time })),
    nextForwardToken: `f/${end}`,
    nextBackwardToken: `b/${start}`,
  };
}

function tokenOf(token: string | undefined, fromHead: boolean, count: number): ['f' | 'b', number] {
  if (token === undefined) return fromHead ? ['f', 0] : ['b', count];
  const [, direction, digits = ''] = /^([fb])\/(\d+)$/.exec(token) ?? [];
  if (direction === undefined) throw new WireError(400, 'InvalidParameterException', 'The specified nextToken is invalid.');
  return [direction === 'f' ? 'f' : 'b', Math.min(Number(digits), count)];
}

function filterEvents(store: LogStore, input: z.infer<typeof FilterSchema>): object {
  requireGroup(store, input.logGroupName);
  const names = input.logStreamNames ?? (input.logStreamNamePrefix === '' ? undefined : store.streams(input.logGroupName, input.logStreamNamePrefix).map(({ stream }) => stream));
  const events = store.events(input.logGroupName, names, input.startTime, input.endTime).filter(({ message }) => matchesTerms(input.filterPattern, message));
  const start = offsetOf(input.nextToken);
  const page = events.slice(start, start + input.limit);
  return {
    events: page.map(toFilteredEvent),
    searchedLogStreams: [],
    ...(start + page.length < events.length ? { nextToken: String(start + page.length) } : {}),
  };
}

function toFilteredEvent({ position, stream, time, message }: LogEvent): object {
  return { eventId: String(position).padStart(20, '0'), logStreamName: stream, timestamp: time, ingestionTime: time, message };
}

function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0;
  if (!/^\d+$/.test(token)) throw new WireError(400, 'InvalidParameterException', 'The specified nextToken is invalid.');
  return Number(token);
}

function requireGroup(store: LogStore, group: string): void {
  if (!store.groups().includes(group)) throw new WireError(400, 'ResourceNotFoundException', 'The specified log group does not exist.');
}

function requireStream(store: LogStore, group: string, stream: string): void {
  requireGroup(store, group);
  if (!store.streams(group, stream).some((known) => known.stream === stream)) throw new WireError(400, 'ResourceNotFoundException', 'The specified log stream does not exist.');
}

function groupArn({ region, account }: Wiring, group: string): string {
  return `arn:aws:logs:${region}:${account}:log-group:${group}`;
}
