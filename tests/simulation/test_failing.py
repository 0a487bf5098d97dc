"""A step that is told to fail does, as the description says where it says so; then the document's actions are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rehearsed import answers, bodies, rehearsed, thing

from arazzo_engine import ArazzoError, RunStatus
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine import RunReport

_TEXT = {"type": "string"}


def _step(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, **rest}


def _failed(folder: Path, operation: dict[str, Any], fail: Any = None, **rest: Any) -> RunReport:
    return rehearsed(folder, [_step("a", **rest)], {"a": operation}, asked={"fail": {"a": fail}})


def _documented(*statuses: str) -> dict[str, Any]:
    return {"responses": {status: {"description": ""} for status in statuses}}


def _status(report: RunReport, index: int = 0) -> int:
    response = report.steps[index].response
    assert isinstance(response, Response)
    return response.status


def test_the_first_documented_error_that_the_criteria_do_not_accept_is_answered(tmp_path: Path) -> None:
    operation = _documented("200", "404", "409", "503")
    report = _failed(tmp_path, operation, successCriteria=[{"condition": "$statusCode == 200 || $statusCode == 404"}])
    assert report.status is RunStatus.FAILED
    assert _status(report) == 409
    assert report.steps[0].notes == ()


@pytest.mark.parametrize(
    ("statuses", "status"), [(("200", "4XX"), 400), (("200", "default"), 500), (("200", "5xx"), 500)]
)
def test_an_error_is_documented_by_a_range_or_as_any_other(
    statuses: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    report = _failed(tmp_path, _documented(*statuses))
    assert _status(report) == status
    assert report.steps[0].notes == ()


def test_a_status_that_is_given_is_answered_with_the_body_that_documents_it(tmp_path: Path) -> None:
    operation = answers(thing(why=_TEXT), status="4XX")
    operation["responses"]["503"] = {"description": ""}
    report = _failed(tmp_path, operation, 402)
    assert _status(report) == 402
    assert bodies(report) == [{"why": "sample"}]
    assert report.steps[0].notes == ()


def test_a_status_that_nobody_documents_is_told(tmp_path: Path) -> None:
    for fail, status in ((None, 500), (503, 503)):
        report = _failed(tmp_path, answers(), fail)
        assert _status(report) == status
        assert report.steps[0].notes == (f"{status} is not documented: it is answered because it was asked for",)


def test_a_body_is_made_that_the_criteria_do_not_accept(tmp_path: Path) -> None:
    schema = thing(state={"type": "string", "enum": ["done", "failed"]})
    operation = answers(schema)
    report = _failed(tmp_path, operation, 200, successCriteria=[{"condition": "$response.body#/state == 'done'"}])
    assert report.status is RunStatus.FAILED
    assert bodies(report) == [{"state": "failed"}]


def test_a_status_that_the_criteria_accept_is_no_failure_and_told(tmp_path: Path) -> None:
    report = _failed(tmp_path, _documented("200"), 200)
    assert report.status is RunStatus.SUCCEEDED
    assert report.steps[0].notes == ("the step did not fail: its criteria accept 200",)


@pytest.mark.parametrize("word", ["timeout", "connect", "tls", "protocol"])
def test_a_step_can_get_no_answer(word: str, tmp_path: Path) -> None:
    report = _failed(tmp_path, _documented("200"), word)
    assert report.status is RunStatus.FAILED
    response = report.steps[0].response
    assert isinstance(response, NoResponse)
    assert response.failure is Failure(word)


def test_it_fails_until_it_is_left_and_what_follows_is_shown(tmp_path: Path) -> None:
    actions = [
        {"name": "again", "type": "retry", "retryAfter": 60, "retryLimit": 2},
        {"name": "other", "type": "goto", "stepId": "b"},
    ]
    back = [{"name": "back", "type": "goto", "stepId": "a"}]
    steps = [_step("a", onFailure=actions, onSuccess=[{"name": "over", "type": "end"}]), _step("b", onSuccess=back)]
    operations = {name: _documented("200", "503") for name in "ab"}
    report = rehearsed(tmp_path, steps, operations, asked={"fail": {"a": None}})
    assert [(step.step_id, step.attempt, step.status.value) for step in report.steps] == [
        ("a", 1, "failed"),
        ("a", 2, "failed"),
        ("a", 3, "failed"),
        ("b", 1, "succeeded"),
        ("a", 1, "succeeded"),
    ]
    assert report.status is RunStatus.SUCCEEDED


def _calling(folder: Path, fail: dict[str, Any]) -> RunReport:
    inner = {"workflowId": "inner", "steps": [_step("a")]}
    steps = [_step("a"), {"stepId": "call", "workflowId": "inner"}]
    return rehearsed(folder, steps, {"a": _documented("200", "503")}, others=[inner], asked={"fail": fail})


def test_a_step_of_a_called_workflow_is_named_with_it(tmp_path: Path) -> None:
    report = _calling(tmp_path, {"inner.a": 503})
    assert [(step.workflow_id, step.status.value) for step in report.steps] == [
        ("w", "succeeded"),
        ("inner", "failed"),
        ("w", "failed"),
    ]


@pytest.mark.parametrize(
    ("fail", "message", "fix"),
    [
        ({"a": 503}, "`--fail a` stands for more than one step: `w.a` and `inner.a`", "name each of them"),
        ({"call": 503}, "`--fail call` names a step that calls a workflow", "name the steps of that workflow"),
        ({"iner.a": 503}, "`--fail iner.a` names a step that the document does not have", "did you mean `inner.a`?"),
        ({"w.a": 99}, "`--fail w.a=99` names no failure", "write a status from 100 to 599"),
        ({"w.a": True}, "`--fail w.a=True` names no failure", "write a status from 100 to 599"),
        ({"w.a": "time-out"}, "`--fail w.a=time-out` names no failure", "did you mean `timeout`?"),
    ],
)
def test_what_cannot_fail_is_told(fail: dict[str, Any], message: str, fix: str, tmp_path: Path) -> None:
    with pytest.raises(ArazzoError) as told:
        _calling(tmp_path, fail)
    (problem,) = told.value.diagnostics
    assert problem.code == "option-invalid"
    assert message in problem.message
    assert fix in problem.fix


def test_a_step_that_is_never_come_to_is_told(tmp_path: Path) -> None:
    steps = [_step("a", onSuccess=[{"name": "over", "type": "end"}]), _step("b")]
    operations = {name: _documented("200") for name in "ab"}
    report = rehearsed(tmp_path, steps, operations, asked={"fail": {"b": 503}})
    assert report.status is RunStatus.SUCCEEDED
    assert [each.code for each in report.diagnostics] == ["answer-unused"]
