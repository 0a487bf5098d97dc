"""Making the runs of a command one after the other, and telling each event as it comes.

Decides what becomes of a run that something ended: an interruption ends the command, a bug is told at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.cli.terminal.progress import Look, Progress, Unseen
from arazzo_engine.machine.endings import report_of
from arazzo_engine.reporting.events import StepFinished, StepStarted

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.cli.result import Output
    from arazzo_engine.machine.interpreter import Call
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.running import Runs


def run_all(runs: Runs, output: Output) -> tuple[RunReport, ...]:
    """Make the runs, those that follow a failed one too, but none after an interruption."""
    reports: list[RunReport] = []
    for call in runs.calls:
        reports.append(_run(runs, call, output))
        if isinstance(output.cut, KeyboardInterrupt):
            break
    return tuple(reports)


def _run(runs: Runs, call: Call, output: Output) -> RunReport:
    try:
        return runs.run(call)
    except (Exception, KeyboardInterrupt) as cut:
        report = report_of(cut)
        if report is None:
            raise
        output.cut = cut
        return report


def progress_of(output: Output, *, said: tuple[str, ...] = (), run_id: str = "") -> Progress | Unseen:
    """Return what shows the runs of a command."""
    if output.telling.is_quiet:
        return Unseen()
    look = Look(output.every, output.streams_to_screen, run_id, said, output.exchanges.text())
    return Progress(output.masker, look)


def observer(output: Output, tell: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return the observer of the runs; the secrets of a step are learned before anything is told of it."""

    def observe(event: Event) -> None:
        if isinstance(event, StepStarted):
            output.masker.learn(event.secrets)
        if isinstance(event, StepFinished):
            output.masker.learn(event.report.secrets)
        output.exchanges.learn(event)
        output.reports.take(event)
        if output.format_ == "jsonl":
            output.event(event)
        tell(event)

    return observe
