import { PreprocessingError } from './errors.ts';
import type { FittedStep } from './fitted.ts';
import type { Frame } from './frame.ts';
import type { EncodeMethod, Step } from './schema.ts';
import { fitDate } from './steps/date.ts';
import { fitImpute } from './steps/impute.ts';
import { fitFrequency, fitOrdinal, fitOrdinalByTarget } from './steps/numbering.ts';
import { fitClip, fitLog, fitScale } from './steps/numbers.ts';
import { fitOneHot } from './steps/one-hot.ts';
import { fitReplace } from './steps/replace.ts';
import type { Target } from './target.ts';

/** Steps that change columns. `drop` and `encode` `as-is` only decide which of them become features. */
export type ChangingStep = Exclude<Step, { step: 'drop' }>;
export type ChangingMethod = Exclude<EncodeMethod, 'as-is'>;

/** The columns that a step changes, one fitted step each. */
export function changedColumns(step: ChangingStep): readonly string[] {
  return 'columns' in step ? step.columns : [step.column];
}

/** Fits one step of the recipe to one of the columns that it changes. */
export function fitStep(step: ChangingStep, name: string, frame: Frame, target: Target): FittedStep | undefined {
  switch (step.step) {
    case 'replace':
      return fitReplace(step, frame);
    case 'impute':
      return fitImpute(step, frame);
    case 'encode':
      return step.method === 'as-is' ? undefined : fitEncode(step.method, name, frame, target);
    case 'date':
      return fitDate(frame, name, step.parts);
    case 'scale':
      return fitScale(frame, name);
    case 'clip':
      return fitClip(step, frame, name);
    case 'log':
      return fitLog(frame, name);
  }
}

function fitEncode(method: ChangingMethod, name: string, frame: Frame, target: Target): FittedStep {
  switch (method) {
    case 'ordinal':
      return fitOrdinal(frame, name);
    case 'ordinal-by-target':
      return fitOrdinalByTarget(frame, name, target);
    case 'one-hot':
      return fitOneHot(frame, name);
    case 'frequency':
      return fitFrequency(frame, name);
  }
}

/** Runs `fit` and puts the step's place in front of what it throws. `position` counts from 1. */
export function atStep<T>(step: Step, position: number, fit: () => T): T {
  try {
    return fit();
  } catch (error) {
    if (!(error instanceof PreprocessingError)) throw error;
    throw new PreprocessingError(error.code, `step ${position} (${step.step}): ${error.message}`, { cause: error });
  }
}
