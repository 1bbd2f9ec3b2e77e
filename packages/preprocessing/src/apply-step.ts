import type { FittedStep } from './fitted.ts';
import type { Frame } from './frame.ts';
import { applyDate } from './steps/date.ts';
import { applyImpute } from './steps/impute.ts';
import { applyNumbering } from './steps/numbering.ts';
import { applyClip, applyLog, applyScale } from './steps/numbers.ts';
import { applyOneHot } from './steps/one-hot.ts';
import { applyReplace } from './steps/replace.ts';

/** The frame after a fitted step. */
export function applyStep(fitted: FittedStep, frame: Frame): Frame {
  switch (fitted.step) {
    case 'replace':
      return applyReplace(fitted, frame);
    case 'impute':
      return applyImpute(fitted, frame);
    case 'ordinal':
    case 'frequency':
      return applyNumbering(fitted, frame);
    case 'one-hot':
      return applyOneHot(fitted, frame);
    case 'date':
      return applyDate(fitted, frame);
    case 'scale':
      return applyScale(fitted, frame);
    case 'clip':
      return applyClip(fitted, frame);
    case 'log':
      return applyLog(fitted, frame);
  }
}
