"""Holding a run to the contracts of its operations: what it asks and what it is answered is looked at on the way.

Decides whether the run goes on when a contract is broken. The run knows nothing of it, and neither does the driver that
answers it, in a thread or an event loop: what stands between them is one more run, which asks the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import Emit, NotSent, Send
from arazzo_engine.machine.endings import carrying, report_of
from arazzo_engine.reporting.events import StepFinished

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.machine.effects import Effect, Interaction, Reply
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.contracts.checking import Contract


class Held(Struct):
    """What was found of the contracts.

    When it ``stops``, a request that breaks its contract is not sent, and an answer that does is the last one.
    """

    contract: Contract
    stops: bool = False
    _findings: list[Diagnostic] = field(default_factory=list)

    def tell_in(self, report: RunReport) -> RunReport:
        """Return a report with what was found since the last one."""
        found = tuple(self._findings)
        self._findings.clear()
        return replace(report, diagnostics=(*report.diagnostics, *found))

    def before(self, effect: Effect) -> None:
        """Look at what is asked; raises ``NotSent`` for a request that breaks its contract."""
        # a request for a token belongs to no operation
        if isinstance(effect, Send) and effect.operation is not None:
            self._keep(self.contract.check_request(effect.operation, effect.request))
            self._stop(NotSent)

    def after(self, effect: Effect, reply: Reply) -> None:
        """Look at what was answered; raises ``ArazzoError`` when the step of a broken answer has been told."""
        if isinstance(effect, Send) and effect.operation is not None:
            response = reply.result if isinstance(reply, Answer) else None
            if isinstance(response, Response):
                self._keep(self.contract.check_response(effect.operation, effect.request, response))
        if isinstance(effect, Emit) and isinstance(effect.event, StepFinished):
            self._stop(ArazzoError)

    def _keep(self, found: Iterable[Diagnostic]) -> None:
        self._findings.extend(each for each in found if each not in self._findings)

    def _stop(self, kind: type[ArazzoError]) -> None:
        broken = [each for each in self._findings if each.code != "contract-unchecked"]
        if broken and self.stops:
            self._findings = [each for each in self._findings if each not in broken]
            raise kind(*(each.as_error() for each in broken))


def hold(run: Interaction[RunReport], held: Held) -> Interaction[RunReport]:
    """Pass on what a run asks and is answered, look at both, and tell in its report what was found."""
    try:
        effect = next(run)
        while True:
            try:
                held.before(effect)
                reply = yield effect
                held.after(effect, reply)
            except BaseException as cut:  # noqa: BLE001 - what a driver throws is for the run
                effect = run.throw(cut)
            else:
                effect = run.send(reply)
    except StopIteration as finished:
        return held.tell_in(finished.value)
    except BaseException as cut:
        report = report_of(cut)
        if report is not None:
            carrying(cut, held.tell_in(report))
        raise
