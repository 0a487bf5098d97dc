"""Workflows that lead to others: what is remembered of each, and what becomes of one that cannot be called."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import OneSource, ScriptedWorld, answer, document, make_workflows_ready, run_scripted, step, workflow

from arazzo_engine.apis.security.access import Access
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Settings
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.preparing import check_document, make_ready


def _goto(**target: Any) -> list[dict[str, Any]]:
    return [{"name": "go", "type": "goto", **target}]


def _body(operation: str, path: str = "n", **rest: Any) -> dict[str, Any]:
    return step(operation, outputs={"n": f"$response.body#/{path}"}, **rest)


def _outputs(step_id: str) -> dict[str, str]:
    return {"n": f"$steps.{step_id}.outputs.n"}


def test_a_dependency_that_goes_to_another_workflow_is_completed_by_it_and_runs_once() -> None:
    text = document(
        workflow(step("a"), name="main", dependsOn=["first", "second"], outputs={"n": "$workflows.first.outputs.n"}),
        workflow(_body("b", onSuccess=_goto(workflowId="target")), name="first", outputs=_outputs("b")),
        workflow(step("c"), name="second", dependsOn=["first"]),
        workflow(_body("d"), name="target", outputs=_outputs("d")),
    )
    world = ScriptedWorld({"d": [answer(200, {"n": 7})]})
    report = run_scripted(text, world)
    assert (world.calls, report.status) == ("bdca", RunStatus.SUCCEEDED)
    assert report.outputs == {"n": 7}


def test_a_step_has_the_outputs_of_the_workflow_that_the_one_it_called_went_to() -> None:
    text = document(
        workflow({"stepId": "call", "workflowId": "first"}, outputs={"n": "$steps.call.outputs.n"}),
        workflow(step("b", onSuccess=_goto(workflowId="target")), name="first"),
        workflow(_body("d"), name="target", outputs=_outputs("d")),
    )
    assert run_scripted(text, ScriptedWorld({"d": [answer(200, {"n": 7})]})).outputs == {"n": 7}


def test_the_workflows_of_one_session_share_what_their_dependencies_gave() -> None:
    uses = {"outputs": {"n": "$workflows.login.outputs.n"}, "dependsOn": ["login"]}
    text = document(
        workflow(step("a"), name="one", **uses),
        workflow(step("b"), name="two", **uses),
        workflow(_body("c"), name="login", outputs=_outputs("c")),
    )
    checked = check_document(read_document(text, "file:///main.json"), OneSource())
    ready = make_ready(checked, ["one", "two"], GivenInputs({}), Settings(Access()))
    session, world = Session(ready.linked), ScriptedWorld({"c": [answer(200, {"n": 7})]})
    reports = [drive(run(session, call, "run"), world) for call in ready.calls]
    assert [each.outputs for each in reports] == [{"n": 7}, {"n": 7}]
    assert world.calls == "cab"


def test_a_workflow_can_name_its_own_inputs() -> None:
    inputs = {"type": "object", "properties": {"n": {"type": "integer"}}}
    text = document(workflow(step("a"), inputs=inputs, outputs={"n": "$workflows.main.inputs.n"}))
    assert run_scripted(text, ScriptedWorld(), {"n": 3}).outputs == {"n": 3}


@pytest.mark.parametrize(
    ("action", "status", "calls"),
    [
        # "The `retryLimit` MUST be exhausted prior to executing subsequent failure actions"; a target that cannot be
        # called has failed
        ({"type": "retry", "retryAfter": 0}, RunStatus.SUCCEEDED, "ab"),
        ({"type": "goto"}, RunStatus.FAILED, "a"),
    ],
)
def test_a_target_that_cannot_be_called_has_failed(action: dict[str, Any], status: RunStatus, calls: str) -> None:
    wrong = {
        "name": "wrong",
        "workflowId": "other",
        "parameters": [{"name": "n", "value": "$response.body#/x"}],
        **action,
    }
    inputs = {"type": "object", "properties": {"n": {"type": "integer"}}}
    text = document(
        workflow(step("a", onFailure=[wrong, *_goto(stepId="b")]), step("b")),
        workflow(step("c"), name="other", inputs=inputs),
    )
    for body in ({}, {"x": "no integer"}):
        world = ScriptedWorld({"a": [answer(500, body)]})
        report = run_scripted(text, world)
        assert (world.calls, report.status) == (calls, status)
        assert report.diagnostics


def test_a_step_that_calls_a_workflow_sees_the_last_response_of_it() -> None:
    text = document(
        workflow(
            {
                "stepId": "call",
                "workflowId": "other",
                "successCriteria": [{"condition": "$statusCode == 201"}],
                "outputs": {"id": "$response.body#/id"},
            },
            outputs={"id": "$steps.call.outputs.id"},
        ),
        workflow(step("a"), step("b"), name="other"),
    )
    report = run_scripted(text, ScriptedWorld({"b": [answer(201, {"id": 5})]}))
    assert report.outputs == {"id": 5}
    assert run_scripted(text, ScriptedWorld()).status is RunStatus.FAILED


def test_a_parameter_of_the_workflow_reaches_a_called_workflow_that_may_have_it() -> None:
    text = document(
        workflow(
            {"stepId": "call", "workflowId": "other"},
            parameters=[{"name": "q", "value": 1}],
            outputs={"q": "$steps.call.outputs.q"},
        ),
        workflow(
            step("a"),
            name="other",
            inputs={"type": "object", "additionalProperties": {"type": "integer"}},
            outputs={"q": "$inputs.q"},
        ),
    )
    assert run_scripted(text, ScriptedWorld()).outputs == {"q": 1}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (document(workflow(step("a"), parameters=[{"name": "q", "value": 1}])), "parameter-location"),
    ],
)
def test_what_can_be_known_is_refused_before_the_run(text: str, code: str) -> None:
    with pytest.raises(ArazzoError) as refused:
        make_workflows_ready(text)
    assert [each.code for each in refused.value.diagnostics] == [code]


def test_a_retry_that_names_its_own_step_is_a_retry_like_any_other() -> None:
    retry = {"name": "r", "type": "retry", "stepId": "a", "retryAfter": 0, "retryLimit": 2}
    world = ScriptedWorld({"a": [answer(500)]})
    assert run_scripted(document(workflow(step("a", onFailure=[retry]))), world).status is RunStatus.FAILED
    assert world.calls == "aaa"


@pytest.mark.parametrize(
    "inputs",
    [
        {"type": "object", "additionalProperties": True},
        {"type": "object", "additionalProperties": {}},
        {"oneOf": [{"properties": {"x": {"type": "integer"}}}, {"required": ["y"]}]},
        {"if": {"required": ["x"]}, "then": {"properties": {"x": {}}}},
    ],
)
def test_an_input_that_the_schema_allows_can_be_used(inputs: dict[str, Any]) -> None:
    text = document(workflow(step("a"), inputs=inputs, outputs={"x": "$inputs.x"}))
    assert run_scripted(text, ScriptedWorld(), {"x": 5}).outputs == {"x": 5}
