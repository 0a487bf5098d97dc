"""The style of every page, light and dark, wide and narrow.

Decides colours and measures of text; the measures of a drawing are its own.
"""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d5dbe3;--page:#fff;--card:#f6f8fa;--link:#0b57b0;
--good:#19703b;--bad:#b3261e;--wait:#8a5a00}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9f0;--soft:#9aa7b6;--line:#36404d;--page:#12161c;--card:#1a2028;
--link:#7db3ff;--good:#5dc486;--bad:#ff8a80;--wait:#e5b454}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:76rem;margin:0 auto;padding:1.5rem}
a{color:var(--link)}h1{margin:.2em 0;line-height:1.2}h1 small{color:var(--soft);font-size:.5em;font-weight:400}
h2{margin-top:2em;border-bottom:1px solid var(--line);padding-bottom:.2em}h2 a{color:inherit;text-decoration:none}
p{white-space:pre-line;max-width:70ch}.lead{font-size:1.1em}.counts,.home{color:var(--soft)}
code,pre{font:13px/1.5 ui-monospace,monospace}code{overflow-wrap:break-word}
.chips{list-style:none;display:flex;flex-wrap:wrap;gap:.4em;padding:0}
.chips li{border:1px solid var(--line);border-radius:1em;padding:0 .7em;font-size:.85em;color:var(--soft)}
.chips .provider{color:var(--ink);background:var(--card)}
.beside{display:grid;grid-template-columns:minmax(16rem,1fr) auto;gap:2rem;align-items:start}
.steps{padding-left:1.8em}.steps li{margin-bottom:1em}.steps p{margin:.2em 0;color:var(--soft)}
.name{font-weight:600}.method{font:600 12px ui-monospace,monospace;color:var(--good)}
.method.delete,.method.patch,.method.put,.method.post{color:var(--wait)}.path{color:var(--soft)}
.drawing,.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;margin:1em 0;min-width:24rem}
th,td{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:.35em .8em .35em 0}
th{color:var(--soft);font-weight:500}.required{color:var(--wait);font-size:.75em;font-weight:500}
pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1em 0;overflow-x:auto}
pre span{display:block;padding-right:1em}pre span:target{background:color-mix(in srgb,var(--wait) 22%,transparent)}
pre span a{display:inline-block;width:3.5em;margin-right:1em;text-align:right;color:var(--soft);
text-decoration:none;user-select:none}
.flow{max-width:100%;min-width:18rem;height:auto}
.flow text{font:13px system-ui,sans-serif;fill:var(--ink)}
.flow .detail{font:11px ui-monospace,monospace;fill:var(--soft)}
.flow .name{font-weight:600}.flow .node rect{fill:var(--card);stroke:var(--soft)}.flow .join rect{stroke-width:2}
.flow .call rect{stroke-dasharray:6 3}.flow .workflow rect,.flow .end rect{fill:var(--page)}
.flow a:hover rect{stroke:var(--link)}.flow marker path{fill:var(--soft);stroke:none}
.flow .edge path{fill:none;stroke:var(--soft);stroke-width:1.4;marker-end:url(#arrow)}
.flow .edge text{font-size:11px;fill:var(--soft);paint-order:stroke;
stroke:var(--page);stroke-width:3px;stroke-linejoin:round}
.flow .success path{stroke:var(--good)}
.flow .failure path{stroke:var(--bad)}.flow .retry path{stroke:var(--wait)}
.flow .failure path,.flow .retry path{stroke-dasharray:5 3}
.found input{font:inherit;width:100%;padding:.5em .8em;border:1px solid var(--line);border-radius:8px;
background:var(--card);color:inherit}
.card{border:1px solid var(--line);border-radius:8px;padding:.8em 1em;margin:.8em 0}.card p{margin:.3em 0}
.card h2{margin:0;border:0;font-size:1.1em}[hidden]{display:none}
@media(max-width:56rem){.beside{grid-template-columns:minmax(0,1fr)}main{padding:1rem}}
@media print{pre span a{color:inherit}}
""".replace("\n", "")
