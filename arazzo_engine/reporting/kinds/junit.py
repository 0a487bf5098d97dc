"""The runs in the XML that test reports have since JUnit: a suite for each workflow, a case for each visit of a step.

Decides that a case fails when the run fails with its step, and that a run which was stopped is an error. `junitparser`
writes the XML.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import junitparser
from msgspec import Struct, field

from arazzo_engine.printable import plain
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.ending.causes import reason_of
from arazzo_engine.reporting.ending.evidence import evidence
from arazzo_engine.reporting.events import Event, RunStarted
from arazzo_engine.reporting.findings.junit import without_control_characters
from arazzo_engine.reporting.kinds.kind import REHEARSED, AtTheEnd, Sink
from arazzo_engine.reporting.kinds.visits import Visit, visits_of
from arazzo_engine.reporting.outcomes import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.scene import Scene
    from arazzo_engine.reporting.step_report import StepReport

# how a run ends that ends by one of its steps
_BY_A_STEP: Final = frozenset({RunStatus.FAILED, RunStatus.IN_DOUBT})


class _Decoded(Struct, frozen=True):
    """Where the library writes bytes, and a report has texts."""

    sink: Sink

    def write(self, content: bytes) -> None:
        """Write bytes."""
        self.sink.write(content.decode())


class JUnit(AtTheEnd):
    """Writes one document; the ``scenes`` of the runs say which steps there are that no run came to."""

    scenes: dict[str, Scene] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Remember what a run is set in."""
        if isinstance(event, RunStarted) and event.scene is not None:
            self.scenes[event.run_id] = event.scene

    def close(self, reports: tuple[RunReport, ...]) -> None:
        """Write it."""
        rehearses = any(report.is_rehearsal for report in reports)
        written = junitparser.JUnitXml("arazzo rehearse" if rehearses else "arazzo run")
        for report in reports:
            for suite in self._suites(report):
                written.add_testsuite(suite)
        written.update_statistics()  # type: ignore[no-untyped-call]  # the library has types for the rest
        written.write(_Decoded(self.sink), pretty=True)  # type: ignore[arg-type]  # it only writes

    def _suites(self, report: RunReport) -> Iterator[junitparser.TestSuite]:
        masker = self.setting.masker
        for step in report.steps:
            masker.learn_named(step.named_secrets)
        masker = masker.of_messages()
        by_workflow: dict[str, list[Visit]] = {report.workflow_id: []}
        for visit in visits_of(report.steps):
            by_workflow.setdefault(visit.last.workflow_id, []).append(visit)
        for workflow_id, visits in by_workflow.items():
            suite = junitparser.TestSuite(_clean(workflow_id))
            suite.add_property("run", _clean(report.run_id))
            suite.add_property("status", str(report.status))
            if report.is_rehearsal:
                suite.add_property("rehearsed", REHEARSED)
            suite.timestamp = _when(report)
            for visit in visits:
                suite.add_testcase(_case(visit, report, masker))
            suite.add_testcases([*_not_come_to(workflow_id, visits, self.scenes.get(report.run_id))])
            if workflow_id == report.workflow_id and (case := _run_case(report, suite, masker)) is not None:
                suite.add_testcase(case)
            yield suite


def _case(visit: Visit, report: RunReport, masker: Masker) -> junitparser.TestCase:
    step = visit.last
    case = junitparser.TestCase(_clean(step.step_id), _clean(step.workflow_id), round(visit.took, 3))
    text = _clean("\n".join(_evidence(visit, report, masker)))
    if visit.is_unsent:
        case.result = [junitparser.Skipped("the run ended before it")]
    elif visit.failed(report):
        found = _found(step, report)
        kind = junitparser.Error if found else junitparser.Failure
        told = kind(_clean(masker.text(reason_of(step))), found[0].code if found else "criterion")
        told.text = text
        case.result = [told]
    else:
        case.system_out = text
    return case


def _when(report: RunReport) -> str:
    began = min((step.started_at for step in report.steps), default=0.0)
    return datetime.fromtimestamp(began, UTC).isoformat(timespec="milliseconds")


def _not_come_to(workflow_id: str, visits: list[Visit], scene: Scene | None) -> Iterator[junitparser.TestCase]:
    """Yield the steps of a workflow that the run did not come to, so that there are as many cases each time."""
    seen = {visit.last.step_id for visit in visits}
    steps = () if scene is None else scene.steps_of(workflow_id)
    for step_id in (each for each in steps if each not in seen):
        case = junitparser.TestCase(_clean(step_id), _clean(workflow_id), 0)
        case.result = [junitparser.Skipped("the run did not come to it")]
        yield case


def _found(step: StepReport, report: RunReport) -> tuple[Diagnostic, ...]:
    """Return the findings of a step that failed; a run in doubt is in doubt by the step that it ended with."""
    return step.diagnostics or (report.diagnostics if report.status is RunStatus.IN_DOUBT else ())


def _evidence(visit: Visit, report: RunReport, masker: Masker) -> Iterator[str]:
    step = visit.last
    if len(visit.attempts) > 1:
        yield f"{len(visit.attempts)} attempts"
    yield from evidence(step, report.steps, masker)
    found = _found(step, report) if visit.failed(report) else step.diagnostics
    if found:
        yield render_diagnostics(found, masker)


def _run_case(report: RunReport, suite: junitparser.TestSuite, masker: Masker) -> junitparser.TestCase | None:
    """Return a case for a run that ended otherwise than by a step: it was stopped, or nothing of it ran."""
    is_told = any(not case.is_passed and not case.is_skipped for case in suite)
    if report.status is RunStatus.SUCCEEDED or (is_told and report.status in _BY_A_STEP):
        return None
    case = junitparser.TestCase(f"the run is {report.status}", _clean(report.workflow_id), round(report.elapsed, 3))
    first = report.diagnostics[0] if report.diagnostics else None
    error = junitparser.Error(
        _clean(masker.text(first.message if first else str(report.status))), first.code if first else "run"
    )
    error.text = _clean(render_diagnostics(report.diagnostics, masker))
    case.result = [error]
    return case


def _clean(text: str) -> str:
    return without_control_characters(plain(text))
