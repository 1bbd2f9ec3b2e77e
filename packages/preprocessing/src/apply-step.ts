import type { FittedStep } from './fitted.ts';
import { dropColumns } from './frame.ts';
import type { Frame } from './frame.ts';
import { applyOneHot, applyOrdinal } from './steps/encode.ts';
import { applyImpute } from './steps/impute.ts';
import { applyReplace } from './steps/replace.ts';

/** The frame after a fitted step. */
export function applyStep(fitted: FittedStep, frame: Frame): Frame {
  switch (fitted.step) {
    case 'replace':
      return applyReplace(fitted, frame);
    case 'impute':
      return applyImpute(fitted, frame);
    case 'drop':
      return dropColumns(frame, fitted.columns);
    case 'ordinal':
      return applyOrdinal(fitted, frame);
    case 'one-hot':
      return applyOneHot(fitted, frame);
  }
}
