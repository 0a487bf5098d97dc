"""Holding a run to the contracts of its operations: what it asks and what it is answered is looked at on the way.

Decides whether the run goes on when a contract is broken. The run knows nothing of it, and neither does the driver that
answers it, in a thread or an event loop: what stands between them is one more run, which asks the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import Emit, NotSent, Send
from arazzo_engine.machine.endings import carrying, place_of, report_of
from arazzo_engine.reporting.events import StepFinished
from arazzo_engine.world.contracts.checking import Contract
from arazzo_engine.world.contracts.matching import is_of_the_same
from arazzo_engine.world.contracts.telling import Contracts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Effect, Interaction, Reply
    from arazzo_engine.reporting.run_report import RunReport

# schemas are compiled once for each
_KNOWN_PROGRAMS: Final = 16


@lru_cache(_KNOWN_PROGRAMS)
def contract_of(linked: LinkedDescription) -> Contract:
    """Return the contracts of everything that a program can reach, the same for each of its runs."""
    return Contract(Contracts(linked.resolver))


class Held(Struct):
    """What was found of the contracts.

    When it ``stops``, a request that breaks its contract is not sent, and an answer that does is the last one.
    """

    contract: Contract
    stops: bool = False
    _bug: Exception | None = None
    _findings: list[Diagnostic] = field(default_factory=list)
    _answers: list[tuple[Operation, Request, Response]] = field(default_factory=list)

    def end(self, report: RunReport) -> RunReport:
        """Return the report of a run with what was found; raises a bug of the check, with the report on it."""
        bug, self._bug = self._bug, None
        report = self.tell_in(report)
        if bug is not None:
            raise carrying(bug, report)
        return report

    def tell_in(self, report: RunReport) -> RunReport:
        """Return a report with what was found since the last one."""
        return replace(report, diagnostics=(*report.diagnostics, *self.take_findings()))

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """What was found since it was taken."""
        return tuple(self._findings)

    def take_findings(self) -> tuple[Diagnostic, ...]:
        """Return what was found since it was asked last."""
        found = tuple(self._findings)
        self._findings.clear()
        return found

    def before(self, effect: Effect) -> None:
        """Look at what is asked; raises ``NotSent`` for a request that breaks its contract."""
        # a request for a token belongs to no operation
        if isinstance(effect, Send) and effect.operation is not None:
            try:
                self._keep(self.contract.check_request(effect, effect.operation))
            except Exception as bug:
                # nothing has left, so it is no request in doubt; the bug itself is raised with the report
                self._bug = bug
                message = f"a bug in the engine ended the run: {place_of(bug)}"
                raise NotSent(diagnose("engine-bug", message, fix="report it with what is on stderr")) from bug
            self._stop(NotSent)

    def after(self, effect: Effect, reply: Reply) -> None:
        """Keep what was answered until the run has it, and it can be looked at."""
        if isinstance(effect, Send) and effect.operation is not None:
            answer = reply if isinstance(reply, Answer) else None
            if answer is None or not isinstance(answer.result, Response):
                return
            if is_of_the_same(effect.request, answer.followed):
                self._answers.append((effect.operation, effect.request, answer.result))
            else:
                self._keep([self.contract.answered_elsewhere(effect.operation)])

    def look(self) -> None:
        """Look at the answers that the run has."""
        while self._answers:
            self._keep(self.contract.check_response(*self._answers.pop(0)))

    def stop_after(self, effect: Effect) -> None:
        """Raise ``ArazzoError`` when the step of a broken answer has been told."""
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
                # a run that waits for an answer must not hear of a bug of this instead
                if not isinstance(effect, Send):
                    held.look()
                held.stop_after(effect)
            except BaseException as cut:  # noqa: BLE001 - what a driver throws is for the run
                effect = run.throw(cut)
            else:
                effect = run.send(reply)
    except StopIteration as finished:
        return held.end(finished.value)
    except BaseException as cut:
        report = report_of(cut)
        if report is not None:
            carrying(cut, held.tell_in(report))
        raise
