/** Which of a job's outputs belongs to which file. Pure. */
import type { TransformFile } from '@dropforest/contracts';
import type { ObjectHead } from '@dropforest/lambda-kit';

/**
 * An output is named after its input, from somewhere behind the common prefix on; how much of the prefix stays is not
 * said anywhere. A longer key may end like this one's: a file in a folder that is named like an etag.
 */
export function outputOf({ etag, file }: TransformFile, outputs: readonly ObjectHead[]): ObjectHead | undefined {
  const own = outputs.filter(({ key }) => key.endsWith(`/${etag}/${file}.out`));
  return own.toSorted((a, b) => a.key.length - b.key.length)[0];
}
