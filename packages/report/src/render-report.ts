import { html, trusted } from './html.ts';
import { drawImportances } from './importance-chart.ts';
import { drawPredictedAgainstActual } from './predicted-against-actual.ts';
import { checkInput } from './report-input.ts';
import type { ReportInput } from './report-input.ts';
import { drawResiduals } from './residuals.ts';
import { dataSection, headerSection, lineageSection, metricsSection, plotsSection } from './sections.ts';
import { STYLE } from './style.ts';

/**
 * The training report as one HTML file that needs nothing else: no script, no link, plots as SVG. The same input gives
 * the same bytes. All text of the input is escaped.
 * @throws ReportError `invalid-input` naming the field
 */
export async function renderReport(input: ReportInput): Promise<string> {
  checkInput(input);
  const predicted = await drawPredictedAgainstActual(input.evaluation, input.target);
  const residuals = await drawResiduals(input.evaluation, input.target);
  const importances = input.importances.length === 0 ? undefined : await drawImportances(input.importances);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Training report: ${input.dataset}, ${input.job}</title>
<style>${trusted(STYLE)}</style>
</head>
<body><main>
${headerSection(input)}
${metricsSection(input)}
${plotsSection(predicted, residuals, importances)}
${dataSection(input)}
${lineageSection(input)}
</main></body>
</html>
`.text;
}
