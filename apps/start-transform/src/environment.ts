import { z } from 'zod';

export const EnvironmentSchema = z.object({
  /** How many transform jobs may run at once, whatever their data sets. */
  MAX_TRANSFORM_JOBS: z.coerce.number().int().min(1).default(4),
});
export type Environment = z.output<typeof EnvironmentSchema>;
