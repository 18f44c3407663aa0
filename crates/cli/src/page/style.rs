//! The one style sheet: for paper first, then for the screen, then for a dark one.

/// The style sheet of every page.
pub(super) const STYLE: &str = r#":root {
  color-scheme: light dark;
  --paper: #fff; --ink: #14171c; --soft: #4d535d; --rule: #d3d7dd; --strong: #14171c;
  --bar: #2f5d7c; --link: #1f4f74;
  --sans: -apple-system, "Segoe UI", Roboto, "Noto Sans KR", "Apple SD Gothic Neo",
    "Malgun Gothic", "Noto Sans CJK KR", system-ui, sans-serif;
  --mono: ui-monospace, "SF Mono", Consolas, "Noto Sans Mono CJK KR", monospace;
}
:lang(ja) { font-family: -apple-system, "Noto Sans JP", "Hiragino Sans", "Yu Gothic",
  "Noto Sans CJK JP", system-ui, sans-serif; }
* { box-sizing: border-box; }
html { background: var(--paper); }
body {
  max-width: 202mm; margin: 0 auto; padding: 14mm 8mm 24mm; background: var(--paper);
  color: var(--ink); font: 10pt/1.5 var(--sans); font-variant-numeric: tabular-nums lining-nums;
  word-break: keep-all; overflow-wrap: break-word; -webkit-text-size-adjust: 100%;
}
a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: .06em; }
h1 { font-size: 25pt; line-height: 1.15; font-weight: 600; letter-spacing: -.012em; margin: 0; }
h2 {
  font-size: 13pt; line-height: 1.3; font-weight: 600; margin: 15mm 0 2mm; padding-top: 3mm;
  border-top: .6pt solid var(--strong); break-after: avoid;
}
h3 { font-size: 9pt; font-weight: 600; margin: 0 0 1mm; break-after: avoid; }
p { margin: 0 0 3mm; max-width: 150mm; orphans: 3; widows: 3; }
small, .soft { color: var(--soft); font-size: inherit; }
.note { color: var(--soft); font-size: 8.5pt; break-after: avoid; }
.masthead { max-width: none; display: flex; justify-content: space-between; gap: 6mm; margin: 0 0 11mm;
  padding-bottom: 2.5mm; border-bottom: .6pt solid var(--strong); font-size: 9pt; }
.masthead b { font-weight: 600; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(46mm, 1fr)); gap: 4mm 6mm;
  margin: 6mm 0 0; }
dl > div { min-width: 0; }
dt { color: var(--soft); font-size: 8pt; }
dd { margin: 0; overflow-wrap: anywhere; }
.due { margin: 12mm 0 11mm; break-inside: avoid; }
.due span { display: block; font-size: 10pt; font-weight: 600; }
.due b { display: block; font-size: 44pt; line-height: 1.12; font-weight: 300;
  letter-spacing: -.022em; overflow-wrap: anywhere; }
.due b abbr { font-size: 17pt; letter-spacing: .02em; font-weight: 400; margin-right: .35em;
  text-decoration: none; color: var(--soft); }
.due small { display: block; margin-top: 1mm; font-size: 9pt; }
table { width: 100%; border-collapse: collapse; font-size: 9pt; line-height: 1.4;
  margin: 0 0 6mm; }
caption { text-align: left; font-weight: 600; padding-bottom: 1mm; break-after: avoid; }
thead { display: table-header-group; }
tfoot { display: table-row-group; }
tr, tbody.line { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: 1.1mm 3mm 1.1mm 0;
  border-bottom: .4pt solid var(--rule); font-weight: inherit; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: 8pt; vertical-align: bottom; line-height: 1.3;
  border-bottom: .6pt solid var(--strong); }
tfoot td, tfoot th, tr.sum td, tr.sum th { border-top: .6pt solid var(--strong); }
tfoot td, tfoot th { border-bottom: 0; }
tfoot th, tr.sum th { font-weight: 600; }
thead th.what { color: var(--ink); font-size: 9pt; font-weight: 600; }
tbody.group { break-after: avoid; }
tbody.group th { font-weight: 600; padding-top: 4mm; }
.n { text-align: right; }
.n, .t { white-space: nowrap; }
.keep { break-inside: avoid; }
.keep + .wide { break-before: avoid; }
.sheet { break-before: page; }
.sheet h2 { margin-top: 0; }
[data-pad]::after { content: attr(data-pad); visibility: hidden; }
.line td div + div, .stack small { color: var(--soft); }
.stack small { display: block; font-size: 8pt; }
.split { display: grid; grid-template-columns: 1fr 1fr; gap: 0 10mm; }
.bars { table-layout: fixed; break-inside: avoid; }
.bars .graph { width: 34mm; }
.bars td.graph { padding-top: 2.1mm; }
.bars .sum { width: 36mm; }
.bars .exact { width: 62mm; }
.bars .share { width: 15mm; }
.split .bars .graph { width: 17mm; }
.split .bars .sum { width: 31mm; }
svg { display: block; width: 100%; height: 2.2mm; overflow: visible; }
rect { fill: var(--bar); }
.below rect { fill: none; stroke: var(--bar); stroke-width: .8; }
.wide { overflow-x: auto; }
.lines { font-size: 7.6pt; line-height: 1.38; }
.lines thead th { font-size: 7.2pt; }
.lines td { padding-top: .9mm; padding-bottom: .6mm; border-bottom: 0; }
.lines .why td { padding-top: 0; padding-bottom: .9mm; border-bottom: .4pt solid var(--rule); }
.lines .why { color: var(--soft); }
.lines b { font-weight: 600; }
.basis table { font-size: 8.2pt; }
.basis .id { min-width: 36mm; }
.list .files { padding-left: 3mm; white-space: nowrap; }
.hash, code { font-family: var(--mono); font-size: .92em; overflow-wrap: anywhere;
  word-break: break-all; }
p code, .rate { white-space: nowrap; }
pre { margin: 0 0 4mm; padding: 3mm 4mm; border: .6pt solid var(--rule); border-radius: 1mm;
  white-space: pre-wrap; font-size: 9.5pt; break-inside: avoid; }
.files a { margin-right: .9em; }
.files a:last-child { margin-right: 0; }
@media screen {
  body { font-size: 15px; }
  .sheet h2 { margin-top: 15mm; }
}
@media screen and (max-width: 640px) {
  body { padding: 20px 16px 48px; }
  .split { grid-template-columns: 1fr; }
  .due b { font-size: 30pt; }
  .lines { min-width: 660px; }
}
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #14161a; --ink: #eceae5; --soft: #b3b3b0; --rule: #383c44; --strong: #8d9199;
    --bar: #7fb2d3; --link: #9cc8e4; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; margin: 0; padding: 0; }
  a { color: inherit; text-decoration: none; }
  .wide { overflow: visible; }
}
@page {
  size: A4; margin: 18mm 14mm 20mm 16mm;
  @bottom-right { content: counter(page) " / " counter(pages); }
}
@page { @bottom-left { color: #4d535d; font: 7.5pt "Segoe UI", Roboto, "Noto Sans KR",
    "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", sans-serif; }
  @bottom-right { color: #4d535d; font: 7.5pt "Segoe UI", Roboto, "Noto Sans KR",
    "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", sans-serif; } }
"#;
