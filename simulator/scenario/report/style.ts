// SPDX-License-Identifier: Apache-2.0
/** How the page of a report looks: light and dark, wide and narrow, and on paper. */

export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--panel:#f5f6f8;--ink:#1b1f24;--soft:#57606a;--rule:#d5d9df;--good:#116329;--bad:#a40e26;--s0:#0550ae;--s1:#953800;--s2:#6639ba;--mark:#8c959f}
@media(prefers-color-scheme:dark){:root{--ground:#14171b;--panel:#1d2126;--ink:#e8eaed;--soft:#a5adb7;--rule:#3a4149;--good:#56d364;--bad:#ff8182;--s0:#79b8ff;--s1:#ffb077;--s2:#d2a8ff;--mark:#6e7781}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:78rem;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.25rem;margin:0}
.lead,.soft,.unit{color:var(--soft)}
.unit{font-weight:400}
.banner{background:var(--panel);border-left:4px solid var(--s1);padding:.5rem .75rem;margin:1rem 0}
.scenario{border-top:1px solid var(--rule);margin-top:2rem;padding-top:1.25rem}
.head{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline}
.verdict{font-weight:700}.good{color:var(--good)}.bad{color:var(--bad)}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;margin:1rem 0}
dl.facts div{background:var(--panel);border-radius:6px;padding:.6rem .75rem}
dt{color:var(--soft);font-size:.875rem}dd{margin:0;font-size:1.125rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.plots{display:grid;margin-top:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem}
figure{margin:0;background:var(--panel);border-radius:6px;padding:.75rem;min-width:0}
figcaption{font-weight:600}
figure>svg{display:block;width:100%;height:auto;margin-top:.25rem}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.25rem 0 0;padding:0;font-size:.875rem}
.legend svg{width:1.5rem;height:.5rem;margin-right:.4rem}
.line{fill:none;stroke-width:2}.s0{stroke:var(--s0)}.s1{stroke:var(--s1);stroke-dasharray:6 3}.s2{stroke:var(--s2);stroke-dasharray:2 3}
.grid{stroke:var(--rule);fill:none}.mark{stroke:var(--mark);stroke-dasharray:2 4;fill:none}
.tick{font-size:14px;fill:var(--soft)}
a{color:var(--s0)}
td{white-space:nowrap}td:last-child{white-space:normal}
details{margin-top:.5rem;font-size:.875rem}summary{cursor:pointer;color:var(--s0)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
thead th{color:var(--soft);font-weight:600}
code{font:.875em ui-monospace,monospace;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
@media(max-width:40rem){.tick{font-size:18px}}
@media print{body{max-width:none}figure,dl.facts div{break-inside:avoid}}
`.trim()
