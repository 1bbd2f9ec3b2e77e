import { describe, expect, it } from 'vitest';
import { ForestError, RandomForestRegressor } from '../src/index.ts';
import { synthesize } from './synthetic.ts';

const data = synthesize(300, 9);
const rejection = async (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (reason: unknown) => reason);

describe('threads', () => {
  it('give the same bytes and out-of-bag predictions for 1, 2 and 3', async () => {
    const weights = data.target.map((_, row) => (row % 5) / 3);
    const fit = (threads: number): Promise<RandomForestRegressor> =>
      RandomForestRegressor.fit({ ...data, weights }, { nEstimators: 12, oobScore: true, maxFeatures: 0.5, seed: 4, threads });
    const one = await fit(1);
    for (const threads of [2, 3]) {
      const many = await fit(threads);
      expect(new Uint8Array(many.data)).toEqual(new Uint8Array(one.data));
      expect(many.oobPrediction).toEqual(one.oobPrediction);
    }
  });

  it.each([1, 2])('report every tree once with %i', async (threads) => {
    const seen: number[] = [];
    await RandomForestRegressor.fit(data, { nEstimators: 9, threads, onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen).toEqual(Array.from({ length: 9 }, (_, index) => (index + 1) / 9));
  });

  it.each([1, 2])('stop with the reason of an abort between trees with %i', async (threads) => {
    const controller = new AbortController();
    const reason = new Error('the person changed their mind');
    let done = 0;
    const fit = RandomForestRegressor.fit(data, {
      nEstimators: 5_000,
      threads,
      signal: controller.signal,
      onProgress: (progress) => {
        done = progress.done;
        if (done === 3) controller.abort(reason);
      },
    });
    expect(await rejection(fit)).toBe(reason);
    expect(done).toBeLessThan(5_000);
  });

  it('do not start for a signal that is already aborted', async () => {
    const reason = new Error('too late');
    let calls = 0;
    const fit = RandomForestRegressor.fit(data, { signal: AbortSignal.abort(reason), onProgress: () => calls++ });
    expect(await rejection(fit)).toBe(reason);
    expect(calls).toBe(0);
  });

  it.each([1, 2])('hand on what a progress listener throws with %i', async (threads) => {
    const reason = new Error('the listener failed');
    const onProgress = (): void => { throw reason; };
    expect(await rejection(RandomForestRegressor.fit(data, { nEstimators: 50, threads, onProgress }))).toBe(reason);
  });

  it('say so when the worker program cannot be started', async () => {
    const workerUrl = new URL('./no-such-worker.ts', import.meta.url);
    const error = await rejection(RandomForestRegressor.fit(data, { nEstimators: 4, threads: 2, workerUrl }));
    expect(error).toBeInstanceOf(ForestError);
    expect(String(error)).toMatch(/forest worker: .*workerUrl/);
  });
});
