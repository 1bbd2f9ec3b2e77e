/** STS, query protocol: GetCallerIdentity only. By design: every caller is the root user of the wired account. */
import type { QueryService } from '../http/query-protocol.ts';
import type { Wiring } from '../options.ts';

export function stsService({ account }: Wiring): QueryService {
  return {
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: {
      GetCallerIdentity: () => ({ UserId: account, Account: account, Arn: `arn:aws:iam::${account}:root` }),
    },
  };
}
