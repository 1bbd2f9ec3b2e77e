/** Secrets by reference: `ssm:/dropforest/<name>` or `secretsmanager:dropforest/<name>`. */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { isAwsError, type Clients } from '@dropforest/lambda-kit';
import type { Channel, Failed, Outcome, Refused, Telling } from './channel.ts';

export interface Secrets {
  read(reference: string): Promise<{ readonly value: string } | Failed | Refused>;
  /** Whether the secret is another one than `value` by now. */
  isOutdated(reference: string, value: string): Promise<boolean>;
}

type Source = Pick<Clients, 'ssm' | 'secretsManager'>;
interface Entry {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

/**
 * Keeps what it has read for a while, for each pair of clients apart: several clouds may live in one process.
 * @param lifeMs for how long a secret is not read again
 */
export function createSecretStore(lifeMs: number): (source: Source, now: () => number) => Secrets {
  const known = new WeakMap<Source, Map<string, Entry>>();
  return (source, now) => {
    const entries = known.get(source) ?? new Map<string, Entry>();
    known.set(source, entries);

    const read: Secrets['read'] = async (reference) => {
      const entry = entries.get(reference);
      if (entry !== undefined && now() - entry.readAt < lifeMs) return entry;
      try {
        // A trailing line break comes from the file or the shell that the secret was written with.
        const value = (await fetchSecret(source, reference))?.trim() ?? '';
        if (value === '') return { kind: 'refused', reason: `the secret ${reference} is empty` };
        entries.set(reference, { value, readAt: now() });
        return { value };
      } catch (error) {
        return failureToRead(reference, error);
      }
    };

    return {
      read,
      async isOutdated(reference, value) {
        entries.delete(reference);
        const found = await read(reference);
        return 'value' in found && found.value !== value;
      },
    };
  };
}

/** Opens a channel that sends with a secret. What is refused because the secret was changed meanwhile is tried again. */
export function openWithSecret(secrets: Secrets, reference: string, send: (secret: string, telling: Telling) => Promise<Outcome>): Channel['open'] {
  return async () => {
    const found = await secrets.read(reference);
    if ('kind' in found) return found;
    return async (telling) => {
      const outcome = await send(found.value, telling);
      const tryAgain = outcome.kind === 'refused' && (await secrets.isOutdated(reference, found.value));
      return tryAgain ? { kind: 'failed', reason: `${outcome.reason} with a secret that was changed meanwhile` } : outcome;
    };
  };
}

async function fetchSecret({ ssm, secretsManager }: Source, reference: string): Promise<string | undefined> {
  const [store, name] = split(reference);
  if (store === 'ssm') return (await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }))).Parameter?.Value;
  return (await secretsManager.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
}

function split(reference: string): readonly [store: string, name: string] {
  const colon = reference.indexOf(':');
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}

/** Only the error's name: its message may quote an answer that could not be read, and so the secret. */
function failureToRead(reference: string, error: unknown): Failed | Refused {
  if (isAwsError(error, 'ParameterNotFound', 'ResourceNotFoundException')) return { kind: 'refused', reason: `there is no secret ${reference}` };
  return { kind: 'failed', reason: `the secret ${reference} could not be read: ${error instanceof Error ? error.name : 'unknown error'}` };
}
