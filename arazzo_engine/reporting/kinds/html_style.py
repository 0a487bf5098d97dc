"""What the HTML report has besides the style of every page, and its only script, which searches its steps."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
.good{color:var(--good)}.bad{color:var(--bad)}.turned{color:var(--wait)}
.visit{border:1px solid var(--line);border-radius:8px;margin:.4em 0;content-visibility:auto;
contain-intrinsic-size:auto 3.4em}
.visit summary{cursor:pointer;padding:.5em .8em;overflow-wrap:anywhere}
.bars{display:block;position:relative;height:6px;margin-top:.4em;background:var(--card);border-radius:3px}
.bars i{position:absolute;top:0;height:6px;border-radius:3px;background:currentColor}
.attempt{padding:0 .8em .8em;border-top:1px solid var(--line)}.attempt h3{font-size:1em;margin:.6em 0}
.attempt h3 small{color:var(--soft);font-weight:400}
.attempt pre,.ending{padding:.8em;white-space:pre-wrap;overflow-wrap:anywhere;max-height:40em;overflow-y:auto}
.flow .taken rect{stroke-width:2.5}.flow .good rect{stroke:var(--good)}.flow .bad rect{stroke:var(--bad)}
.flow .left{opacity:.45}
""".replace("\n", "")
SCRIPT: Final = (
    'const s=document.getElementById("search");s.parentElement.hidden=false;'
    's.addEventListener("input",()=>{const w=s.value.toLowerCase();'
    'for(const v of document.querySelectorAll(".visit"))'
    "v.hidden=w!==''&&!v.textContent.toLowerCase().includes(w)})"
)
