"""The runs as Markdown, for a page of a build: a table of the steps, and how each run ended.

Decides that no text of a document or a server is markup there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.printable import in_line, plain, printable
from arazzo_engine.reporting.ending.causes import reason_of
from arazzo_engine.reporting.ending.ended import mark_of
from arazzo_engine.reporting.ending.outputs import outputs_in_words
from arazzo_engine.reporting.kinds.kind import REHEARSED, AtTheEnd
from arazzo_engine.reporting.kinds.visits import Visit, visits_of
from arazzo_engine.reporting.lines import marks
from arazzo_engine.reporting.lines.durations import duration
from arazzo_engine.reporting.outcomes import StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport

_MARKUP: Final = lazy_pattern(r"([\\`*_{}\[\]<>()#+\-.!|~])")
_TICKS: Final = lazy_pattern("`+")
_LONGEST: Final = 200


class Markdown(AtTheEnd):
    """Writes one page."""

    def close(self, reports: tuple[RunReport, ...]) -> None:
        """Write it."""
        for report in reports:
            self.sink.write("\n".join(markdown_lines(report, self.setting.masker)) + "\n")


def markdown_lines(report: RunReport, masker: Masker) -> Iterator[str]:
    """Yield the lines of a run."""
    for step in report.steps:
        masker.learn_named(step.named_secrets)
    shown = masker.of_messages()
    mark = mark_of(report.status)
    yield f"## {mark} {_text(report.workflow_id)}: {report.status}"
    yield ""
    if report.is_rehearsal:
        yield f"{REHEARSED}."
        yield ""
    yield "| | step | request | status | time | |"
    yield "|---|---|---|---|---:|---|"
    for visit in visits_of(report.steps):
        yield _row(visit, report, shown)
    yield ""
    if report.succeeded:
        yield from _outputs(report, masker)
    else:
        yield from _fenced(printable(plain(report.ending(masker))))


def _row(visit: Visit, report: RunReport, masker: Masker) -> str:
    step = visit.last
    mark = marks.PASSED if step.status is StepStatus.SUCCEEDED else marks.FAILED
    request = "" if step.request is None else masker.text(f"{step.request.method} {step.request.url}")
    status = str(step.response.status) if isinstance(step.response, Response) else ""
    indent = "&emsp;" * step.depth
    attempts = f"{len(visit.attempts)} attempts " if len(visit.attempts) > 1 else ""
    found = outputs_in_words(step.outputs, masker)
    why = found if step.status is StepStatus.SUCCEEDED else masker.text(reason_of(step))
    name = f"**{_text(step.step_id)}**" if visit.failed(report) else _text(step.step_id)
    cells = (mark, f"{indent}{name}", _text(request), status, duration(visit.took), f"{attempts}{_text(why)}")
    return f"| {' | '.join(cells)} |"


def _outputs(report: RunReport, masker: Masker) -> Iterator[str]:
    if report.outputs:
        yield "| output | value |"
        yield "|---|---|"
    for name, value in report.outputs.items():
        told = outputs_in_words({name: value}, masker).removeprefix(f"{in_line(name)} ")
        yield f"| {_text(name)} | {_text(told)} |"
    if report.outputs:
        yield ""


def _fenced(text: str) -> Iterator[str]:
    """Yield a text as it is, in a fence that is longer than any in it."""
    fence = "`" * max(3, 1 + max((len(each) for each in _TICKS.findall(text)), default=0))
    yield from (fence + "text", text, fence, "")


def _text(text: str) -> str:
    """Return a text on one line in which nothing is markup."""
    joined = in_line(" ".join(text.split()))[:_LONGEST]
    return _MARKUP.sub(r"\\\1", joined.replace("&", "&amp;"))
