"""What a step costs does not depend on how many steps came before it. Instructions are counted, not seconds."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from scripted import ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.machine.settings import Limits
from arazzo_engine.reporting.events import Event, StepFinished

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]

STEPS: Final = 70
_AGAIN: Final = {"name": "again", "type": "retry", "retryAfter": 0, "retryLimit": STEPS}
_TWICE: Final = {"name": "again", "type": "retry", "retryAfter": 0, "stepId": "b", "retryLimit": STEPS}
_LOOP: Final = {"name": "loop", "type": "goto", "stepId": "a"}


@dataclass
class CountingWorld(ScriptedWorld):
    """Notes at the end of each step how many instructions the interpreter of Python has executed."""

    executed: int = 0
    at_end_of_step: list[int] = field(default_factory=list)

    def emit(self, event: Event) -> float:
        if isinstance(event, StepFinished):
            self.at_end_of_step.append(self.executed)
        return super().emit(event)

    def trace(self, frame: FrameType, event: str, _argument: object) -> TraceFunction:
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        self.executed += event == "opcode"
        return self.trace


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        pytest.param([step("a", onSuccess=[_LOOP])], 200, id="a loop"),
        pytest.param([step("a", onFailure=[_AGAIN])], 500, id="retries"),
        pytest.param([step("a", onFailure=[_TWICE]), step("b")], 500, id="retries that run another step before"),
    ],
)
def test_a_late_step_executes_as_much_as_an_early_one(steps: list[dict[str, Any]], status: int) -> None:
    world = CountingWorld(answers={"a": [answer(status, {"id": 1})]})
    before = sys.gettrace()
    # what other tests left to be collected would be counted with the step in which that happens
    gc.disable()
    sys.settrace(world.trace)
    try:
        report = run_scripted(document(workflow(*steps)), world, limits=Limits(steps=STEPS))
    finally:
        sys.settrace(before)
        gc.enable()
    assert len(report.steps) == STEPS
    ends = world.at_end_of_step
    assert ends[69] - ends[49] <= ends[29] - ends[9]
