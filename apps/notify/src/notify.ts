/**
 * Every event of the flow goes into the journal, once, and what a person wants to hear of goes to the topic. The journal
 * entry is written first and only where there is none: a happening that is told twice is sent once.
 */
import { PublishCommand } from '@aws-sdk/client-sns';
import { DropforestEnvelopeSchema, keys, type DropforestEvent } from '@dropforest/contracts';
import { FactsChanged, type App } from '@dropforest/lambda-kit';
import { z } from 'zod';
import { messageFor } from './message.ts';

const EnvironmentSchema = z.object({
  /** The SNS topic that people subscribe to. */
  TOPIC_ARN: z.string().min(1),
});

export const notify: App<DropforestEvent, z.output<typeof EnvironmentSchema>> = {
  name: 'notify',
  event: DropforestEnvelopeSchema,
  environment: EnvironmentSchema,
  async handle(event, { bucket, clients, environment }) {
    const { dataset, id } = event.detail;
    try {
      await bucket.write(keys.journalEntry(dataset, id), `${JSON.stringify(event, undefined, 2)}\n`, 'application/json', { ifAbsent: true });
    } catch (error) {
      if (error instanceof FactsChanged) return;
      throw error;
    }
    const message = messageFor(event, bucket.name);
    if (message === undefined) return;
    try {
      await clients.sns.send(new PublishCommand({ TopicArn: environment.TOPIC_ARN, Subject: message.subject, Message: message.text }));
    } catch (error) {
      // Nobody has heard of it: without the entry the next delivery tells it again.
      await bucket.delete(keys.journalEntry(dataset, id));
      throw error;
    }
  },
};
