"""Making spans of a run: what it tells is looked at on the way, and what names a span to a server is filled in.

Decides what becomes of a bug of whoever takes the spans: the run goes on without them, and its report says so. As with
contracts, what stands between a run and its driver is one more run, so that a live, a rehearsed, a kept and a batch's
run are traced by the same lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from opentelemetry.trace import get_tracer

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.machine.effects import Emit, Sign, TraceContext
from arazzo_engine.machine.endings import place_of
from arazzo_engine.world.tracing.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.machine.effects import Effect, Interaction, Reply
    from arazzo_engine.reporting.run_report import RunReport

_SCOPE = "arazzo_engine"
_T = TypeVar("_T")


def trace_run(run: Interaction[RunReport]) -> Interaction[RunReport]:
    """Pass on what a run asks and is answered, and make spans of what it tells."""
    traced = _Traced(Spans(get_tracer(_SCOPE)))
    try:
        effect = next(run)
        while True:
            try:
                reply = yield traced.before(effect)
                traced.after(effect, reply)
            except BaseException as cut:  # noqa: BLE001 - what a driver throws is for the run
                effect = run.throw(cut)
            else:
                effect = run.send(reply)
    except StopIteration as finished:
        return traced.tell_in(finished.value)
    finally:
        traced.close()


class _Traced(Struct):
    """The spans of a run, until what takes them raises something."""

    spans: Spans
    bug: Exception | None = None

    def before(self, effect: Effect) -> Effect:
        """Return what is asked, with the span that it names."""
        if isinstance(effect, Sign) and isinstance(effect.signature, TraceContext):
            return replace(effect, signature=TraceContext(self._quietly(self.spans.headers, ())))
        return effect

    def after(self, effect: Effect, reply: Reply) -> None:
        """Tell what happened, and when."""
        if isinstance(effect, Emit) and isinstance(reply, float):
            event, now = effect.event, reply
            self._quietly(lambda: self.spans.tell(event, now), None)

    def tell_in(self, report: RunReport) -> RunReport:
        """Return the report, with the bug of whoever takes the spans."""
        self.close()
        if self.bug is None:
            return report
        message = f"what takes the spans of the run raised {place_of(self.bug)}"
        finding = diagnose("observer-bug", message, fix="correct the tracer provider; the run went on without spans")
        return replace(report, diagnostics=(*report.diagnostics, finding))

    def close(self) -> None:
        """End what is still open."""
        self._quietly(self.spans.close, None)

    def _quietly(self, tell: Callable[[], _T], otherwise: _T) -> _T:
        if self.bug is None:
            try:
                return tell()
            except Exception as bug:  # noqa: BLE001 - spans never stop a run that has sent a request
                self.bug = bug
        return otherwise
