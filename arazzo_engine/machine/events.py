"""What observers are told while a run goes on: the terminal, JSON lines, a tracer. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from arazzo_engine.machine.report import RunReport, StepReport


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins."""

    run_id: str
    workflow_id: str


@dataclass(frozen=True, slots=True)
class StepStarted:
    """An attempt of a step begins. ``depth`` counts the workflows that called this one."""

    workflow_id: str
    step_id: str
    attempt: int
    depth: int


@dataclass(frozen=True, slots=True)
class StepFinished:
    """An attempt of a step has ended."""

    report: StepReport


@dataclass(frozen=True, slots=True)
class Waiting:
    """The run waits before it retries a step."""

    workflow_id: str
    step_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class RunFinished:
    """A run has ended."""

    report: RunReport


Event: TypeAlias = RunStarted | StepStarted | StepFinished | Waiting | RunFinished
