import { test } from 'vitest';
import { share } from '../src/history/check.ts';

// A file of its own, so that two cores are used.
const { runs, timeout, check } = share(1, 2);
test(`a history ends as it should, whatever happens: another ${runs} of them`, { timeout }, check);
