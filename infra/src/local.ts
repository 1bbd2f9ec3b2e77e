/** The same definition as plain names and numbers: what the local cloud is wired from. */
import { BUS, functions, MAX_RECEIVE_COUNT, visibilityTimeoutSeconds, type FunctionDefinition, type Reference } from './definition.ts';

export const LOCAL = { account: '000000000000', region: 'us-east-1', bucket: 'dropforest', image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/dropforest:local' } as const;

const TOPIC = 'dropforest';
const queueName = (name: string) => `dropforest-${name}`;
const deadLetterName = (name: string) => `dropforest-${name}-dead-letters`;

/** Buckets, buses, queues, rules, functions and topics, by name. */
export function localWiring() {
  const { account, region, bucket } = LOCAL;
  return {
    account,
    region,
    buckets: [{ name: bucket, eventBridge: true }],
    buses: [BUS],
    topics: [TOPIC],
    queues: functions.flatMap((definition) => [
      { name: deadLetterName(definition.name), visibilityTimeoutSeconds: 30 },
      {
        name: queueName(definition.name),
        visibilityTimeoutSeconds: visibilityTimeoutSeconds(definition),
        redrive: { deadLetterQueue: deadLetterName(definition.name), maxReceiveCount: MAX_RECEIVE_COUNT },
      },
    ]),
    rules: functions.flatMap(({ name, rules }) => rules.map((rule) => ({ name: rule.name, bus: rule.bus, pattern: rule.pattern({ bucket }), queue: queueName(name) }))),
    functions: functions.map(({ name, batchSize, maximumConcurrency, timeoutSeconds }) => ({ name, queue: queueName(name), batchSize, maximumConcurrency, timeoutSeconds })),
  };
}

/** The environment of a function on the local cloud at `url`. */
export function localEnvironment(definition: FunctionDefinition, url: string): Record<string, string> {
  const values: Record<Reference, string> = {
    bucket: LOCAL.bucket,
    bus: BUS,
    topic: `arn:aws:sns:${LOCAL.region}:${LOCAL.account}:${TOPIC}`,
    jobRole: `arn:aws:iam::${LOCAL.account}:role/dropforest-jobs`,
    image: LOCAL.image,
    queue: `${url}/${LOCAL.account}/${queueName(definition.name)}`,
    links: `${url}/${LOCAL.bucket}/`,
  };
  return Object.fromEntries(Object.entries(definition.environment).map(([variable, given]) => [variable, 'value' in given ? given.value : values[given.of]]));
}
