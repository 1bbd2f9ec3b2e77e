import { PreprocessingError } from './errors.ts';
import type { FittedStep } from './fitted.ts';
import { columnOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { EncodeStep, Step } from './schema.ts';
import { fitOneHot, fitOrdinal, fitOrdinalByTarget } from './steps/encode.ts';
import { fitImpute } from './steps/impute.ts';
import { fitReplace } from './steps/replace.ts';

/**
 * Fits one step of the recipe; an `encode` step becomes one fitted step a column.
 * @param target one number a row
 */
export function fitStep(step: Step, frame: Frame, target: Float64Array): FittedStep[] {
  switch (step.step) {
    case 'replace':
      return [fitReplace(step, frame)];
    case 'impute':
      return [fitImpute(step, frame)];
    case 'drop':
      for (const name of step.columns) columnOf(frame, name);
      return [{ step: 'drop', columns: step.columns }];
    case 'encode':
      return step.columns.map((name) => fitEncode(step.method, name, frame, target));
  }
}

function fitEncode(method: EncodeStep['method'], name: string, frame: Frame, target: Float64Array): FittedStep {
  switch (method) {
    case 'ordinal':
      return fitOrdinal(frame, name);
    case 'ordinal-by-target':
      return fitOrdinalByTarget(frame, name, target);
    case 'one-hot':
      return fitOneHot(frame, name);
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
