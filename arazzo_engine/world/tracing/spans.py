"""The spans of one run, made of its events: the run, within it workflows, their steps, and attempts of these.

Decides which span is within which, and when each begins and ends: at the times that the run was told, so that a span
of a rehearsal lasts as long as the rehearsal says. It knows nothing of providers, exporters or samplers.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct, field
from opentelemetry.trace import INVALID_SPAN, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.reporting.events import RunFinished, RunStarted, StepFinished, StepStarted, Stopping, Waiting
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus
from arazzo_engine.world.tracing.attributes import after, before, error_of, name_of

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

    from arazzo_engine.language.messages.exchange import Headers
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.scene import Scene
    from arazzo_engine.world.tracing.attributes import Attributes

_NANOSECONDS: Final = 1_000_000_000
_RETRY: Final = "retry"


class _Kind(IntEnum):
    RUN = 0
    WORKFLOW = 1
    STEP = 2
    ATTEMPT = 3


class _Open(Struct):
    """A span that has begun: of what, how deep, and its name in the document."""

    kind: _Kind
    depth: int
    name: str
    span: Span


class Spans(Struct):
    """The spans that are open, each within the one before it."""

    tracer: Tracer
    scene: Scene | None = None
    masker: Masker = field(default_factory=Masker)
    now: float = 0.0
    _open: list[_Open] = field(default_factory=list)

    def tell(self, event: Event, now: float) -> None:
        """Begin and end what an event says, at this time, in seconds since the epoch."""
        self.now = now
        match event:
            case RunStarted():
                self._begin_run(event)
            case StepStarted():
                self._begin_attempt(event)
            case StepFinished():
                self._end_attempt(event)
            case RunFinished():
                self._end_run(event)
            case Waiting() | Stopping():
                pass
            case _:
                assert_never(event)

    def headers(self) -> Headers:
        """Return the headers that name the innermost span to a server: none when nobody makes spans."""
        carrier: dict[str, str] = {}
        within = set_span_in_context(self._open[-1].span if self._open else INVALID_SPAN)
        TraceContextTextMapPropagator().inject(carrier, within)
        return tuple(carrier.items())

    def close(self) -> None:
        """End what is still open."""
        self._end_until(_Kind.RUN, -1)

    def _begin_run(self, event: RunStarted) -> None:
        self.scene = event.scene
        if event.scene is not None:
            self.masker.learn(event.scene.access.credentials.values())
        run = {"arazzo.run.id": event.run_id, "arazzo.workflow.id": event.workflow_id}
        self._begin(_Open(_Kind.RUN, -1, event.run_id, INVALID_SPAN), f"run {event.workflow_id}", dict(run))
        self._begin_workflow(event.workflow_id, 0)

    def _begin_attempt(self, event: StepStarted) -> None:
        self.masker.learn(event.secrets)
        self._come_to(event)
        linked = None if self.scene is None else self.scene.step(event.workflow_id, event.step_id)
        is_sent = linked is not None and isinstance(linked.target, Operation)
        kind = SpanKind.CLIENT if is_sent else SpanKind.INTERNAL
        attempt = _Open(_Kind.ATTEMPT, event.depth, event.step_id, INVALID_SPAN)
        self._begin(attempt, name_of(linked), before(event, linked), kind)

    def _come_to(self, event: StepStarted) -> None:
        """End what is over when a step begins, and begin its workflow and itself where they have not."""
        depth, names = event.depth, {_Kind.WORKFLOW: event.workflow_id, _Kind.STEP: event.step_id}
        self._end_until(_Kind.ATTEMPT, depth)
        # a step that is come to again is another visit
        if event.attempt == 1:
            self._end_until(_Kind.STEP, depth)
        if self._is_innermost(_Kind.STEP, depth, names[_Kind.STEP]):
            return
        if not self._is_innermost(_Kind.WORKFLOW, depth, names[_Kind.WORKFLOW]) and not self._is_retry_of(event):
            self._end_until(_Kind.WORKFLOW, depth)
            self._begin_workflow(event.workflow_id, depth)
        attributes: Attributes = {"arazzo.workflow.id": event.workflow_id, "arazzo.step.id": event.step_id}
        self._begin(_Open(_Kind.STEP, depth, event.step_id, INVALID_SPAN), f"step {event.step_id}", attributes)

    def _is_retry_of(self, event: StepStarted) -> bool:
        """Whether a step is run before another one of its workflow is retried, and so within that one."""
        top = self._open[-1] if self._open else None
        if top is None or top.kind is not _Kind.STEP or top.depth != event.depth - 1:
            return False
        workflow = next((each.name for each in reversed(self._open) if each.kind is _Kind.WORKFLOW), "")
        return workflow == event.workflow_id

    def _begin_workflow(self, workflow_id: str, depth: int) -> None:
        workflow = _Open(_Kind.WORKFLOW, depth, workflow_id, INVALID_SPAN)
        self._begin(workflow, f"workflow {workflow_id}", {"arazzo.workflow.id": workflow_id})

    def _end_attempt(self, event: StepFinished) -> None:
        report = event.report
        self.masker.learn(report.secrets)
        self._end_until(_Kind.RUN, report.depth + 1)
        # what follows a failed attempt may be decided twice, and the attempt has ended once
        if self._is_innermost(_Kind.ATTEMPT, report.depth, report.step_id):
            self._open[-1].span.set_attributes(after(report, self.masker))
            self._mark(is_error=error_of(report) != "")
            self._end_until(_Kind.ATTEMPT, report.depth)
        is_over = report.action is None or report.action.type != _RETRY
        if is_over and self._is_innermost(_Kind.STEP, report.depth, report.step_id):
            self._open[-1].span.set_attributes(
                {"arazzo.step.status": str(report.status), "arazzo.step.attempts": report.attempt}
            )
            self._mark(is_error=report.status is StepStatus.FAILED)
            self._end_until(_Kind.STEP, report.depth)

    def _end_run(self, event: RunFinished) -> None:
        report = event.report
        self._end_until(_Kind.WORKFLOW, 0)
        if self._open:
            self._open[-1].span.set_attribute("arazzo.run.status", str(report.status))
            self._mark(is_error=report.status is not RunStatus.SUCCEEDED)
        self.close()

    def _mark(self, *, is_error: bool) -> None:
        # the text of an error could quote a secret; what is said of it stands in the report
        if is_error:
            self._open[-1].span.set_status(Status(StatusCode.ERROR))

    def _is_innermost(self, kind: _Kind, depth: int, name: str) -> bool:
        top = self._open[-1] if self._open else None
        return top is not None and (top.kind, top.depth, top.name) == (kind, depth, name)

    def _begin(self, begun: _Open, name: str, attributes: Attributes, kind: SpanKind = SpanKind.INTERNAL) -> None:
        # the first span is within that of the caller, when there is one
        within = set_span_in_context(self._open[-1].span) if self._open else None
        begun.span = self.tracer.start_span(name, within, kind, attributes, start_time=self._time())
        self._open.append(begun)

    def _end_until(self, kind: _Kind, depth: int) -> None:
        """End what is deeper, and what is of this depth and of this kind or within it."""
        while self._open and (self._open[-1].depth, self._open[-1].kind) >= (depth, kind):
            self._open.pop().span.end(self._time())

    def _time(self) -> int:
        return int(self.now * _NANOSECONDS)
