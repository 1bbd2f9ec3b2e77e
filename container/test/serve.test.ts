import { createHash } from 'node:crypto';
import { BatchLogLineSchema, parseDatasetConfig } from '@dropforest/contracts';
import { loadModel, trainModel } from '@dropforest/model';
import { bytesSource } from '@dropforest/tabular';
import { expect, test, vi } from 'vitest';
import { algorithms } from '../src/algorithms.ts';
import { createServer } from '../src/serve.ts';

const table = `x,y\n${Array.from({ length: 100 }, (_, row) => `${(row * 37) % 100},${row}.5`).join('\n')}\n`;
const config = parseDatasetConfig('{ "hyperparameters": { "nEstimators": 5 } }');
const { artifact } = await trainModel({ dataset: 'sales', files: [bytesSource(Buffer.from(table))], config, algorithms });
const model = await loadModel(artifact, algorithms);

test('a batch request leaves a line with the SHA-256 of what was sent and its counts', async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (lines.push(String(text)), true));
  const payload = Buffer.from('x\n1\nmany\n\u00e9\n', 'latin1');
  const { statusCode } = await createServer(model, { join: true }).inject({ method: 'POST', url: '/invocations', headers: { 'content-type': 'text/csv' }, payload });
  write.mockRestore();
  expect(statusCode).toBe(200);
  expect(lines.map((line) => BatchLogLineSchema.parse(JSON.parse(line)))).toEqual([
    { event: 'batch-request', sha256: createHash('sha256').update(payload).digest('base64'), rows: 3, predicted: 1, refused: 2 },
  ]);
});
