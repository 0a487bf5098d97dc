"""The runs as one HTML file that asks nobody for anything: a timeline of steps, exchanges, criteria, the ways taken.

Decides what stands where. Everything can be read without a script; the only one there is searches, and a policy in the
page forbids any other. Every text is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.printable import plain, printable
from arazzo_engine.reporting.ending.causes import count_of_requests, reason_of
from arazzo_engine.reporting.ending.ended import mark_of
from arazzo_engine.reporting.ending.evidence import phrase
from arazzo_engine.reporting.ending.outputs import outputs_in_words
from arazzo_engine.reporting.events import Event, RunStarted
from arazzo_engine.reporting.exchanges.exchange_text import exchange_text
from arazzo_engine.reporting.kinds.html_style import SCRIPT, STYLE
from arazzo_engine.reporting.kinds.kind import REHEARSED
from arazzo_engine.reporting.kinds.visits import Visit, visits_of
from arazzo_engine.reporting.lines import marks
from arazzo_engine.reporting.lines.durations import duration, moment
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.reporting.pages.flow import flow_of
from arazzo_engine.reporting.pages.html import framed
from arazzo_engine.reporting.pages.svg import svg_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.reporting.kinds.kind import Setting, Sink
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.scene import Scene
    from arazzo_engine.reporting.step_report import StepReport

# CSP 3, section 2.3.1: a script is named by its digest
_DIGEST: Final = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode("ascii")
_POLICY: Final = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"
)
# a bar of the timeline that is shorter could not be seen, in percent
_SHORTEST: Final = 0.4
# a workflow of more steps is no picture any more
_MOST_NODES: Final = 200
_TAKEN: Final = {StepStatus.SUCCEEDED: "taken good", StepStatus.FAILED: "taken bad", None: "left"}


class Html:
    """Writes one page; the ``scenes`` of the runs say what their workflows look like."""

    def __init__(self, sink: Sink, setting: Setting) -> None:
        self.sink = sink
        self.setting = setting
        self.scenes: dict[str, Scene] = {}

    def take(self, event: Event) -> None:
        """Remember what a run is set in."""
        if isinstance(event, RunStarted) and event.scene is not None:
            self.scenes[event.workflow_id] = event.scene

    def close(self, reports: tuple[RunReport, ...]) -> None:
        """Write the page."""
        masker = self.setting.masker
        title = " · ".join(f"{report.workflow_id} {report.status}" for report in reports)
        body = [f"<style>{STYLE}</style>", _SEARCH]
        for report in reports:
            for step in report.steps:
                masker.learn_named(step.named_secrets)
            body.extend(_run(report, masker, self.scenes.get(report.workflow_id)))
        body.append(f"<script>{SCRIPT}</script>")
        self.sink.write(framed(printable(title), "\n".join(body), policy=_POLICY))


_SEARCH: Final = (
    '<p class="found" hidden><input id="search" type="search" placeholder="Search" aria-label="Search"></p>'
)


def _run(report: RunReport, masker: Masker, scene: Scene | None) -> Iterator[str]:
    messages = masker.of_messages()
    visits = visits_of(report.steps)
    mark = mark_of(report.status)
    kind = "good" if report.succeeded else "bad"
    head = f"{mark} {_text(report.workflow_id)} <small>{report.status}</small>"
    yield f'<section class="run"><h1 class="{kind}">{head}</h1>'
    requests = count_of_requests(report.steps)
    counts = f"{len(visits):,} steps, {requests:,} requests, {duration(report.elapsed)}, run {report.run_id}"
    yield f'<p class="counts">{_text(masker.text(" · ".join(_about(report, scene))))}</p>'
    yield f'<p class="counts">{_text(counts)}</p>'
    if report.is_rehearsal:
        yield f"<p><strong>{REHEARSED}.</strong></p>"
    if not report.succeeded:
        yield f'<pre class="ending">{_text(plain(report.ending(masker)))}</pre>'
    yield from _outputs(report, masker)
    yield "<h2>Steps</h2>"
    span = _Span(report)
    yield from (_visit(visit, report, messages, span) for visit in visits)
    yield from _flows(report, scene)
    yield "</section>"


def _about(report: RunReport, scene: Scene | None) -> Iterator[str]:
    """Yield what was run, of which document, and when it began."""
    if scene is not None:
        yield scene.linked.entry.info.title
        yield scene.linked.entry.at.document.name
    began = min((step.started_at for step in report.steps), default=None)
    if began is not None:
        yield moment(began)


def _outputs(report: RunReport, masker: Masker) -> Iterator[str]:
    if not report.outputs:
        return
    yield '<h2>Outputs</h2><div class="scroll"><table>'
    for name, value in masker.value(dict(report.outputs)).items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
        yield f"<tr><th>{_text(name)}</th><td><code>{_text(shown)}</code></td></tr>"
    yield "</table></div>"


class _Span:
    """When a run began, and how long it took, for the places of bars on its timeline."""

    def __init__(self, report: RunReport) -> None:
        self.began = min((step.started_at for step in report.steps), default=0.0)
        ended = max((step.started_at + step.elapsed for step in report.steps), default=0.0)
        self.took = max(ended - self.began, 1e-9)

    def bar(self, step: StepReport) -> str:
        """Return the bar of an attempt."""
        left = 100 * (step.started_at - self.began) / self.took
        width = max(_SHORTEST, 100 * step.elapsed / self.took)
        kind = "good" if step.status is StepStatus.SUCCEEDED else "bad"
        return f'<i class="{kind}" style="left:{min(left, 100 - _SHORTEST):.2f}%;width:{min(width, 100):.2f}%"></i>'


def _visit(visit: Visit, report: RunReport, masker: Masker, span: _Span) -> str:
    step = visit.last
    succeeded = step.status is StepStatus.SUCCEEDED
    is_bad = visit.failed(report)
    mark = marks.PASSED if succeeded else marks.FAILED
    request = "" if step.request is None else masker.text(f"{step.request.method} {step.request.url}")
    status = f"{step.response.status}" if isinstance(step.response, Response) else ""
    found = outputs_in_words(step.outputs, masker) if succeeded else masker.text(reason_of(step))
    bars = "".join(map(span.bar, visit.attempts))
    attempts = f"{len(visit.attempts)} attempts" if len(visit.attempts) > 1 else ""
    told = " · ".join(each for each in (duration(visit.took), attempts, found) if each)
    kind = "good" if succeeded else "bad" if is_bad else "turned"
    details = "".join(_attempt(each, masker) for each in visit.attempts)
    return (
        f'<details class="visit" id="step-{_text(step.workflow_id)}-{_text(step.step_id)}"{" open" if is_bad else ""}'
        f' style="margin-left:{min(step.depth, 12) * 1.5}rem"><summary><b class="{kind}">{mark}</b>'
        f' <span class="name">{_text(step.step_id)}</span> <code>{_text(request)}</code> <b>{status}</b>'
        f' <span class="counts">{_text(told)}</span>'
        f'<span class="bars">{bars}</span></summary>{details}</details>'
    )


def _attempt(step: StepReport, masker: Masker) -> str:
    title = f"attempt {step.attempt}" if step.attempt > 1 else "attempt"
    answer = f"{step.response.status} {phrase(step.response.status)}" if isinstance(step.response, Response) else ""
    criteria = "".join(
        f'<tr><td class="{"good" if each.passed else "bad"}">{marks.PASSED if each.passed else marks.FAILED}</td>'
        f"<td><code>{_text(masker.name(each.condition))}</code></td><td>{_text(masker.text(each.explanation))}</td></tr>"
        for each in step.criteria
    )
    notes = "".join(f"<li>{_text(masker.text(note))}</li>" for note in step.notes)
    findings = "".join(f"<li>{_text(masker.text(f'{each.code}: {each.message}'))}</li>" for each in step.diagnostics)
    exchange = plain(exchange_text(step, masker))
    return (
        f'<div class="attempt"><h3>{title} <small>{_text(answer)} · {duration(step.elapsed)}</small></h3>'
        + (f'<div class="scroll"><table>{criteria}</table></div>' if criteria else "")
        + (f"<ul>{notes}{findings}</ul>" if notes or findings else "")
        + (f"<pre>{_text(exchange)}</pre>" if exchange else "")
        + "</div>"
    )


def _flows(report: RunReport, scene: Scene | None) -> Iterator[str]:
    """Yield the picture of each workflow that ran, with the steps on the way that was taken."""
    if scene is None:
        return
    for workflow_id in dict.fromkeys((report.workflow_id, *(step.workflow_id for step in report.steps))):
        key = WorkflowKey(scene.key.document_uri, workflow_id)
        workflow = scene.linked.workflows.get(key)
        if workflow is None or len(workflow.steps) > _MOST_NODES:
            continue
        last = {step.step_id: step.status for step in report.steps if step.workflow_id == workflow_id}
        drawn = svg_of(flow_of(workflow), f"the flow of {workflow_id}")
        for linked in workflow.steps:
            step_id = linked.step.step_id
            line = linked.step.at.child("stepId").location().line
            shown = f'<a class="{_TAKEN[last.get(step_id)]}" href="#step-{_text(workflow_id)}-{_text(step_id)}">'
            drawn = drawn.replace(f'<a href="#L{line}">', shown)
        yield f'<h2>The way through {_text(workflow_id)}</h2><div class="drawing">{drawn}</div>'


def _text(text: str) -> str:
    return escape(printable(text))
