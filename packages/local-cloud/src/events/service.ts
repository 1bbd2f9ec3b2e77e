/**
 * EventBridge, JSON protocol (1.1).
 *
 * Gaps: rules and buses come from the wiring (no PutRule, PutTargets, CreateEventBus); no archives, schedules, pipes
 * or input transformers. By design: delivery to the queue happens in the transaction that puts the event, so an event
 * is neither lost nor doubled unless the options ask for it (`deliveries`); the service itself promises only "at least
 * once".
 */
import { z } from 'zod';

import { operation } from '../http/json-protocol.ts';
import type { JsonOperations, JsonProtocol } from '../http/json-protocol.ts';
import { WireError } from '../http/wire-error.ts';
import { parseJsonObject } from '../json.ts';
import type { WiredRule, Wiring } from '../options.ts';
import { queueArn } from '../sqs/service.ts';
import { DEFAULT_BUS } from './event-bus.ts';
import type { EventBus } from './event-bus.ts';

export const EVENTS_PROTOCOL: JsonProtocol = { contentType: 'application/x-amz-json-1.1', invalidInput: 'ValidationException' };

/** The quota on one entry: source, detail type, detail and resources together. */
const LARGEST_ENTRY_BYTES = 256 * 1024;

const EntrySchema = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  Time: z.number().optional(),
});
type Entry = z.infer<typeof EntrySchema>;

export function eventsOperations(bus: EventBus, wiring: Wiring): JsonOperations {
  const buses = [DEFAULT_BUS, ...wiring.buses];
  const ruleArn = (rule: WiredRule): string => arn(wiring, `rule/${rule.bus === DEFAULT_BUS ? '' : `${rule.bus}/`}${rule.name}`);
  const describeRule = (rule: WiredRule): object => ({
    Name: rule.name,
    Arn: ruleArn(rule),
    EventPattern: JSON.stringify(rule.pattern),
    State: 'ENABLED',
    EventBusName: rule.bus,
  });
  const findRule = (name: string, busName: string | undefined): WiredRule => {
    const rule = wiring.rules.find((candidate) => candidate.name === name && candidate.bus === shortName(busName));
    if (rule === undefined) throw new WireError(400, 'ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${shortName(busName)}.`);
    return rule;
  };
  return {
    PutEvents: operation(z.object({ Entries: z.array(EntrySchema).min(1).max(10) }), ({ Entries }) => {
      const results = Entries.map((entry) => putEntry(bus, buses, entry));
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    }),
    ListEventBuses: operation(z.object({ NamePrefix: z.string().default('') }), ({ NamePrefix }) => ({
      EventBuses: buses.filter((name) => name.startsWith(NamePrefix)).map((name) => ({ Name: name, Arn: arn(wiring, `event-bus/${name}`) })),
    })),
    ListRules: operation(z.object({ NamePrefix: z.string().default(''), EventBusName: z.string().optional() }), ({ NamePrefix, EventBusName }) => ({
      Rules: wiring.rules.filter((rule) => rule.bus === shortName(EventBusName) && rule.name.startsWith(NamePrefix)).map(describeRule),
    })),
    DescribeRule: operation(z.object({ Name: z.string(), EventBusName: z.string().optional() }), ({ Name, EventBusName }) => describeRule(findRule(Name, EventBusName))),
    ListTargetsByRule: operation(z.object({ Rule: z.string(), EventBusName: z.string().optional() }), ({ Rule, EventBusName }) => {
      const { queue } = findRule(Rule, EventBusName);
      return { Targets: [{ Id: queue, Arn: queueArn(wiring, queue) }] };
    }),
  };
}

function putEntry(bus: EventBus, buses: readonly string[], entry: Entry): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
  const { Source, DetailType, Detail } = entry;
  if (Source === undefined || DetailType === undefined || Detail === undefined) return invalid('InvalidArgument', `Parameter ${missing(entry)} is not valid. Reason: ${missing(entry)} is a required argument.`);
  const size = Buffer.byteLength(Source + DetailType + Detail + (entry.Resources ?? []).join(''));
  if (size > LARGEST_ENTRY_BYTES) return invalid('InvalidArgument', `Total size of the entry is ${size} bytes, more than ${LARGEST_ENTRY_BYTES}.`);
  const detail = parseJsonObject(Detail);
  if (detail === undefined) return invalid('MalformedDetail', 'Detail is malformed.');
  const name = shortName(entry.EventBusName);
  // The service takes such an event and drops it; saying so costs nothing and finds the misspelt name.
  if (!buses.includes(name)) return invalid('InvalidArgument', `Event bus ${name} does not exist; there are ${buses.join(', ')}.`);
  const id = bus.put({
    bus: name,
    source: Source,
    detailType: DetailType,
    detail,
    ...(entry.Resources === undefined ? {} : { resources: entry.Resources }),
    ...(entry.Time === undefined ? {} : { time: entry.Time * 1000 }),
  });
  return { EventId: id };
}

function missing(entry: Entry): string {
  if (entry.Source === undefined) return 'Source';
  return entry.DetailType === undefined ? 'DetailType' : 'Detail';
}

function invalid(ErrorCode: string, ErrorMessage: string): { ErrorCode: string; ErrorMessage: string } {
  return { ErrorCode, ErrorMessage };
}

/** Buses are named by name or by ARN. */
function shortName(bus: string | undefined): string {
  return bus === undefined ? DEFAULT_BUS : bus.slice(bus.lastIndexOf('/') + 1);
}

function arn({ region, account }: Wiring, resource: string): string {
  return `arn:aws:events:${region}:${account}:${resource}`;
}
