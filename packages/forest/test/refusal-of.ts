import { ForestError } from '../src/errors.ts';

/** What an act is refused with, as `code | message`. */
export async function refusalOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ForestError) return `${error.code} | ${error.message}`;
    throw error;
  }
  return 'nothing was refused';
}
