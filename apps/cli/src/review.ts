/** What a person's word on a version means. Pure: the same facts give the same answer. */
import { shorten } from '@dropforest/lambda-kit';
import { wrongInput } from './errors.ts';
import { requireVersion, type ModelVersion } from './registry.ts';

export type ReviewVerb = 'approve' | 'reject';

export interface ReviewFacts {
  readonly dataset: string;
  readonly verb: ReviewVerb;
  /** The version that the person named. */
  readonly asked: number | undefined;
  /** Newest first. `isDecided`: whether the gate is done with it; while it is being compared it is not. */
  readonly versions: readonly (ModelVersion & { readonly isDecided: boolean })[];
  /** The version that predicts. */
  readonly champion: number | undefined;
}

export interface Review {
  readonly version: ModelVersion;
  /** Why there is nothing to do. */
  readonly nothingToDo?: string;
}

/** SageMaker's limit for an approval description, in characters. */
const LONGEST_DESCRIPTION = 1024;

/** @throws CliError exit code 2 where the word would have no effect, or another one than meant; says what has */
export function decideReview(facts: ReviewFacts): Review {
  const version = facts.asked === undefined ? newestWaiting(facts) : requireVersion(facts.versions, facts.asked, facts.dataset);
  return facts.verb === 'approve' ? approval(version, facts) : rejection(version, facts);
}

function newestWaiting({ dataset, verb, versions, champion = 0 }: ReviewFacts): ModelVersion {
  const pending = versions.filter(({ status, version }) => status === 'PendingManualApproval' && version > champion);
  const waiting = pending.find(({ isDecided }) => isDecided);
  if (waiting !== undefined) return waiting;
  const [compared] = pending;
  if (compared !== undefined) {
    throw wrongInput(`version ${compared.version} of ${dataset} is still being compared`, `Wait for the decision (dropforest status ${dataset} v${compared.version}), or do without it: dropforest ${verb} ${dataset} ${compared.version}`);
  }
  throw wrongInput(`no version of ${dataset} waits for a decision`, versions.length === 0 ? `Train a model: dropforest train ${dataset} <file.csv>` : `Name a version that dropforest models ${dataset} lists: dropforest ${verb} ${dataset} <version>`);
}

function approval(version: ModelVersion, { dataset, champion }: ReviewFacts): Review {
  if (version.version === champion) return { version, nothingToDo: `version ${champion} of ${dataset} predicts already` };
  if (champion === undefined || version.version > champion) return { version };
  throw wrongInput(
    `version ${version.version} of ${dataset} is older than version ${champion}, which predicts: by approval only a newer one takes over`,
    `To go back to it: dropforest rollback ${dataset} ${version.version}`,
  );
}

function rejection(version: ModelVersion, { dataset, champion }: ReviewFacts): Review {
  if (version.version === champion) {
    throw wrongInput(`version ${champion} of ${dataset} predicts: rejecting it would leave it where it is`, `To have an earlier one predict: dropforest rollback ${dataset}`);
  }
  return version.status === 'Rejected' ? { version, nothingToDo: `version ${version.version} of ${dataset} is rejected already` } : { version };
}

/** `approved by ana: checked the report`, of a length and on a line as SageMaker takes it. */
export function describeReview(verb: ReviewVerb, who: string, reason: string | undefined): string {
  return asDescription(`${verb === 'approve' ? 'approved' : 'rejected'} by ${who}${reason === undefined ? '' : `: ${reason}`}`);
}

/** One line of at most 1,024 characters. */
export function asDescription(text: string): string {
  return shorten(text, LONGEST_DESCRIPTION);
}
