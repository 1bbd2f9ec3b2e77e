export { promoteModel } from './promote-model.ts';
