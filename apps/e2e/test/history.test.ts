import { describe, test } from 'vitest';
import { checkHistory, share } from '../src/history/check.ts';
import { EXAMPLES } from '../src/history/examples.ts';

describe('a history ends as it should', () => {
  test.each(Object.entries(EXAMPLES))('when %s', (_, history) => checkHistory(history));

  const { runs, timeout, check } = share(0, 2);
  test(`whatever happens: ${runs} of them`, { timeout }, check);
});
