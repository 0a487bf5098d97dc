"""The visits of a run: attempts folded into their step, and each step before those of the workflow that it called."""

from __future__ import annotations

from typing import Any

from scripted import ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.reporting.kinds.visits import visits_of

_RETRY = {"name": "again", "type": "retry", "retryAfter": 1, "retryLimit": 2}


def _visits(text: Any, world: ScriptedWorld) -> list[tuple[str, int, int]]:
    steps = run_scripted(text, world).steps
    return [(each.last.step_id, each.last.depth, len(each.attempts)) for each in visits_of(steps)]


def test_a_step_stands_before_those_of_the_workflow_that_it_calls() -> None:
    calls = [{"stepId": name, "workflowId": "other"} for name in ("one", "two")]
    other = workflow(step("a", onFailure=[_RETRY]), step("b"), name="other")
    world = ScriptedWorld({"a": [answer(503), answer(200)]})
    assert _visits(document(workflow(*calls, step("c")), other), world) == [
        *(("one", 0, 1), ("a", 1, 2), ("b", 1, 1), ("two", 0, 1), ("a", 1, 1), ("b", 1, 1), ("c", 0, 1)),
    ]


def test_a_step_that_a_retry_runs_first_stands_beneath_the_one_that_is_retried() -> None:
    retry = {**_RETRY, "stepId": "b"}
    world = ScriptedWorld({"a": [answer(401), answer(200)]})
    assert _visits(document(workflow(step("a", onFailure=[retry]), step("b"))), world) == [
        *(("a", 0, 2), ("b", 1, 1), ("b", 0, 1)),
    ]
