export { beatChampion, passGate } from './gate.ts';
export { registerModel } from './register-model.ts';
