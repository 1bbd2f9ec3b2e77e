import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';
import { createCollection } from '../store/collection.ts';

const SubscriptionSchema = z.object({ arn: z.string(), topic: z.string(), protocol: z.string(), endpoint: z.string() });
export type Subscription = z.infer<typeof SubscriptionSchema>;

/** A message that was published; nothing is sent anywhere. */
export interface Notification {
  readonly id: string;
  readonly topic: string;
  readonly subject: string | null;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly published: number;
}

const NotificationRow: z.ZodType<Notification> = z.object({ id: z.string(), topic: z.string(), subject: z.string().nullable(), message: z.string(), published: z.number() });

/** Topics are known by ARN. */
export interface Topics {
  create(name: string): string;
  has(arn: string): boolean;
  list(): readonly string[];
  subscribe(topic: string, protocol: string, endpoint: string): string;
  subscriptions(): readonly Subscription[];
  publish(topic: string, message: string, subject: string | undefined): string;
  published(): readonly Notification[];
}

export function createTopics({ database, clock, newId, wiring }: CloudContext): Topics {
  const topics = createCollection(database, 'sns-topic', z.object({ arn: z.string() }));
  const subscriptions = createCollection(database, 'sns-subscription', SubscriptionSchema);
  return {
    create(name) {
      const arn = `arn:aws:sns:${wiring.region}:${wiring.account}:${name}`;
      topics.put(arn, { arn });
      return arn;
    },
    has: (arn) => topics.get(arn) !== undefined,
    list: () => topics.all().map(({ arn }) => arn),
    subscribe(topic, protocol, endpoint) {
      const known = subscriptions.all().find((one) => one.topic === topic && one.protocol === protocol && one.endpoint === endpoint);
      if (known !== undefined) return known.arn;
      const arn = `${topic}:${newId()}`;
      subscriptions.put(arn, { arn, topic, protocol, endpoint });
      return arn;
    },
    subscriptions: () => subscriptions.all(),
    publish(topic, message, subject) {
      const id = newId();
      database.run('INSERT INTO notifications (id, topic, subject, message, published) VALUES (?, ?, ?, ?, ?)', id, topic, subject ?? null, message, clock.now());
      return id;
    },
    published: () => database.all(NotificationRow, 'SELECT id, topic, subject, message, published FROM notifications ORDER BY position'),
  };
}
