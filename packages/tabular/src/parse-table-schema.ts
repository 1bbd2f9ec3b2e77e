import { z } from 'zod';
import type { TableSchema } from './table.ts';

const ColumnSchemaSchema = z.object({
  name: z.string(),
  kind: z.enum(['numeric', 'boolean', 'date', 'categorical', 'text', 'identifier', 'constant']),
  explanation: z.string().default(''),
  missing: z.array(z.string()).exactOptional(),
  decimal: z.enum(['.', ',']).exactOptional(),
  grouping: z.enum([' ', ',', '.', "'"]).exactOptional(),
  currency: z.string().exactOptional(),
  percent: z.boolean().exactOptional(),
  dateFormat: z.string().exactOptional(),
});

const TableSchemaSchema: z.ZodType<TableSchema> = z.object({ columns: z.array(ColumnSchemaSchema), header: z.boolean() });

/**
 * A schema that was stored as JSON; further members are dropped.
 * @throws z.ZodError naming the column and the member
 */
export function parseTableSchema(stored: unknown): TableSchema {
  return TableSchemaSchema.parse(stored);
}
