import { z } from 'zod';

import type { CloudContext } from '../cloud-context.ts';
import { createCollection } from '../store/collection.ts';

const ParameterSchema = z.object({
  name: z.string(),
  type: z.enum(['String', 'StringList', 'SecureString']),
  value: z.string(),
  /** Rises with every value, from 1. */
  version: z.int(),
  /** Milliseconds since the epoch. */
  modified: z.number(),
});
export type Parameter = z.infer<typeof ParameterSchema>;

/** The newest version of every parameter, by name. */
export interface Parameters {
  get(name: string): Parameter | undefined;
  /** Writes a value and returns its version. */
  put(name: string, type: Parameter['type'], value: string): number;
  /** Whether there was one. */
  delete(name: string): boolean;
}

export function createParameters({ database, clock }: Pick<CloudContext, 'database' | 'clock'>): Parameters {
  const parameters = createCollection(database, 'ssm-parameter', ParameterSchema);
  return {
    get: (name) => parameters.get(name),
    put(name, type, value) {
      const version = (parameters.get(name)?.version ?? 0) + 1;
      parameters.put(name, { name, type, value, version, modified: clock.now() });
      return version;
    },
    delete: (name) => parameters.delete(name),
  };
}
