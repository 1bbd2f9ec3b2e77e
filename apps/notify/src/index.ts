export { createNotify, notify } from './notify.ts';
export type { NotifyOptions } from './notify.ts';
export { DeliverySchema } from './deliver.ts';
export type { Delivery } from './deliver.ts';
