import { comparisonSection } from './comparison-section.ts';
import { dataSection } from './data-section.ts';
import { html, trusted } from './html.ts';
import { metricsSection } from './metrics-section.ts';
import { plotSections } from './plot-sections.ts';
import { checkInput } from './report-input.ts';
import type { ReportInput } from './report-input.ts';
import { headerSection, lineageSection, notesSection } from './sections.ts';
import { STYLE } from './style.ts';
import { tuningSection } from './tuning-section.ts';

/**
 * The training report as one HTML file that needs nothing else: no script, no link, plots as SVG. The same input gives
 * the same bytes. All text of the input is escaped.
 * @throws ReportError `invalid-input` naming the field
 */
export async function renderReport(input: ReportInput): Promise<string> {
  const judged = checkInput(input);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Training report: ${input.dataset}, ${input.job}</title>
<style>${trusted(STYLE)}</style>
</head>
<body><main>
${headerSection(input, judged)}
${metricsSection(judged, input.target)}
${comparisonSection(input)}
${notesSection(input)}
${await plotSections(judged, input)}
${dataSection(input)}
${tuningSection(input)}
${lineageSection(input)}
</main></body>
</html>
`.text;
}
