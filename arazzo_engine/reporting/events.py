"""What observers are told while a run goes on: the terminal, JSON lines. Values, and the observer who heeds none."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.reporting.run_report import RunReport
from arazzo_engine.reporting.scene import Scene
from arazzo_engine.reporting.step_report import StepReport
from arazzo_engine.typed import Reticent


class RunStarted(Struct, frozen=True):
    """A run begins; ``scene`` is what is known of it before."""

    run_id: str
    workflow_id: str
    scene: Scene | None = None


class Sight(Reticent, frozen=True, eq=False):
    """What an observer may look at while an event is told: the step in its workflow, and what expressions can see.

    The run goes on with what the scope shows, so it is to be read before the next effect is answered.
    """

    workflow: LinkedWorkflow
    step: LinkedStep
    scope: Scope

    def _shown(self) -> str:
        return f"{self.workflow.key.workflow_id}.{self.step.step.step_id}"


class StepStarted(Reticent, frozen=True):
    """An attempt of a step begins. ``depth`` counts the workflows that called this one.

    ``secrets`` are the values among the workflow's inputs that must never be shown.
    """

    workflow_id: str
    step_id: str
    attempt: int
    depth: int
    secrets: tuple[str, ...] = ()
    sight: Sight | None = None

    def _shown(self) -> str:
        return f"{self.workflow_id}.{self.step_id}, attempt {self.attempt}"


class StepFinished(Struct, frozen=True, repr_omit_defaults=True):
    """An attempt of a step has ended; ``sight`` has what its actions were chosen by, where they were."""

    report: StepReport
    sight: Sight | None = None


class Waiting(Struct, frozen=True):
    """The run waits before it retries a step."""

    workflow_id: str
    step_id: str
    seconds: float


class Stopping(Struct, frozen=True):
    """Something ends the run before it is through: the steps that are underway are told next, as far as they went."""

    run_id: str
    workflow_id: str


class RunFinished(Struct, frozen=True):
    """A run has ended."""

    report: RunReport


Event: TypeAlias = RunStarted | StepStarted | StepFinished | Waiting | Stopping | RunFinished


def ignore(_event: Event) -> None:
    """Observe nothing."""
