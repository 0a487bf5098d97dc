"""What became of a row of a batch, as one line of JSON, and read back from it.

Decides what is said of a row: how it ended, what it gave, and why it failed. Every secret that the run or the batch
knows is masked.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import Diagnostic
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.printable import plain
from arazzo_engine.reporting.ending.causes import failed_steps
from arazzo_engine.reporting.ending.criteria import in_words
from arazzo_engine.reporting.ending.evidence import evidence
from arazzo_engine.reporting.messages.json_forms import Form
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.reporting.report_json import DiagnosticForm, diagnostic_form, milliseconds, written
from arazzo_engine.reporting.run_report import RunReport
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.step_report import StepReport


# a number beyond is none that was written here
MOST_ROWS: Final = 1_000_000_000


class RowStatus(StrEnum):
    """How a row ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    IN_DOUBT = "in-doubt"


class Outcome(Silent, frozen=True):
    """What became of a row: the report of its run, or why it was not run. ``tag`` stands for what the row held."""

    number: int
    line: int
    tag: str
    run_id: str
    status: RowStatus
    report: RunReport | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


class OutcomeForm(Form, frozen=True, kw_only=True):
    """The JSON object of an outcome."""

    row: int
    line: int
    tag: str | UnsetType = UNSET
    run_id: str
    status: RowStatus
    outputs: dict[str, Any] = field(default_factory=dict)
    failed_steps: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    evidence: list[str] | UnsetType = UNSET
    diagnostics: list[DiagnosticForm] = field(default_factory=list)
    elapsed_ms: float | UnsetType = UNSET


class Done(msgspec.Struct, frozen=True):
    """What a line says of a row that is done: all that is needed to know which rows are."""

    row: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)]
    tag: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}$")]
    status: RowStatus


class _Found(msgspec.Struct, frozen=True):
    message: str


class Told(msgspec.Struct, frozen=True):
    """What a line says of a row that did not succeed, in words."""

    reasons: tuple[str, ...] = ()
    diagnostics: tuple[_Found, ...] = ()

    @property
    def first(self) -> str:
        """The first reason, empty when there is none."""
        return next(iter((*self.reasons, *(each.message for each in self.diagnostics))), "")


_DONE: Final = msgspec.json.Decoder(Done)
_TOLD: Final = msgspec.json.Decoder(Told)
_ENCODER: Final = msgspec.json.Encoder()


def status_of(report: RunReport) -> RowStatus:
    """Return how the row of a run ended: whatever else, that a request is in doubt comes first."""
    if report.is_unsettled:
        return RowStatus.IN_DOUBT
    # somebody may have paused the run of a row
    return RowStatus.STOPPED if report.status is RunStatus.PAUSED else RowStatus(report.status)


def outcome_line(outcome: Outcome, masker: Masker) -> bytes:
    """Return the outcome as a line of JSON; ``masker`` knows the secrets of the batch."""
    report = outcome.report
    form = OutcomeForm(
        row=outcome.number,
        line=outcome.line,
        tag=outcome.tag or UNSET,
        run_id=outcome.run_id,
        status=outcome.status,
        diagnostics=list(map(diagnostic_form, outcome.diagnostics)),
    )
    if report is not None:
        steps = (secret for step in report.steps for secret in step.secrets)
        masker = masker.also((*report.secrets, *steps))
        form = _with_report(form, report)
        if not report.succeeded:
            masker = masker.copy()
            form = _with_reasons(form, report, masker)
    return _ENCODER.encode(written(form, masker)) + b"\n"


def _with_report(form: OutcomeForm, report: RunReport) -> OutcomeForm:
    # what was found before the runs is told once, for all of them
    found = (*report.diagnostics, *(each for step in report.steps for each in step.diagnostics))
    return replace(
        form,
        outputs=dict(report.outputs),
        failed_steps=list(report.failed_steps),
        diagnostics=[*form.diagnostics, *map(diagnostic_form, found)],
        elapsed_ms=milliseconds(report.elapsed),
    )


def _with_reasons(form: OutcomeForm, report: RunReport, masker: Masker) -> OutcomeForm:
    """Say why a run failed; ``masker`` learns what its messages say is secret."""
    failed = failed_steps(report.status, report.steps)
    for step in failed:
        masker.learn_named(step.named_secrets)
    of_messages = masker.of_messages()
    shown = (plain(line) for step in failed[:1] for line in evidence(step, report.steps, of_messages))
    return replace(form, reasons=list(_reasons(failed)), evidence=list(shown))


def read_done(line: bytes) -> Done | None:
    """Return what a line says of a row that is done, ``None`` when it is no outcome."""
    try:
        return _DONE.decode(line)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def reason_in(line: bytes) -> str:
    """Return the first reason that a line gives, masked as the line is."""
    return _TOLD.decode(line).first


def told_in(outcome: Mapping[str, Any]) -> Told:
    """Return what an outcome that was read says in words."""
    return msgspec.convert(outcome, Told)


def _reasons(failed: Sequence[StepReport]) -> Iterator[str]:
    """Yield why a run failed, a line for each thing that went wrong in the steps that made it fail."""
    for step in failed:
        yield from (f"{step.step_id}: {each}" for each in _reasons_of(step))


def _reasons_of(step: StepReport) -> Iterator[str]:
    if isinstance(step.response, NoResponse):
        yield step.response.reason
    yield from (in_words(each) for each in step.criteria if not each.passed)
    yield from (each.message for each in step.diagnostics)
    yield from step.notes
