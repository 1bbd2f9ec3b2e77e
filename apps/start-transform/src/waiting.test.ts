import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growingSeconds, secondsUntilQuiet } from './waiting.ts';

const T = Date.UTC(2026, 2, 4, 12);

describe('a burst', () => {
  test.each([
    ['has just begun', { newest: T, since: T, now: T }, 3],
    ['goes on', { newest: T - 500, since: T - 5000, now: T }, 3],
    ['is nearly over', { newest: T - 2999, since: T - 5000, now: T }, 3],
    ['is over', { newest: T - 3000, since: T - 9000, now: T }, 0],
    ['is long over', { newest: T - 90_000, since: T - 9000, now: T }, 0],
    ['has kept a file waiting for nearly three quiet periods', { newest: T, since: T - 8_999, now: T }, 1],
    ['has kept a file waiting for three quiet periods', { newest: T, since: T - 9_000, now: T }, 0],
    ['has kept a file waiting for very long', { newest: T, since: T - 90_000, now: T }, 0],
  ])('that %s', (_, times, seconds) => {
    expect(secondsUntilQuiet({ ...times, quietSeconds: 3, receiveCount: 1 })).toBe(seconds);
  });

  test('is not waited for where a file does not wait for others', () => {
    expect(secondsUntilQuiet({ newest: T, since: T, now: T, quietSeconds: 0, receiveCount: 1 })).toBe(0);
  });

  test('is looked at ever more rarely by a message that comes back, up to three quiet periods after its file', () => {
    const waits = [1, 2, 3, 4].map((receiveCount) => secondsUntilQuiet({ newest: T, since: T - 1000, now: T, quietSeconds: 3, receiveCount }));
    expect(waits).toEqual([3, 6, 8, 8]);
  });
});

describe('waits for a place', () => {
  test('begin at some seconds, grow by a half each time and end at 15 minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.string(), (receiveCount, message) => {
        const most = Math.min(900, 5 * 1.5 ** (receiveCount - 1));
        const seconds = growingSeconds(receiveCount, message);
        expect(seconds).toBeGreaterThanOrEqual(most / 2);
        expect(seconds).toBeLessThanOrEqual(most);
        expect(growingSeconds(receiveCount, message)).toBe(seconds);
      }),
    );
  });

  test('of many messages are spread', () => {
    const shares = Array.from({ length: 400 }, (_, index) => growingSeconds(60, `predict/sales/${index}.csv`) / 900);
    for (const from of [0.5, 0.625, 0.75, 0.875]) expect(shares.filter((share) => share >= from && share < from + 0.125).length).toBeGreaterThan(60);
  });
});
