/** Claims say which job predicts a file's content; the first to write one has it. */
import { ClaimSchema, keys, type Claim, type TransformFile, type TransformSource } from '@dropforest/contracts';
import { FactsChanged, inChunks, type Bucket } from '@dropforest/lambda-kit';

/**
 * Claims every file of a job that nobody else has claimed, and gives those that are the job's.
 *
 * The file that asks is claimed first: where the work is cut short after that, the file's own event finds its claim and
 * goes on with this very job; where it is cut short before, nothing has been claimed.
 * @throws FactsChanged when the file that asks is another job's
 */
export async function claimFiles(source: TransformSource, asking: string | undefined, bucket: Bucket): Promise<readonly TransformFile[]> {
  const first = source.files.find(({ key }) => key === asking);
  if (first !== undefined && !(await claim(first, source, bucket))) throw new FactsChanged(first.key);
  const others = source.files.filter((file) => file !== first);
  const mine = new Set(await inChunks(others, async (file) => ((await claim(file, source, bucket)) ? file : undefined)));
  return source.files.filter((file) => file === first || mine.has(file));
}

/** Whether the file is the job's. */
async function claim(file: TransformFile, { dataset, job, model, at }: TransformSource, bucket: Bucket): Promise<boolean> {
  const key = keys.claim(dataset, file.file, file.etag);
  const value: Claim = { ...file, dataset, job, model, at };
  try {
    await bucket.write(key, `${JSON.stringify(value, undefined, 2)}\n`, 'application/json', { ifAbsent: true });
    return true;
  } catch (error) {
    if (!(error instanceof FactsChanged)) throw error;
  }
  const found = await bucket.readJson(key, ClaimSchema);
  // Somebody has let go of it since: what is true of the file has to be found out again.
  if (found === undefined) throw new FactsChanged(key);
  return found.value.job === job;
}
