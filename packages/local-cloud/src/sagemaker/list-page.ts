import { validationError } from '../http/wire-error.ts';

/** The members of a list request that all list operations understand. Times are seconds since the epoch. */
export interface ListRequest {
  readonly MaxResults: number;
  readonly NextToken?: string | undefined;
  readonly NameContains?: string | undefined;
  readonly CreationTimeAfter?: number | undefined;
  readonly CreationTimeBefore?: number | undefined;
  readonly LastModifiedTimeAfter?: number | undefined;
  readonly LastModifiedTimeBefore?: number | undefined;
  readonly StatusEquals?: string | undefined;
  readonly SortBy: 'Name' | 'CreationTime' | 'Status';
  readonly SortOrder: 'Ascending' | 'Descending';
}

/** What is filtered and sorted by. Times are milliseconds since the epoch. */
export interface Listed {
  readonly name: string;
  readonly created: number;
  readonly modified?: number;
  readonly status?: string;
}

/** One page of `items`, filtered and sorted as the request says. `items` come in the order of creation. */
export function listPage<T>(items: readonly T[], request: ListRequest, describe: (item: T) => Listed): { readonly page: readonly T[]; readonly NextToken?: string } {
  const sorted = items
    .map((item) => ({ item, listed: describe(item) }))
    .filter(({ listed }) => isAsked(listed, request))
    .sort((a, b) => compare(a.listed, b.listed, request.SortBy));
  if (request.SortOrder === 'Descending') sorted.reverse();
  const start = request.NextToken === undefined ? 0 : sorted.findIndex(({ listed }) => tokenOf(listed) === request.NextToken) + 1;
  if (start === 0 && request.NextToken !== undefined) throw validationError('Invalid pagination token.');
  const page = sorted.slice(start, start + request.MaxResults);
  const last = page.at(-1);
  return {
    page: page.map(({ item }) => item),
    ...(last !== undefined && start + page.length < sorted.length ? { NextToken: tokenOf(last.listed) } : {}),
  };
}

function isAsked({ name, created, modified = created, status }: Listed, request: ListRequest): boolean {
  return (
    name.toLowerCase().includes((request.NameContains ?? '').toLowerCase()) &&
    (request.StatusEquals === undefined || status === request.StatusEquals) &&
    created >= (request.CreationTimeAfter ?? 0) * 1000 &&
    created <= (request.CreationTimeBefore ?? Infinity) * 1000 &&
    modified >= (request.LastModifiedTimeAfter ?? 0) * 1000 &&
    modified <= (request.LastModifiedTimeBefore ?? Infinity) * 1000
  );
}

function compare(a: Listed, b: Listed, sortBy: ListRequest['SortBy']): number {
  switch (sortBy) {
    case 'CreationTime':
      return a.created - b.created;
    case 'Name':
      return compareText(a.name, b.name);
    case 'Status':
      return compareText(a.status ?? '', b.status ?? '');
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The last element of a page names where the next one starts. */
function tokenOf({ name }: Listed): string {
  return Buffer.from(name, 'utf8').toString('base64url');
}
