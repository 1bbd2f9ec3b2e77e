import { describe, expect, it } from 'vitest';
import { describeConformance } from '../src/conformance.ts';
import { createConformanceData } from '../src/conformance-data.ts';
import { HyperparameterError } from '../src/index.ts';
import { createLineAlgorithm } from './line-algorithm.ts';
import { createNearestAlgorithm } from './nearest-algorithm.ts';

const algorithm = createLineAlgorithm();
const refusal = (given: Record<string, unknown>): HyperparameterError => {
  try {
    algorithm.resolveHyperparameters(given);
  } catch (error) {
    if (error instanceof HyperparameterError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('hyperparameters at the door', () => {
  it('are completed with the defaults', () => {
    expect(algorithm.resolveHyperparameters({})).toEqual({ rounds: 3, shrink: 0.5 });
    expect(algorithm.resolveHyperparameters({ rounds: 9 })).toEqual({ rounds: 9, shrink: 0.5 });
  });

  it('are refused in a sentence that says which, what was got and what is allowed', () => {
    const error = refusal({ rounds: 0 });
    expect(error.message).toBe('algorithm "line": hyperparameter rounds: got 0, allowed: a whole number from 1 to 10');
    expect(error.hyperparameter).toBe('rounds');
    expect(error.code).toBe('invalid-hyperparameters');
    expect(error.cause).toBeDefined();
  });

  it('are all named when several are wrong', () => {
    expect(refusal({ rounds: 'many', shrink: null }).message).toBe(
      'algorithm "line": hyperparameter rounds: got "many", allowed: a whole number from 1 to 10; hyperparameter shrink: got null, allowed: a number',
    );
  });

  it('are refused by name when unknown', () => {
    const error = refusal({ round: 3, shrinkage: 1 });
    expect(error.message).toBe('algorithm "line": it has no hyperparameter "round", "shrinkage": check the spelling');
    expect(error.hyperparameter).toBe('round');
  });

  it('are checked before a fit begins', async () => {
    const { training } = createConformanceData('regression', 20, 1);
    await expect(algorithm.fit(training, { rounds: 11 }, { seed: 1, threads: 1 })).rejects.toThrow('got 11');
  });
});

describe('the data of the conformance suite', () => {
  it.each(['regression', 'classification'] as const)('is the same for the same seed and another for another, in %s', (task) => {
    expect(createConformanceData(task, 30, 5)).toEqual(createConformanceData(task, 30, 5));
    expect(createConformanceData(task, 30, 5)).not.toEqual(createConformanceData(task, 30, 6));
  });
});

describeConformance(algorithm, { settings: { rounds: 2 } });
describeConformance(createNearestAlgorithm());
