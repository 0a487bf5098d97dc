"""What comes before a branch is varied: in all paths so that each way is taken, else so that no value is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, bodies, rehearsed, thing, written

from arazzo_engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.simulation.paths.coverage import Coverage

_CHECK: Final = answers(thing(needed={"type": "boolean", "default": False}))
_MADE: Final = answers(thing(id={"type": "integer"}))
_TAKES: Final = {
    "parameters": [{"name": "id", "in": "query", "required": True, "schema": {"type": "integer"}}],
    **answers(),
}
_OPERATIONS: Final = {"check": _CHECK, "decide": answers(), "make": _MADE, "use": _TAKES}
_NEEDED: Final = "$steps.check.outputs.needed"
_READS: Final = {"parameters": [{"name": "id", "in": "query", "value": "$steps.make.outputs.id"}]}


def _step(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, **rest}


def _goto(step_id: str, *conditions: str) -> dict[str, Any]:
    criteria = {"criteria": [{"condition": each} for each in conditions]} if conditions else {}
    return {"name": f"to-{step_id}", "type": "goto", "stepId": step_id, **criteria}


def _steps(*actions: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _step("check", outputs={"needed": "$response.body#/needed"}),
        _step("decide", onSuccess=[*actions]),
        _step("make", outputs={"id": "$response.body#/id"}),
        _step("use", **_READS),
    ]


def _covered(folder: Path, steps: list[dict[str, Any]], operations: dict[str, Any], **workflow: Any) -> Coverage:
    asked = workflow.pop("asked", {})
    with Engine() as engine:
        return engine.load(written(folder, steps, operations, **workflow)).rehearse_all_paths("w", **asked)


def _texts(coverage: Coverage) -> list[str]:
    return [" ".join(step.text() for step in path.steps) for path in coverage.paths]


def _ids(steps: Any) -> list[str]:
    return [each.step_id for each in steps]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{_NEEDED} == true", f"{_NEEDED} == false"),
        (_NEEDED, f"!{_NEEDED}"),
        (f"{_NEEDED} == true && $statusCode == 200", f"!({_NEEDED} == true || $statusCode == 500)"),
    ],
)
def test_each_action_is_taken_whose_criteria_read_an_earlier_answer(tmp_path: Path, one: str, other: str) -> None:
    steps = _steps(_goto("make", one), _goto("use", other))
    coverage = _covered(tmp_path, steps, _OPERATIONS)
    told = _texts(coverage)
    assert "check 200 decide 200 (goto make) make 200 use 200" in told
    assert "check 200 decide 200 (goto use) use ✗" in told
    assert str(coverage.criteria) == "4 of 4"
    # one of the two always holds
    assert {each.what for each in coverage.missed} <= {"step `decide`: success without an action"}


def test_an_answer_is_varied_that_a_called_workflow_gives_on(tmp_path: Path) -> None:
    inner = {
        "workflowId": "inner",
        "steps": [_step("check", outputs={"needed": "$response.body#/needed"})],
        "outputs": {"needed": "$steps.check.outputs.needed"},
    }
    call = {"stepId": "call", "workflowId": "inner", "onSuccess": [_goto("make", "$outputs.needed == true")]}
    steps = [call, _step("decide"), _step("make", outputs={"id": "$response.body#/id"})]
    coverage = _covered(tmp_path, steps, _OPERATIONS, others=[inner])
    assert str(coverage.actions) == "9 of 9"
    assert "check 200 call (goto make) make 200" in _texts(coverage)


def test_an_input_is_varied_that_nobody_gave(tmp_path: Path) -> None:
    inputs = thing(kind={"type": "string", "enum": ["small", "large"]})
    steps = _steps(_goto("make", "$inputs.kind == 'large'"), {"name": "over", "type": "end"})
    coverage = _covered(tmp_path, steps, _OPERATIONS, inputs=inputs)
    assert "check 200 decide 200 (goto make) make 200 use 200" in _texts(coverage)
    assert coverage.is_complete, coverage.missed


def test_an_input_that_is_given_stays_as_it_is(tmp_path: Path) -> None:
    inputs = thing(kind={"type": "string", "enum": ["small", "large"]})
    steps = _steps(_goto("make", "$inputs.kind == 'large'"), {"name": "over", "type": "end"})
    coverage = _covered(tmp_path, steps, _OPERATIONS, inputs=inputs, asked={"inputs": {"kind": "small"}})
    assert {each.what: each.why for each in coverage.missed}["step `decide`: action `to-make`"] == (
        "no answer was found that leads there; `$inputs.kind == 'large'` does not depend on the answer"
    )


def test_an_input_with_a_default_is_varied_within_its_schema(tmp_path: Path) -> None:
    inputs = thing(much={"type": "integer", "default": 1, "maximum": 5})
    steps = _steps(_goto("make", "$inputs.much > 3"), _goto("use", "$inputs.much > 7"), {"name": "over", "type": "end"})
    coverage = _covered(tmp_path, steps, _OPERATIONS, inputs=inputs)
    assert "check 200 decide 200 (goto make) make 200 use 200" in _texts(coverage)
    missed = {each.what for each in coverage.missed}
    assert missed == {"step `decide`: action `to-use`", "step `decide`: `$inputs.much > 7` true"}


def test_what_is_given_of_an_earlier_answer_is_not_varied(tmp_path: Path) -> None:
    steps = _steps(_goto("make", f"{_NEEDED} == true"), {"name": "over", "type": "end"})
    given = {"check": {"body": {"needed": False}}}
    coverage = _covered(tmp_path, steps, _OPERATIONS, asked={"answers": given})
    assert "step `make`" in {each.what for each in coverage.missed}


def test_the_same_document_has_the_same_paths_where_answers_are_varied(tmp_path: Path) -> None:
    steps = _steps(_goto("make", f"{_NEEDED} == true"), _goto("use", f"{_NEEDED} == false"))
    assert _covered(tmp_path, steps, _OPERATIONS) == _covered(tmp_path, steps, _OPERATIONS)


def test_a_rehearsal_takes_the_way_on_which_what_is_read_has_a_value(tmp_path: Path) -> None:
    steps = _steps(_goto("make", f"{_NEEDED} == true"), _goto("use", f"{_NEEDED} == false"))
    report = rehearsed(tmp_path, steps, _OPERATIONS)
    assert report.succeeded
    assert _ids(report.steps) == ["check", "decide", "make", "use"]
    assert bodies(report)[0] == {"needed": True}
    # the hole of the other way is told all the same
    assert [each.code for each in report.warnings] == ["step-left-out"]


def test_a_rehearsal_takes_that_way_where_the_branch_reads_its_own_answer(tmp_path: Path) -> None:
    own = "$response.body#/needed"
    steps = [
        _step("check", onSuccess=[_goto("make", f"{own} == true"), _goto("use", f"{own} == false")]),
        *_steps()[2:],
    ]
    report = rehearsed(tmp_path, steps, _OPERATIONS)
    assert report.succeeded
    assert _ids(report.steps) == ["check", "make", "use"]


def test_the_first_of_all_paths_is_the_way_that_a_rehearsal_takes(tmp_path: Path) -> None:
    steps = _steps(_goto("make", f"{_NEEDED} == true"), _goto("use", f"{_NEEDED} == false"))
    coverage = _covered(tmp_path, steps, _OPERATIONS)
    assert _texts(coverage)[0] == "check 200 decide 200 (goto make) make 200 use 200"


def test_a_rehearsal_stays_as_it_is_where_only_an_answer_leads_on_that_the_description_does_not_have(
    tmp_path: Path,
) -> None:
    operations = {**_OPERATIONS, "check": answers(thing(needed={"const": False}))}
    steps = _steps(_goto("make", f"{_NEEDED} == true"), _goto("use", f"{_NEEDED} == false"))
    report = rehearsed(tmp_path, steps, operations)
    assert _ids(report.steps) == ["check", "decide", "use"]
    assert [each.code for each in report.steps[-1].diagnostics] == ["value-missing"]


def test_a_rehearsal_does_not_go_round_the_step_that_lacks_a_value(tmp_path: Path) -> None:
    steps = _steps({**_goto("use", f"{_NEEDED} == true"), "name": "over", "type": "end"}, _goto("use"))
    del steps[1]["onSuccess"][0]["stepId"]
    # without it the document is refused: nothing is ever sent by the step
    steps[-1]["onFailure"] = [{"name": "leave", "type": "end"}]
    report = rehearsed(tmp_path, steps, _OPERATIONS)
    assert _ids(report.steps) == ["check", "decide", "use"]
    assert not report.succeeded


def test_a_rehearsal_that_is_told_what_fails_goes_where_that_leads(tmp_path: Path) -> None:
    steps = _steps(_goto("make", f"{_NEEDED} == true"), _goto("use", f"{_NEEDED} == false"))
    report = rehearsed(tmp_path, steps, _OPERATIONS, asked={"fail": {"use": 500}})
    assert _ids(report.steps) == ["check", "decide", "use"]


def test_two_branches_after_each_other_lean_together(tmp_path: Path) -> None:
    sort = answers(thing(kind={"enum": ["plain", "rich"]}))
    kind, more = "$response.body#/kind", {"name": "x", "in": "query", "value": "$steps.more.outputs.id"}
    steps = [
        _step("check", outputs={"needed": "$response.body#/needed"}),
        _step("decide", onSuccess=[_goto("make", f"{_NEEDED} == true"), _goto("sort", f"{_NEEDED} == false")]),
        _step("make", outputs={"id": "$response.body#/id"}),
        _step("sort", onSuccess=[_goto("use", f"{kind} == 'plain'"), _goto("more", f"{kind} == 'rich'")]),
        _step("more", outputs={"id": "$response.body#/id"}),
        _step("use", parameters=[*_READS["parameters"], more]),
    ]
    report = rehearsed(tmp_path, steps, {**_OPERATIONS, "sort": sort, "more": _MADE})
    assert report.succeeded
    assert _ids(report.steps) == ["check", "decide", "make", "sort", "more", "use"]
