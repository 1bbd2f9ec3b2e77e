export { registerModel } from './register-model.ts';
