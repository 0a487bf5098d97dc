"""What a step goes by of its own outputs is asked of the answer that gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, bodies, rehearsed, thing, written

from arazzo_engine import Engine, RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_STATE: Final = {"type": "string", "enum": ["queued", "running", "done"]}
_JOB: Final = answers(thing(job=thing(state=_STATE), page={"type": "integer"}, pages={"type": "integer"}))
_OWN: Final = "$steps.a.outputs"
_ANSWERED: Final = "$response.body#/job/state"


def _goto(step_id: str, *criteria: Any) -> dict[str, Any]:
    return {"name": f"to-{step_id}", "type": "goto", "stepId": step_id, "criteria": [*criteria]}


def _step(*actions: dict[str, Any], **outputs: Any) -> dict[str, Any]:
    return {"stepId": "a", "operationId": "a", "outputs": outputs, "onSuccess": [*actions]}


def _states(report: Any) -> list[str]:
    return [each["job"]["state"] for each in bodies(report)]


@pytest.mark.parametrize(
    "criterion",
    [
        {"condition": f"{_OWN}.state == 'running'"},
        {"condition": f"!({_OWN}.state != 'running')"},
        {"condition": f"{_OWN}.job.state == 'running' && {_OWN}.state != 'queued'"},
        {"context": f"{_OWN}.state", "type": "regex", "condition": "^run"},
        {"context": f"{_OWN}.job", "type": "jsonpath", "condition": "$[?$.state == 'running']"},
    ],
)
def test_a_loop_by_an_output_of_its_own_step_goes_on_once_and_ends(criterion: Any, tmp_path: Path) -> None:
    step = _step(_goto("a", criterion), state="$response.body#/job/state", job="$response.body#/job")
    report = rehearsed(tmp_path, [step], {"a": _JOB})
    assert report.status is RunStatus.SUCCEEDED
    assert [each == "running" for each in _states(report)] == [True, False]


def test_an_action_that_ends_a_loop_by_an_own_output_is_led_to(tmp_path: Path) -> None:
    stop = {"name": "stop", "type": "end", "criteria": [{"condition": f"{_OWN}.state == 'done'"}]}
    step = _step(_goto("a", {"condition": f"{_OWN}.state == 'running'"}), stop, state="$response.body#/job/state")
    report = rehearsed(tmp_path, [step], {"a": _JOB})
    assert _states(report) == ["running", "done"]


def test_two_own_outputs_are_compared_with_each_other(tmp_path: Path) -> None:
    again = _goto("a", {"condition": f"{_OWN}.page < {_OWN}.pages"})
    report = rehearsed(
        tmp_path, [_step(again, page="$response.body#/page", pages="$response.body#/pages")], {"a": _JOB}
    )
    assert [each["page"] < each["pages"] for each in bodies(report)] == [True, False]


def test_an_own_output_by_a_selector_leads_to_each_action(tmp_path: Path) -> None:
    actions = [
        _goto(to, {"condition": f"{_OWN}.state == '{state}'"}) for to, state in (("b", "done"), ("c", "running"))
    ]
    state = {"context": "$response.body", "selector": "$.job.state", "type": "jsonpath"}
    steps = [
        _step(*actions, state=state),
        {"stepId": "b", "operationId": "b", "onSuccess": [{"name": "e", "type": "end"}]},
        {"stepId": "c", "operationId": "b"},
    ]
    document = written(tmp_path, steps, {"a": _JOB, "b": answers()})
    document.write_text(document.read_text().replace('"1.0.1"', '"1.1.0"'))
    with Engine() as engine:
        coverage = engine.load(document).rehearse_all_paths("w")
    assert coverage.actions.shown == coverage.actions.total


@pytest.mark.parametrize("is_first", [True, False])
def test_a_loop_is_left_by_what_it_waits_for_and_not_by_an_exception(*, is_first: bool, tmp_path: Path) -> None:
    failed = {"name": "failed", "type": "end", "criteria": [{"condition": f"{_ANSWERED} == 'running'"}]}
    again = _goto("a", {"condition": f"{_ANSWERED} != 'done'"})
    actions = [failed, again] if is_first else [again, failed]
    report = rehearsed(tmp_path, [_step(*actions), {"stepId": "b", "operationId": "b"}], {"a": _JOB, "b": answers()})
    assert [step.step_id for step in report.steps] == ["a", "a", "b"]
    assert _states(report)[-1] == "done"


def test_an_action_behind_a_loop_that_ends_it_is_taken(tmp_path: Path) -> None:
    done = {"name": "done", "type": "end", "criteria": [{"condition": f"{_ANSWERED} == 'done'"}]}
    step = _step(_goto("a", {"condition": f"{_ANSWERED} == 'queued'"}), done)
    report = rehearsed(tmp_path, [step, {"stepId": "b", "operationId": "b"}], {"a": _JOB, "b": answers()})
    assert _states(report)[-1] == "done"


def _poll_through_a_wait(*before: dict[str, Any]) -> list[dict[str, Any]]:
    wait = {"name": "wait", "type": "goto", "stepId": "w"}
    back = {"name": "back", "type": "goto", "stepId": "a"}
    return [
        {**_step(*before, wait), "outputs": {"state": _ANSWERED}},
        {"stepId": "w", "operationId": "b", "onSuccess": [back]},
        {"stepId": "z", "operationId": "b"},
    ]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_poll_that_always_comes_back_over_another_step_ends(*, is_first: bool, tmp_path: Path) -> None:
    failed = {"name": "no", "type": "end", "criteria": [{"condition": f"{_ANSWERED} == 'running'"}]}
    done = _goto("z", {"condition": f"{_ANSWERED} == 'done'"})
    steps = _poll_through_a_wait(*([failed, done] if is_first else [done, failed]))
    report = rehearsed(tmp_path, steps, {"a": _JOB, "b": answers()})
    assert [step.step_id for step in report.steps] == ["a", "w", "a", "z"]


def test_a_jump_back_behind_a_way_out_that_an_earlier_answer_decides_ends(tmp_path: Path) -> None:
    out = _goto("z", {"condition": "$steps.a.outputs.state == 'done'"})
    steps = [
        _step(state=_ANSWERED),
        {"stepId": "b", "operationId": "b", "onSuccess": [out, {"name": "back", "type": "goto", "stepId": "a"}]},
        {"stepId": "z", "operationId": "b"},
    ]
    report = rehearsed(tmp_path, steps, {"a": _JOB, "b": answers()})
    assert [step.step_id for step in report.steps] == ["a", "b", "a", "b", "z"]


def test_of_several_ends_of_a_poll_it_is_the_one_that_later_steps_want(tmp_path: Path) -> None:
    ended = f"{_ANSWERED} == 'running' || {_ANSWERED} == 'done'"
    again = {"name": "again", "type": "retry", "retryLimit": 5, "retryAfter": 1}
    poll = {**_step(state=_ANSWERED), "successCriteria": [{"condition": ended}], "onFailure": [again]}
    wants = [{"condition": "$steps.a.outputs.state != 'running'"}]
    steps = [poll, {"stepId": "b", "operationId": "b", "successCriteria": wants}]
    report = rehearsed(tmp_path, steps, {"a": _JOB, "b": answers()})
    assert report.status is RunStatus.SUCCEEDED
    assert _states(report)[-1] == "done"
