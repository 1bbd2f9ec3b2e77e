export { publishResults } from './publish-results.ts';
