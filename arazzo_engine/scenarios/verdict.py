"""What became of scenarios: which did as was expected, what the others did, and what all of them showed.

Values, and their text. How they are written for programs is decided by ``forms``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.printable import bold, plain, printable
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.scenarios.comparing import Difference
    from arazzo_engine.simulation.paths.coverage import Coverage

# of what was not shown, so many are lines of the text
_MOST: Final = 20


class Verdict(Struct, frozen=True):
    """One scenario: its file and name, how it differed, or why it could not be rehearsed; ``elapsed`` is in seconds."""

    file: str
    name: str
    differences: tuple[Difference, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    report: RunReport | None = None
    elapsed: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the run did what was expected."""
        return not self.differences and not self.refused

    @property
    def masker(self) -> Masker:
        """What hides the secrets of its run."""
        masker = Masker()
        if self.report is not None:
            masker.learn(self.report.secrets)
            masker.learn(secret for step in self.report.steps for secret in step.secrets)
        return masker

    def reasons(self) -> str:
        """Return why it did not pass, masked: its differences, and where the run failed if that was not expected."""
        texts = [each.text() for each in self.differences]
        if self.refused:
            texts.append(plain(render_diagnostics(self.refused)))
        masker = self.masker.of_messages()
        return printable(masker.text("\n".join(texts)))


class Verdicts(Struct, frozen=True):
    """All scenarios, and what they showed of each document's workflows."""

    all: tuple[Verdict, ...]
    coverage: tuple[tuple[str, Coverage], ...] = field(default=())

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The scenarios that did not pass."""
        return tuple(each for each in self.all if not each.passed)

    @property
    def share(self) -> float:
        """How much of all steps, actions and criteria was shown, in percent; of nothing at all, none."""
        shares = [share for _, each in self.coverage for share in (each.steps, each.actions, each.criteria)]
        total = sum(each.total for each in shares)
        return 100 * sum(each.shown for each in shares) / total if total else 0.0

    def summary(self) -> str:
        """Return how many passed, in one line."""
        count, bad = len(self.all), len(self.failed)
        told = f"{count} scenario{'' if count == 1 else 's'}: {count - bad} passed"
        return f"{told}, {bad} failed" if bad else told


def text_of(verdicts: Verdicts) -> Iterator[str]:
    """Yield the lines for each scenario, the reasons of those that failed below them."""
    for each in verdicts.all:
        mark = bold("ok    ", "green") if each.passed else bold("FAILED", "red")
        yield f"{mark} {printable(f'{each.name}  ({each.file})')}"
        if not each.passed:
            yield "\n".join(f"         {line}" for line in each.reasons().splitlines())


def coverage_text(verdicts: Verdicts) -> Iterator[str]:
    """Yield what the scenarios showed of each workflow, and what they did not."""
    for document, each in verdicts.coverage:
        yield ""
        yield printable(f"{document}: {each.workflow_id}")
        for name, share in (("steps", each.steps), ("actions", each.actions), ("criteria", each.criteria)):
            yield f"  {name:<9} {share}"
        for missed in each.missed[:_MOST]:
            yield printable(f"  not shown: {missed.location}  {missed.what}")
        if len(each.missed) > _MOST:
            yield f"  and {len(each.missed) - _MOST} more"
