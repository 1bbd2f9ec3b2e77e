export { startTransform } from './start-transform.ts';
