export { createSettableClock, systemClock } from './clock.ts';
export type { Clock, SettableClock } from './clock.ts';
export { LocalCloudError } from './errors.ts';
export type { LocalCloudErrorCode } from './errors.ts';
export { answerClient, createInProcessHandler } from './in-process-handler.ts';
export type { ClientRequest, InProcessHandler } from './in-process-handler.ts';
export { startLocalCloud } from './local-cloud.ts';
export type { LocalCloud } from './local-cloud.ts';
export type { HttpReply, HttpRequest } from './http/message.ts';
export type {
  CloudLogEntry,
  ContainerCommand,
  InProcessContainer,
  InProcessRun,
  InProcessServer,
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
