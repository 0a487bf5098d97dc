"""Whoever is told an event may look at the step, and at what expressions can see at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripted import ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.language.expressions.grammar import parse_expression
from arazzo_engine.reporting.events import StepFinished, StepStarted

if TYPE_CHECKING:
    from arazzo_engine.documents.values import Value
    from arazzo_engine.reporting.events import Event

_OUTPUT = parse_expression("$steps.a.outputs.n")


class _Looking(ScriptedWorld):
    """A world whose observer evaluates an expression whenever it is told of a step."""

    def __init__(self) -> None:
        super().__init__({"a": [answer(200, {"n": 7})]})
        self.seen: list[tuple[str, str, Value]] = []

    def emit(self, event: Event) -> float:
        if isinstance(event, StepStarted | StepFinished) and event.sight is not None:
            sight = event.sight
            self.seen.append((type(event).__name__, sight.step.step.step_id, _OUTPUT.evaluate(sight.scope)))
        return super().emit(event)


def test_an_observer_sees_what_expressions_can_see_when_a_step_starts_and_when_it_is_told() -> None:
    world = _Looking()
    run_scripted(document(workflow(step("a", outputs={"n": "$response.body#/n"}), step("b"))), world)
    started, finished = "StepStarted", "StepFinished"
    assert world.seen[1:] == [(finished, "a", 7), (started, "b", 7), (finished, "b", 7)]
    assert world.seen[0][:2] == (started, "a")
    assert world.seen[0][2] != 7
