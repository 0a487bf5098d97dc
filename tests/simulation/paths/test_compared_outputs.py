"""What a step compares of what was before it is made such that it holds: outputs with each other, and with inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, bodies, rehearsed, thing, written

from arazzo_engine import Engine, RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_MADE: Final = thing(n={"type": "integer"}, name={"type": "string"}, ids={"type": "array", "items": {"type": "string"}})
_OPERATIONS: Final = {"a": answers(_MADE), "b": answers(_MADE), "c": answers()}
_INPUTS: Final = {"type": "object", "properties": {"n": {"const": 7}, "name": {"const": "Joe"}}}
_A: Final = "$steps.a.outputs"
_B: Final = "$steps.b.outputs"


def _steps(**last: Any) -> list[dict[str, Any]]:
    outputs = {"n": "$response.body#/n", "name": "$response.body#/name", "ids": "$response.body#/ids"}
    made = [{"stepId": name, "operationId": name, "outputs": outputs} for name in ("a", "b")]
    return [*made, {"stepId": "c", "operationId": "c", **last}]


@pytest.mark.parametrize(
    "condition",
    [
        f"{_A}.name == $inputs.name",
        f"$inputs.n == {_B}.n",
        f"{_A}.ids.length == $inputs.n",
        f"{_A}.n != {_B}.n",
        f"!({_A}.name == {_B}.name)",
        f"{_A}.n < {_B}.n && {_B}.n <= $inputs.n",
        f"{_A}.name == 'user-{{$inputs.name}}'",
        f"{_A}.name == 'other' || {_A}.n == $inputs.n",
        f"!({_A}.name == 'sample' || {_B}.n == 1)",
        f"{_A}.n == $inputs.n && !false",
    ],
)
def test_what_criteria_compare_of_earlier_answers_holds(condition: str, tmp_path: Path) -> None:
    steps = _steps(successCriteria=[{"condition": condition}])
    report = rehearsed(tmp_path, steps, _OPERATIONS, inputs=_INPUTS)
    assert report.status is RunStatus.SUCCEEDED, report.steps[-1].criteria
    assert not any(step.notes for step in report.steps)


def test_an_alternative_that_the_answer_itself_can_meet_bends_no_earlier_one(tmp_path: Path) -> None:
    steps = _steps(successCriteria=[{"condition": f"{_A}.n == 5 || $statusCode == 200"}])
    assert bodies(rehearsed(tmp_path, steps, _OPERATIONS))[0]["n"] == 1


def test_nothing_is_less_than_itself(tmp_path: Path) -> None:
    report = rehearsed(tmp_path, _steps(successCriteria=[{"condition": f"{_A}.n < {_A}.n"}]), _OPERATIONS)
    assert report.status is RunStatus.FAILED


def test_a_loop_over_two_steps_ends_by_what_they_are_compared_with(tmp_path: Path) -> None:
    again = {"name": "again", "type": "goto", "stepId": "a", "criteria": [{"condition": f"{_A}.n != {_B}.n"}]}
    report = rehearsed(tmp_path, _steps(onSuccess=[again]), _OPERATIONS)
    assert report.status is RunStatus.SUCCEEDED
    assert [step.step_id for step in report.steps][-1] == "c"


def test_all_paths_vary_what_is_compared(tmp_path: Path) -> None:
    wanted = {"d": f"{_A}.n < {_B}.n", "e": f"{_A}.n > {_B}.n"}
    actions = [
        {"name": f"to-{to}", "type": "goto", "stepId": to, "criteria": [{"condition": each}]}
        for to, each in wanted.items()
    ]
    ends = [{"stepId": to, "operationId": "c", "onSuccess": [{"name": "end", "type": "end"}]} for to in wanted]
    with Engine() as engine:
        document = written(tmp_path, [*_steps(onSuccess=actions), *ends], _OPERATIONS)
        coverage = engine.load(document).rehearse_all_paths("w")
    assert coverage.actions.shown == coverage.actions.total
