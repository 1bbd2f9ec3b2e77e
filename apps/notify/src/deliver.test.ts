import { describe, expect, test } from 'vitest';
import { nextStep, SENDING_MS } from './deliver.ts';

const AT = Date.UTC(2026, 0, 1);
const at = new Date(AT).toISOString();
const mail = { repeatable: false };
const webhook = { repeatable: true };

describe('what is left of a delivery', () => {
  test('all of it, where nobody has begun', () => {
    for (const channel of [mail, webhook]) expect(nextStep(undefined, channel, AT)).toEqual({ type: 'send' });
  });

  test('nothing, once it was sent or refused', () => {
    for (const channel of [mail, webhook]) {
      expect(nextStep({ state: 'sent', at }, channel, AT + 10 * SENDING_MS)).toEqual({ type: 'nothing' });
      expect(nextStep({ state: 'refused', at, reason: 'HTTP 404' }, channel, AT + 10 * SENDING_MS)).toEqual({ type: 'nothing' });
    }
  });

  test('nothing, where somebody ended in the middle and a repetition would be a second message', () => {
    for (const after of [0, 10 * SENDING_MS]) expect(nextStep({ state: 'sending', at, by: 'x' }, mail, AT + after)).toEqual({ type: 'nothing' });
  });

  test('all of it, where the receiver tells repetitions apart, but not before the other must have ended', () => {
    expect(nextStep({ state: 'sending', at, by: 'x' }, webhook, AT + SENDING_MS - 1)).toMatchObject({ type: 'wait', wait: { seconds: 1 } });
    expect(nextStep({ state: 'sending', at, by: 'x' }, webhook, AT + SENDING_MS)).toEqual({ type: 'send' });
  });
});
