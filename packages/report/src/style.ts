/** The page's only style sheet. Colours follow the reader's light or dark setting; paper is always light. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1d2524; --soft: #5b6866; --line: #d8dfdd; --card: #f5f8f7; --page: #ffffff; --accent: #2f7f6f; }
@media (prefers-color-scheme: dark) { :root { --text: #e3eae8; --soft: #9dadaa; --line: #36423f; --card: #1c2423; --page: #141a19; --accent: #5cb8a5; } }
@media print { :root { color-scheme: light; --text: #000; --soft: #444; --line: #bbb; --card: #fff; --page: #fff; --accent: #2f7f6f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 56px; }
p { margin: 8px 0; }
h1 { margin: 0; font-size: 34px; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 12px; font-size: 20px; }
h3 { margin: 24px 0 8px; font-size: 16px; }
code { font: 13px/1.5 ui-monospace, "Cascadia Code", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
small { color: var(--soft); font-weight: normal; font-size: 13px; }
section { margin-top: 40px; }
.kind { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .04em; text-transform: uppercase; font-size: 13px; }
.what { font-size: 18px; overflow-wrap: anywhere; }
.headline { margin: 20px 0; padding: 14px 18px; border-left: 4px solid var(--accent); background: var(--card); font-size: 19px; }
.job, .remark, figcaption { color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: 13px; font-weight: 600; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
.columns th:first-child { min-width: 11.5em; }
.columns td:last-child { min-width: 11em; }
tbody th small { display: block; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 32px 40px; }
figure { margin: 0; min-width: 0; break-inside: avoid; }
figure svg { display: block; width: 100%; max-width: 500px; height: auto; }
figcaption { margin-top: 6px; }
dl { margin: 0; }
dd { margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 12px; margin-bottom: 20px; }
.tiles div { padding: 10px 14px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
.tiles dt { color: var(--soft); font-size: 13px; }
.tiles dd { font-size: 22px; font-variant-numeric: tabular-nums; }
.settings { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr)); gap: 0 32px; font-size: 15px; }
.settings div { display: flex; justify-content: space-between; gap: 12px; padding: 6px 0; border-bottom: 1px solid var(--line); }
.settings dt { color: var(--soft); }
.settings dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; text-align: right; }
@media (max-width: 520px) { main { padding: 20px 14px 40px; } h1 { font-size: 27px; } .headline { font-size: 17px; } table { font-size: 14px; } th, td { padding-right: 10px; } }
`;
