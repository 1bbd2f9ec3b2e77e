export { ReportError } from './errors.ts';
export type { ReportErrorCode } from './errors.ts';
export { renderReport } from './render-report.ts';
export type { ColumnSummary, Evaluation, Importance, ReportInput, ReportMetrics, RowCounts, SourceFile } from './report-input.ts';
