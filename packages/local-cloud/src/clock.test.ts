import { expect, it } from 'vitest';

import { createSettableClock } from './clock.ts';

it('a settable clock runs due timers in order, each at its own time, also those that timers set', () => {
  const clock = createSettableClock(1000);
  const ran: [string, number][] = [];
  const note = (name: string) => () => void ran.push([name, clock.now()]);
  clock.schedule(30, note('late'));
  clock.schedule(10, () => {
    note('early')();
    clock.schedule(10, note('nested'));
  });
  const cancel = clock.schedule(20, note('cancelled'));
  cancel();
  clock.advance(29);
  expect(ran).toEqual([['early', 1010], ['nested', 1020]]);
  clock.advance(1);
  expect(ran.at(-1)).toEqual(['late', 1030]);
  expect(clock.now()).toBe(1030);
});
