"""What a person sees while a run goes on: a line for each step and, on a terminal, what is being done now.

It only tells: nothing that a run does depends on it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

import click
from msgspec import Struct, field

from arazzo_engine.cli.terminal.screen import fit
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.printable import one_line, printable
from arazzo_engine.reporting.events import Event, RunStarted, StepFinished, StepStarted, Waiting
from arazzo_engine.reporting.outcomes import StepStatus

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status

    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.step_report import StepReport

_WIDTH = 100
# of a URL, which still says which request it was
_SHORTEST_END = 8


class Progress(Struct):
    """An observer that writes to stderr; the spinner is there only when stderr is a terminal.

    ``names_workflows`` is for several runs, of which each is told with its workflow; ``is_still`` for a terminal that
    others write to as well, whose lines a spinner would spoil.
    """

    masker: Masker
    names_workflows: bool = False
    is_still: bool = False
    current: StepStarted | None = None
    _status: Status | None = None
    _told: set[tuple[float, str, int]] = field(default_factory=set)

    def __enter__(self) -> Self:
        if sys.stderr.isatty() and not self.is_still:
            from rich.console import Console

            status = Console(stderr=True).status("starting")
            status.start()
            self._status = status
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        match event:
            case RunStarted() if self.names_workflows:
                self._write(f"workflow {printable(event.workflow_id)}")
            case StepStarted():
                self.current = event
                self._show(f"{event.step_id} …")
            case Waiting():
                self._show(f"{event.step_id}: waiting {event.seconds:g} s before the next attempt")
            case StepFinished():
                self.current = None
                self._tell(event.report)
            case _:
                pass

    def _show(self, text: str) -> None:
        if self._status is not None:
            self._status.update(one_line(self.masker.text(text), _WIDTH))

    def _tell(self, report: StepReport) -> None:
        key = (report.started_at, report.step_id, report.attempt)
        if key not in self._told:
            self._told.add(key)
            self._write(_line(report, self._url(report)))
            # those of a step that failed are told at the end, with the failure
            for note in report.notes if report.status is StepStatus.SUCCEEDED else ():
                self._write(f"       note: {printable(note)}")

    def _url(self, report: StepReport) -> str:
        """Return the URL of a step's request, on a terminal shorter when that keeps an answer's line within it."""
        url = "" if report.request is None else self.masker.text(report.request.url)
        if self._status is None or not isinstance(report.response, Response):
            return url
        # what stands for stderr while there is a spinner need not know the terminal; the console does
        over = len(click.unstyle(_line(report, url))) - self._status.console.width
        return _shortened(url, over) if over > 0 else url

    def _write(self, line: str) -> None:
        """Write a line above the spinner, if there is one."""
        text = self.masker.text(line)
        if self._status is None:
            click.echo(text, err=True)
            return
        from rich.text import Text

        text = fit(text, self._status.console.width)
        self._status.console.print(Text.from_ansi(text), soft_wrap=True)


def _shortened(url: str, over: int) -> str:
    """Return a URL without ``over`` characters of its path, but with its host and its end."""
    host = url[: url.find("/", url.find("//") + 2) + 1]
    end = max(len(url) - len(host) - over - 1, _SHORTEST_END)
    return url if len(host) + 1 + end >= len(url) else f"{host}…{url[-end:]}"


def _line(report: StepReport, url: str) -> str:
    succeeded = report.status is StepStatus.SUCCEEDED
    mark = click.style("ok    ", fg="green") if succeeded else click.style("FAILED", fg="red", bold=True)
    again = f" (attempt {report.attempt})" if report.attempt > 1 else ""
    what = "" if report.request is None else f"  {report.request.method} {url}"
    came = ""
    if isinstance(report.response, Response):
        came = f"  {report.response.status}"
    elif report.response is not None:
        came = f"  {report.response.reason}"
    name = f"{'  ' * report.depth}{report.step_id}{again}"
    return f"{mark} {one_line(name, _WIDTH) if not report.depth else name}{what}{came}  {report.elapsed * 1000:.0f} ms"
