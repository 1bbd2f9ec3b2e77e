import { WireError } from '../http/wire-error.ts';

/**
 * Refuses one more job where the account may have no more of them.
 *
 * @param most how many jobs may be in progress; `undefined`: any number
 * @throws WireError `ResourceLimitExceeded`, in the words of the service
 */
export function checkQuota(kind: 'training' | 'transform', instanceType: string, most: number | undefined, jobs: readonly { readonly status: string }[]): void {
  const used = jobs.filter(({ status }) => status === 'InProgress' || status === 'Stopping').length;
  if (most === undefined || used < most) return;
  const message = `The account-level service limit '${instanceType} for ${kind} job usage' is ${most} Instances, with current utilization of ${used} Instances and a request delta of 1 Instances. Please use AWS Service Quotas to request an increase for this quota.`;
  throw new WireError(400, 'ResourceLimitExceeded', message);
}
