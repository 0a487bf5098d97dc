"""Two runs beside each other as one HTML page that asks nobody for anything and needs no script.

Decides what stands where: how both ended, then each attempt with both times, open where it differs. Every text is
escaped. What makes a difference is decided by ``differences``.
"""

from __future__ import annotations

import json
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.printable import plain, printable
from arazzo_engine.recording.comparing.differences import action_text
from arazzo_engine.reporting.lines.durations import duration
from arazzo_engine.reporting.pages.html import framed
from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.recording.comparing.attempts import Attempt, Seen
    from arazzo_engine.recording.comparing.comparison import Comparison, Row, Told

_STYLE: Final = """
.same{color:var(--good)}.differs{color:var(--bad)}
.attempt{border:1px solid var(--line);border-radius:8px;margin:.4em 0}
.attempt summary{cursor:pointer;padding:.5em .8em;overflow-wrap:anywhere}
.attempt .scroll,.attempt .pair,.attempt>p{padding:0 .8em}
.bars{display:block;margin-top:.4em}.bars i{display:block;height:5px;margin:2px 0;border-radius:3px;min-width:2px;
background:var(--soft)}.bars i+i{background:var(--link)}
.key i{display:inline-block;width:2em;height:5px;border-radius:3px;margin:0 .4em .15em 0;background:var(--soft)}
.key span+span i{background:var(--link)}.key span+span{margin-left:1.5em}
td code{white-space:pre-wrap;overflow-wrap:anywhere}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1em}.pair div{min-width:0}
.pair pre{padding:.8em;white-space:pre-wrap;overflow-wrap:anywhere;max-height:30em;overflow-y:auto}
@media(max-width:56rem){.pair{grid-template-columns:minmax(0,1fr)}}
""".replace("\n", "")
# a longer body says no more to a person
_LONGEST: Final = 20_000
_NOT_RUN: Final = "not run"


def html_of(comparison: Comparison, first: Seen, second: Seen) -> str:
    """Return the page of a comparison of two runs."""
    word = "same" if comparison.is_same else "differs"
    title = f"{first.name} and {second.name}: {word}"
    body = [f"<style>{_STYLE}</style>", *_head(comparison, first, second, word)]
    slowest = max((each or 0.0 for row in comparison.rows for each in row.took or ()), default=0.0)
    body.append("<h2>Attempts</h2>")
    body.extend(_attempt(row, slowest) for row in comparison.rows)
    if comparison.ending:
        body.append(f"<h2>The end</h2>{_differences(comparison.ending)}")
    return framed(printable(title), "\n".join(body))


def _head(comparison: Comparison, first: Seen, second: Seen, word: str) -> Iterator[str]:
    yield f'<h1 class="{word}">Two runs <small>{word}</small></h1>'
    yield f'<p class="lead">{_text(plain(comparison.summary()))}</p>'
    rows = "".join(map(_side, ("then", "now"), (first, second)))
    heads = "".join(f"<th>{each}</th>" for each in ("", "file", "ended", "attempts", "all attempts took"))
    yield f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    yield '<p class="counts key"><span><i></i>then</span><span><i></i>now</span></p>'


def _side(which: str, seen: Seen) -> str:
    ended = ", ".join(each["status"] for each in seen.endings) or "(no end)"
    took = duration(sum(each.elapsed for each in seen.attempts))
    cells = (seen.name, f"{ended}; {seen.cut}" if seen.cut else ended, f"{len(seen.attempts):,}", took)
    return f"<tr><th>{which}</th>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"


def _attempt(row: Row, slowest: float) -> str:
    kind, mark = ("differs", "≠") if row.differences else ("same", "=")
    then, now = row.pair or (None, None)
    status = " → ".join(dict.fromkeys((_status(then), _status(now))))
    took = " / ".join(_NOT_RUN if each is None else duration(each) for each in row.took or ())
    bars = "".join(f'<i style="width:{_share(each, slowest):.1f}%"></i>' for each in row.took or ())
    return (
        f'<details class="attempt"{" open" if row.differences else ""}><summary><b class="{kind}">{mark}</b>'
        f' <span class="name">{_text(row.name)}</span> <b>{_text(status)}</b> <span class="counts">{took}</span>'
        f'<span class="bars">{bars}</span></summary>{_differences(row.differences)}{_exchanges(then, now)}</details>'
    )


def _share(took: float | None, slowest: float) -> float:
    return 100 * took / slowest if took and slowest else 0.0


def _status(attempt: Attempt | None) -> str:
    if attempt is None:
        return _NOT_RUN
    answer = attempt.answer
    if answer is None:
        return "no request" if attempt.request is None else "no answer"
    return str(answer["response"]["status"]) if "response" in answer else answer["noResponse"]["reason"]


def _differences(found: Iterable[Told]) -> str:
    rows = "".join(map(_difference, found))
    if not rows:
        return ""
    heads = "".join(f"<th>{each}</th>" for each in ("field", "then", "now"))
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _difference(told: Told) -> str:
    each = told.difference
    at = "" if told.location is None else f'<br><span class="counts">{_text(str(told.location))}</span>'
    cells = "".join(f"<td><code>{_text(_cut(hide_in_urls(text)))}</code></td>" for text in (each.then, each.now))
    return f"<tr><th>{_text(each.field)}{at}</th>{cells}</tr>"


def _exchanges(then: Attempt | None, now: Attempt | None) -> str:
    sides = "".join(f"<div><h3>{name}</h3>{_exchange(each)}</div>" for name, each in (("then", then), ("now", now)))
    return f'<div class="pair">{sides}</div>' if then or now else ""


def _exchange(attempt: Attempt | None) -> str:
    if attempt is None:
        return f"<p>{_NOT_RUN}</p>"
    parts = [part for part in (_request(attempt.request), _answer(attempt.answer)) if part]
    shown = "".join(f"<pre>{_text(part)}</pre>" for part in parts) or "<p>nothing was sent</p>"
    decided = f"{attempt.decision['status']}, then {action_text(attempt.decision['action'])}"
    return f'{shown}<p class="counts">{_text(decided)}</p>'


def _request(request: Mapping[str, Any] | None) -> str:
    if request is None:
        return ""
    return _joined(f"{request['method']} {hide_in_urls(request['url'])}", request["body"])


def _answer(answer: Mapping[str, Any] | None) -> str:
    if answer is None:
        return ""
    if "response" not in answer:
        return f"no response: {answer['noResponse']['reason']}"
    return _joined(str(answer["response"]["status"]), answer["response"]["body"])


def _joined(head: str, body: Mapping[str, str]) -> str:
    text = body["text"] if "text" in body else f"bytes in base64: {body['base64']}"
    with suppress(ValueError, RecursionError):
        # what is no JSON is shown as it is
        text = json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    return f"{head}\n\n{_cut(text)}" if text else head


def _cut(text: str) -> str:
    left = len(text) - _LONGEST
    return text if left <= 0 else f"{text[:_LONGEST]}\n… and {left:,} more characters"


def _text(text: str) -> str:
    return escape(printable(text))
