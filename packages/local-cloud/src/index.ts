export { createSettableClock, systemClock } from './clock.ts';
export type { Clock, SettableClock } from './clock.ts';
export { LocalCloudError } from './errors.ts';
export type { LocalCloudErrorCode } from './errors.ts';
export { startLocalCloud } from './local-cloud.ts';
export type { LocalCloud } from './local-cloud.ts';
export type {
  CloudLogEntry,
  ContainerCommand,
  LambdaContext,
  LambdaFunction,
  LocalCloudOptions,
  SqsEvent,
  SqsRecord,
  WiredFunction,
  WiredQueue,
  WiredRule,
  Wiring,
} from './options.ts';
