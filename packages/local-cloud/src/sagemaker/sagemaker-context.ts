import type { CloudContext } from '../cloud-context.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { LocalCloudOptions } from '../options.ts';
import type { ObjectStore } from '../s3/object-store.ts';

/** What SageMaker is built on. */
export interface SageMakerParts {
  readonly cloud: CloudContext;
  readonly bus: EventBus;
  readonly logs: LogStore;
  readonly store: ObjectStore;
  readonly containers: LocalCloudOptions['containers'];
  readonly quotas: NonNullable<LocalCloudOptions['quotas']>;
  /** Where work folders are made; `undefined`: below the system's temporary folder. */
  readonly jobsFolder: string | undefined;
}

/** `arn:aws:sagemaker:<region>:<account>:<resource>` */
export function sageMakerArn({ cloud }: SageMakerParts, resource: string): string {
  return `arn:aws:sagemaker:${cloud.wiring.region}:${cloud.wiring.account}:${resource}`;
}

/** The API's times are seconds. */
export function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
