import { describe, expect, test } from 'vitest';
import { DropforestEnvelopeSchema, happeningId, makeEvent } from './events.ts';

const NOON = Date.UTC(2026, 2, 4, 12);
const upload = { dataset: 'sales', key: 'predict/sales/a.csv', etag: 'e1' };

describe('an event', () => {
  test('that is told twice has the same id, whenever it is told', () => {
    const first = makeEvent('PredictionWaiting', ['k', 'e'], NOON, { ...upload, reason: 'no model' });
    const second = makeEvent('PredictionWaiting', ['k', 'e'], NOON + 5000, { ...upload, reason: 'no model' });
    expect(second.detail.id).toBe(first.detail.id);
    expect(first.detail).toMatchObject({ version: '1', id: happeningId('PredictionWaiting', ['k', 'e']), at: '2026-03-04T12:00:00.000Z' });
  });

  test('of another happening has another id', () => {
    expect(happeningId('PredictionWaiting', ['k', 'e'])).not.toBe(happeningId('PredictionWaiting', ['k', 'f']));
    expect(happeningId('PredictionWaiting', ['k', 'e'])).not.toBe(happeningId('PredictionStarted', ['k', 'e']));
  });

  test("is read out of EventBridge's envelope", () => {
    const event = makeEvent('PredictionStarted', ['job'], NOON, { ...upload, job: 'job', modelVersion: 3 });
    const envelope = { version: '0', id: 'x', source: 'dropforest', 'detail-type': event.type, detail: event.detail, account: '1', region: 'r', time: 't', resources: [] };
    expect(DropforestEnvelopeSchema.parse(envelope)).toEqual(event);
  });

  test('without what its type asks for is no event', () => {
    expect(DropforestEnvelopeSchema.safeParse({ source: 'dropforest', 'detail-type': 'PredictionStarted', detail: { ...upload } }).success).toBe(false);
    expect(DropforestEnvelopeSchema.safeParse({ source: 'dropforest', 'detail-type': 'Unheard', detail: {} }).success).toBe(false);
  });
});
