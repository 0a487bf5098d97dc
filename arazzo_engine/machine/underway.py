"""An attempt of a step from its start until it is told: what is known of it by now.

Whatever ends a run meanwhile, the report of the attempt stands here as far as it goes: that it was started, its request
from the moment it may leave, the answer from the moment it is there. What becomes of it then is decided by ``endings``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedStep, WorkflowKey
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.reporting.step_report import StepReport


class Underway(SilentState):
    """An attempt that was started and is not told yet; its ``report`` grows until the attempt ``is_judged``.

    ``sent_at`` is when its first request was sent: the time before that is the engine's own, and none of the step's.
    """

    key: WorkflowKey
    linked: LinkedStep
    report: StepReport
    is_judged: bool = False
    sent_at: float | None = None

    def begin(self, now: float) -> None:
        """Keep when the attempt began."""
        self.report = replace(self.report, started_at=now)

    def ask(self, request: Request) -> None:
        """Keep the request that is about to leave; what was answered before is no answer to it."""
        self.report = replace(self.report, request=request, response=None)

    def hear(self, answer: Answer) -> None:
        """Keep the answer, or that there is none."""
        self.report = replace(self.report, response=answer.result)
        if self.sent_at is None:
            self.sent_at = answer.started_at

    def judge(self, report: StepReport) -> None:
        """Keep the whole report: only what follows from it is still to be decided."""
        self.report = report
        self.is_judged = True
