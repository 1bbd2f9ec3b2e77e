export { ReportError } from './errors.ts';
export type { ReportErrorCode } from './errors.ts';
export { renderReport } from './render-report.ts';
export type { ClassificationEvaluation, ColumnSummary, Evaluation, Importance, RegressionEvaluation, ReportInput, RowCounts, SourceFile } from './report-input.ts';
