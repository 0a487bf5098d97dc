"""Where a rehearsal leans at its branches: to the way on which what a later step reads has a value.

Decides it by trying, where a rehearsal as it is comes to a step that lacks a value: another action of a step before it,
with the earlier answers that it needs. What is found has to be described as well as before, and to bring that very step
through; else the rehearsal stays as it is, and tells of the hole.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.linking.linked import StepKey
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.simulation.goals import comes_back
from arazzo_engine.simulation.paths.aims import Aim, Kind, is_final
from arazzo_engine.simulation.paths.varying import Lean, Varying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow, WorkflowKey
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport

_MOST_TRIALS: Final = 20
_LACKS: Final = "value-missing"


class Trial(Struct, frozen=True):
    """What came of a rehearsal that nobody sees; ``bent`` counts its answers that are not as they are described."""

    report: RunReport
    bent: Callable[[], int]


class _Branches(Struct, frozen=True):
    linked: LinkedDescription
    steps: dict[tuple[str, str], tuple[StepKey, LinkedStep]]

    def others(self, report: RunReport, lean: Lean) -> Iterator[Lean]:
        """Yield what a run may lean to besides: what it did not take at its branches, the last of them first."""
        varying = Varying(self.linked)
        seen = dict.fromkeys(_name(each) for each in reversed(report.steps) if each.status is StepStatus.SUCCEEDED)
        for key, step in (self.steps[each] for each in seen if each in self.steps):
            taken = next(each.action for each in reversed(report.steps) if _name(each) == _named(key))
            for aim in () if key in lean.aims else self._aims(key, step):
                name = step.on_success[aim.index].name if aim.kind is Kind.ACTION else ""
                if taken is None or taken.name != name:
                    yield lean.towards(aim, next(varying.of(step, aim), None))

    def _aims(self, key: StepKey, step: LinkedStep) -> Iterator[Aim]:
        workflow = self.linked.workflows[key.workflow]
        for index, action in enumerate(step.on_success):
            if not comes_back(action, workflow, step, self.linked):
                yield Aim(key, Kind.ACTION, is_success=True, index=index)
        if step.on_success and not any(map(is_final, step.on_success)):
            yield Aim(key, Kind.DEFAULT, is_success=True)


def lean_of(linked: LinkedDescription, start: WorkflowKey, trial_of: Callable[[Lean], Trial]) -> Lean:
    """Return where a rehearsal of a workflow leans."""
    reachable = linked.reachable([start])
    if not any(action.criteria for each in reachable for step in each.steps for action in step.on_success):
        return Lean()
    first = trial_of(Lean())
    lacking = _lacking(first.report)
    if lacking is None:
        return Lean()
    branches = _Branches(linked, dict(_steps(reachable)))
    waiting, left = deque([(Lean(), first.report)]), _MOST_TRIALS
    while waiting:
        for lean in branches.others(waiting[0][1], waiting[0][0]):
            trial = trial_of(lean)
            if _brings_through(trial.report, lacking) and trial.bent() <= first.bent():
                return lean
            left -= 1
            if not left:
                return Lean()
            if _lacking(trial.report) is not None:
                waiting.append((lean, trial.report))
        waiting.popleft()
    return Lean()


def _steps(workflows: tuple[LinkedWorkflow, ...]) -> Iterator[tuple[tuple[str, str], tuple[StepKey, LinkedStep]]]:
    for workflow in workflows:
        for step in workflow.steps:
            key = StepKey(workflow.key, step.step.step_id)
            yield _named(key), (key, step)


def _named(key: StepKey) -> tuple[str, str]:
    return key.workflow.workflow_id, key.step_id


def _name(report: StepReport) -> tuple[str, str]:
    return report.workflow_id, report.step_id


def _lacking(report: RunReport) -> tuple[str, str] | None:
    """Return the step for which a run failed because a value was missing."""
    found = (each for each in report.steps if any(told.code == _LACKS for told in each.diagnostics))
    return None if report.succeeded else next((_name(each) for each in found), None)


def _brings_through(report: RunReport, wanted: tuple[str, str]) -> bool:
    passed = (_name(each) for each in report.steps if each.status is StepStatus.SUCCEEDED)
    return report.succeeded and wanted in passed
