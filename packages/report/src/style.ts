/** The page's only style sheet. Colours follow the reader's light or dark setting; paper is always light. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1d2524; --soft: #5b6866; --line: #d8dfdd; --card: #f5f8f7; --page: #ffffff; --accent: #2f7f6f; --error: #d0622f; }
@media (prefers-color-scheme: dark) { :root { --text: #e3eae8; --soft: #9dadaa; --line: #36423f; --card: #1c2423; --page: #141a19; --accent: #5cb8a5; --error: #d0622f; } }
@media print { :root { color-scheme: light; --text: #000; --soft: #444; --line: #bbb; --card: #fff; --page: #fff; --accent: #2f7f6f; --error: #d0622f; } }
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
.figures td small { white-space: nowrap; }
.figures th:first-child { min-width: 9em; }
.columns { table-layout: fixed; }
.columns th:nth-child(1) { width: 22%; }
.columns th:nth-child(2) { width: 26%; }
.columns th:nth-child(3) { width: 22%; }
.columns td { overflow-wrap: anywhere; }
.columns td small { display: block; }
.values { font-size: 13px; }
.confusion { width: auto; min-width: min(100%, 420px); }
.confusion th, .confusion td { padding: 6px 7px; min-width: 4em; max-width: 9em; overflow-wrap: anywhere; }
.confusion tbody th { min-width: 9em; }
.confusion td small { display: block; }
.confusion td { background: color-mix(in srgb, var(--shade) calc(var(--share) * 55%), transparent); }
.confusion .right { --shade: var(--accent); }
.confusion .wrong { --shade: var(--error); }
.confusion span { color: var(--soft); }
.confusion td small { color: inherit; opacity: .8; }
.notes { margin: 0; padding-left: 20px; }
.notes li { margin: 6px 0; overflow-wrap: anywhere; }
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
@media (max-width: 640px) { .columns thead { display: none; } .columns, .columns tbody, .columns tr, .columns th, .columns td { display: block; width: auto; padding: 0; border: 0; } .columns tr { padding: 10px 0; border-bottom: 1px solid var(--line); } .columns td { margin-top: 2px; } .columns th:nth-child(n) { width: auto; } .columns td:nth-child(2)::before { content: "Kind: "; } .columns td:nth-child(4)::before { content: "Use: "; } .columns .none { display: none; } .figures tr { display: flex; flex-wrap: wrap; gap: 0 8px; padding: 6px 0; border-bottom: 1px solid var(--line); } .figures th, .figures td { flex: 1 1 0; min-width: 0; padding: 0; border: 0; } .figures tbody th { flex-basis: 100%; } .figures thead th:first-child { display: none; } .figures td small { display: block; font-size: 12px; white-space: normal; } .confusion th, .confusion td { padding: 6px; min-width: 3.6em; } .confusion tbody th { min-width: 7.5em; } }
`;
