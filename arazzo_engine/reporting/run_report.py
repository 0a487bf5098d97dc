"""What a run says about itself: its report, as values, as JSON and as the text of its ending.

Failed steps are data here; only who asks for it with ``raise_for_failure`` gets an exception. Every form masks the
secrets that the report knows. Nothing here prints, and which exit code a status is, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, ValidationError, convert

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, did_you_mean
from arazzo_engine.documents.values import JsonValue
from arazzo_engine.printable import plain
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus
from arazzo_engine.reporting.report_json import (
    RunForm,
    diagnostic_form,
    diagnostic_of,
    milliseconds,
    step_of,
    steps_as_json,
    written,
)
from arazzo_engine.reporting.step_report import StepReport
from arazzo_engine.secret_names import hide_in_urls
from arazzo_engine.typed import Reticent


class RunReport(Reticent, frozen=True):
    """A whole run: how it ended, what it gave, each attempt of each step in order, and what is to be said.

    ``elapsed`` is in seconds, waits included. ``warnings`` are what was found before the run. ``secrets`` are values
    that must never be shown, besides those of the steps. Of a rehearsal, nothing was sent, and answers were made up.
    """

    status: RunStatus
    workflow_id: str
    run_id: str
    outputs: Mapping[str, JsonValue]
    steps: tuple[StepReport, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    elapsed: float = 0.0
    warnings: tuple[Diagnostic, ...] = ()
    secrets: tuple[str, ...] = ()
    is_rehearsal: bool = False

    def _shown(self) -> str:
        count = len(self.steps)
        return f"{self.workflow_id}: {self.status}, {count} step{'' if count == 1 else 's'}, run {self.run_id}"

    @property
    def succeeded(self) -> bool:
        """Whether the workflow ran and succeeded."""
        return self.status is RunStatus.SUCCEEDED

    @property
    def is_unsettled(self) -> bool:
        """Whether nobody knows if one of the requests was acted upon, however the run ended."""
        return any(each.code == "request-in-doubt" for each in self.diagnostics)

    @property
    def failed_steps(self) -> tuple[str, ...]:
        """The ids of the steps whose last attempt failed, also when a failure action made up for it."""
        last = {(each.workflow_id, each.step_id): each.status for each in self.steps}
        failed = (step_id for (_, step_id), status in last.items() if status is StepStatus.FAILED)
        return tuple(dict.fromkeys(failed))

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """All that is to be said: before the run, of the run, and of each step."""
        return (*self.warnings, *self.diagnostics, *(each for step in self.steps for each in step.diagnostics))

    def step(self, step_id: str, workflow_id: str | None = None) -> StepReport:
        """Return the last attempt of a step, of any workflow unless one is named; raises ``KeyError``."""
        ran = [each for each in self.steps if workflow_id in {None, each.workflow_id}]
        found = next((each for each in reversed(ran) if each.step_id == step_id), None)
        if found is None:
            raise KeyError(_not_run(step_id, workflow_id, ran))
        return found

    def raise_for_failure(self) -> None:
        """Raise ``RunFailed`` unless the run succeeded."""
        if not self.succeeded:
            raise RunFailed(self)

    def masker(self) -> Masker:
        """Return what masks the secrets of this report."""
        masker = Masker()
        masker.learn((*self.secrets, *(secret for step in self.steps for secret in step.secrets)))
        return masker

    def to_json(self, masker: Masker | None = None) -> dict[str, Any]:
        """Return the report as ``--format json`` prints it, every secret masked; ``masker`` may know more of them.

        ``arazzo schema report`` prints its JSON Schema.
        """
        masker = masker or self.masker()
        steps = steps_as_json(self.steps, masker)
        form = RunForm(
            status=self.status,
            workflow_id=self.workflow_id or None,
            run_id=self.run_id or None,
            outputs=dict(self.outputs),
            failed_steps=list(self.failed_steps),
            steps=[],
            diagnostics=list(map(diagnostic_form, self.findings)),
            elapsed_ms=milliseconds(self.elapsed),
            rehearsed=self.is_rehearsal or UNSET,
        )
        return {**written(form, masker), "steps": steps}

    @classmethod
    def from_json(cls, value: JsonValue) -> RunReport:
        """Return the report that ``to_json`` was made of, as far as that says: ``to_json`` gives the same again.

        What is not in it is lost: the rest of long bodies, and what was masked. Raises ``ValueError`` for what is no
        such value.
        """
        try:
            form = convert(value, RunForm)
            steps = tuple(map(step_of, form.steps))
        except (ValidationError, ValueError, OverflowError, TypeError, RecursionError) as error:
            raise ValueError(f"this is no report, whose shape `arazzo schema report` prints: {error}") from error
        # the last diagnostics are those of the steps
        own = form.diagnostics[: len(form.diagnostics) - sum(len(step.diagnostics) for step in steps)]
        found = tuple(map(diagnostic_of, own))
        return cls(
            form.status,
            form.workflow_id or "",
            form.run_id or "",
            form.outputs,
            steps,
            found,
            form.elapsed_ms / 1000,
            is_rehearsal=form.rehearsed is True,
        )

    def ending(self, masker: Masker | None = None, *, again: str = "", hint: str = "", resumes: str = "") -> str:
        """Return how the run ended, for a terminal.

        ``again`` is the command that runs it, ``hint`` what is to be known of it, ``resumes`` how a run in doubt could
        have gone on.
        """
        from arazzo_engine.reporting.ending.ended import Ended, render_ending  # noqa: PLC0415 - only for a report

        ended = Ended(
            self.status,
            self.workflow_id,
            self.steps,
            self.diagnostics,
            self.elapsed,
            despite=self.failed_steps if self.succeeded else (),
            is_unsettled=self.is_unsettled,
            outputs=self.outputs,
            again=again,
            hint=hint,
            resumes=resumes,
        )
        return hide_in_urls(render_ending(ended, masker or self.masker()))


class RunFailed(ArazzoError):  # noqa: N818 - it says what is so, as the status does
    """A run did not succeed. ``report`` says everything; ``str`` is what the command line prints of its ending."""

    def __init__(self, report: RunReport) -> None:
        super().__init__(*report.findings)
        self.args = (report,)
        self.report = report

    def __str__(self) -> str:
        return plain(self.report.ending())


def _not_run(step_id: str, workflow_id: str | None, ran: list[StepReport]) -> str:
    where = "" if workflow_id is None else f" of workflow `{workflow_id}`"
    hint = did_you_mean(step_id, [each.step_id for each in ran])
    return f"no step `{step_id}`{where} was run{'; ' if hint else ''}{hint}"
