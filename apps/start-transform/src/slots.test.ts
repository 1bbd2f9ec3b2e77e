import { describe, expect, test } from 'vitest';
import { chooseSlot, takeSlot, type JobState, type SlotFacts } from './slots.ts';

const NOW = Date.UTC(2026, 2, 4, 12);
const MINUTE = 60_000;
const slot = (index: number, job: string, state: JobState, age = MINUTE): SlotFacts => ({
  key: `jobs/slots/${index}.json`,
  taken: { job, state, etag: `s${index}`, at: new Date(NOW - age).toISOString() },
});
const absent = (index: number): SlotFacts => ({ key: `jobs/slots/${index}.json` });

describe('a place', () => {
  test('is free that nobody ever had', () => {
    expect(chooseSlot([slot(0, 'other', 'running'), absent(1), absent(2)], 'mine', NOW)?.key).toBe('jobs/slots/1.json');
  });

  test('is free whose job has ended', () => {
    expect(chooseSlot([slot(0, 'other', 'running'), slot(1, 'another', 'ended')], 'mine', NOW)?.key).toBe('jobs/slots/1.json');
  });

  test.each([
    [15 * MINUTE, undefined],
    [15 * MINUTE + 1, 'jobs/slots/0.json'],
  ])('whose job was never created is free after %d ms: %s', (age, key) => {
    expect(chooseSlot([slot(0, 'other', 'not-found', age)], 'mine', NOW)?.key).toBe(key);
  });

  test('whose job runs is not free, however long it has run', () => {
    expect(chooseSlot([slot(0, 'other', 'running', 24 * 60 * MINUTE)], 'mine', NOW)).toBeUndefined();
    expect(chooseSlot([], 'mine', NOW)).toBeUndefined();
  });

  test('that the job has already is its place, though others are free', () => {
    expect(chooseSlot([absent(0), slot(1, 'mine', 'not-found')], 'mine', NOW)?.key).toBe('jobs/slots/1.json');
    expect(chooseSlot([slot(0, 'mine', 'not-found')], undefined, NOW)).toBeUndefined();
  });

  test('is taken by one only: on the condition that it is still as it was seen', () => {
    const value = { job: 'mine', at: '2026-03-04T12:00:00.000Z' };
    expect(takeSlot(absent(0), 'mine', NOW)).toEqual([{ type: 'write-json', key: 'jobs/slots/0.json', value, condition: { ifAbsent: true } }]);
    expect(takeSlot(slot(1, 'other', 'ended'), 'mine', NOW)).toEqual([{ type: 'write-json', key: 'jobs/slots/1.json', value, condition: { ifMatch: 's1' } }]);
    expect(takeSlot(slot(1, 'mine', 'not-found'), 'mine', NOW)).toEqual([]);
  });
});
