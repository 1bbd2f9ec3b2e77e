import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';
import { createCollection } from '../store/collection.ts';

/** A secret's value: text, or bytes as base64. */
const ValueSchema = z.object({ text: z.string().optional(), binary: z.string().optional() });
export type SecretValue = z.infer<typeof ValueSchema>;

const VersionSchema = ValueSchema.extend({ id: z.string(), created: z.number() });
export type SecretVersion = z.infer<typeof VersionSchema>;

const SecretSchema = z.object({
  name: z.string(),
  arn: z.string(),
  /** Labelled AWSCURRENT. */
  current: VersionSchema.optional(),
  /** Labelled AWSPREVIOUS. */
  previous: VersionSchema.optional(),
  /** When it will be gone; until then it can only be looked at. Times are milliseconds since the epoch. */
  deletion: z.number().optional(),
});
export type Secret = z.infer<typeof SecretSchema>;

export interface Secrets {
  /** By name or ARN. */
  find(id: string): Secret | undefined;
  create(name: string): Secret;
  /** The value becomes the current one; the one before stays as the previous. */
  putValue(secret: Secret, versionId: string, value: SecretValue): Secret;
  /** @param at when it is gone, in milliseconds since the epoch */
  scheduleDeletion(secret: Secret, at: number): void;
  delete(secret: Secret): void;
}

export function createSecrets({ database, clock, newId, wiring }: Pick<CloudContext, 'database' | 'clock' | 'newId' | 'wiring'>): Secrets {
  const secrets = createCollection(database, 'secret', SecretSchema);
  const stored = (secret: Secret): Secret => {
    secrets.put(secret.name, secret);
    return secret;
  };
  return {
    find(id) {
      const secret = id.startsWith('arn:') ? secrets.all().find(({ arn }) => arn === id) : secrets.get(id);
      return secret?.deletion !== undefined && secret.deletion <= clock.now() ? undefined : secret;
    },
    // A secret that is created again under its name is another one, and has another ARN.
    create: (name) => stored({ name, arn: `arn:aws:secretsmanager:${wiring.region}:${wiring.account}:secret:${name}-${suffix(newId())}` }),
    putValue: (secret, id, value) => stored({ ...secret, current: { ...value, id, created: clock.now() }, previous: secret.current }),
    scheduleDeletion: (secret, at) => void stored({ ...secret, deletion: at }),
    delete: (secret) => void secrets.delete(secret.name),
  };
}

/** Six letters or digits, as the service puts behind the name. */
function suffix(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 6).padEnd(6, '0');
}
