"""A request whose outcome is unknown is never sent again by itself; a step that finds out may decide that it is."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import DOWN, OneSource, ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.apis.security.access import Access
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.preparing import check_document, make_ready

LOST = NoResponse(Failure.TIMEOUT, "no answer")
RETRY = {"name": "again", "type": "retry", "retryAfter": 0, "retryLimit": 3}


def _goto(target: str, **rest: Any) -> dict[str, Any]:
    return {"name": f"to-{target}", "type": "goto", "stepId": target, **rest}


@pytest.mark.parametrize(
    ("steps", "answers", "calls", "status"),
    [
        # nothing handles it: that the charge failed is not known
        ([step("a")], {"a": [LOST]}, "a", RunStatus.IN_DOUBT),
        # what never left is no doubt, and what was answered is none
        ([step("a")], {"a": [DOWN]}, "a", RunStatus.FAILED),
        ([step("a", onFailure=[RETRY])], {"a": [DOWN, answer()]}, "aa", RunStatus.SUCCEEDED),
        ([step("a", onFailure=[RETRY])], {"a": [answer(503), answer()]}, "aa", RunStatus.SUCCEEDED),
        # neither a retry, nor a way back to the step, nor the same request of another step sends it again
        ([step("a", onFailure=[RETRY])], {"a": [LOST, answer()]}, "a", RunStatus.IN_DOUBT),
        (
            [step("a", onFailure=[RETRY | {"stepId": "b"}]), step("b")],
            {"a": [LOST, answer()]},
            "ab",
            RunStatus.IN_DOUBT,
        ),
        ([step("b"), step("a", onFailure=[_goto("b")])], {"a": [LOST, answer()]}, "bab", RunStatus.IN_DOUBT),
        ([step("a", onFailure=[_goto("a")])], {"a": [LOST, answer()]}, "a", RunStatus.IN_DOUBT),
        (
            [step("a", onFailure=[_goto("twin")]), {"stepId": "twin", "operationId": "a"}],
            {"a": [LOST, answer()]},
            "a",
            RunStatus.IN_DOUBT,
        ),
        # another step is free to find out, and decides: it happened, or it did not and may be sent again
        ([step("a", onFailure=[_goto("b")]), step("b")], {"a": [LOST]}, "ab", RunStatus.SUCCEEDED),
        (
            [
                step("a", onSuccess=[{"name": "done", "type": "end"}], onFailure=[_goto("b")]),
                step("b", onSuccess=[_goto("a")]),
            ],
            {"a": [LOST, answer()]},
            "aba",
            RunStatus.SUCCEEDED,
        ),
        # a failure after that is a failure like any other
        ([step("a", onFailure=[_goto("b")]), step("b")], {"a": [LOST], "b": [answer(500)]}, "ab", RunStatus.FAILED),
    ],
)
def test_a_request_in_doubt(
    steps: list[dict[str, Any]], answers: dict[str, Any], calls: str, status: RunStatus
) -> None:
    world = ScriptedWorld(answers)
    report = run_scripted(document(workflow(*steps)), world)
    assert (world.calls, report.status) == (calls, status)
    assert ("request-in-doubt" in {each.code for each in report.diagnostics}) == (status is RunStatus.IN_DOUBT)


def test_a_called_workflow_in_doubt_is_not_called_again() -> None:
    text = document(
        workflow({"stepId": "call", "workflowId": "other", "onFailure": [RETRY]}), workflow(step("a"), name="other")
    )
    world = ScriptedWorld({"a": [LOST, answer()]})
    assert run_scripted(text, world).status is RunStatus.IN_DOUBT
    assert world.calls == "a"


def test_an_idempotent_request_is_sent_again() -> None:
    text = document(
        workflow(
            {
                "stepId": "get",
                "operationId": "getThing",
                "parameters": [{"name": "id", "in": "path", "value": 1}],
                "onFailure": [RETRY],
            }
        )
    )
    world = ScriptedWorld({"getThing": [LOST, answer()]})
    assert run_scripted(text, world).status is RunStatus.SUCCEEDED
    assert world.calls == "getThing" * 2


@pytest.mark.parametrize(("name", "calls"), [("idempotency-key", 2), ("Other-Key", 1)])
def test_a_key_that_the_operation_declares_makes_a_request_repeatable(name: str, calls: int) -> None:
    parameters = [{"name": name, "in": "header", "value": "1"}]
    text = document(workflow({"stepId": "pay", "operationId": "pay", "parameters": parameters, "onFailure": [RETRY]}))
    world = ScriptedWorld({"pay": [LOST, answer()]})
    run_scripted(text, world)
    assert len(world.sent) == calls


def test_a_key_that_the_operation_does_not_declare_promises_nothing() -> None:
    parameters = [{"name": "Idempotency-Key", "in": "header", "value": "1"}]
    world = ScriptedWorld({"a": [LOST, answer()]})
    report = run_scripted(document(workflow(step("a", parameters=parameters, onFailure=[RETRY]))), world)
    assert (world.calls, report.status) == ("a", RunStatus.IN_DOUBT)


def test_what_one_run_of_a_session_left_in_doubt_no_other_sends_again() -> None:
    text = document(workflow(step("a"), name="one"), workflow(step("a"), name="two"), workflow(step("b"), name="three"))
    checked = check_document(read_document(text, "file:///main.json"), OneSource())
    ready = make_ready(checked, ["one", "two", "three"], GivenInputs({}), Access())
    session, world = Session(ready.linked), ScriptedWorld({"a": [LOST, answer()], "b": [answer(500)]})
    statuses = [drive(run(session, call, "run"), world).status for call in ready.calls]
    assert world.calls == "ab"
    # a plain failure of a later run is not in doubt
    assert statuses == [RunStatus.IN_DOUBT, RunStatus.IN_DOUBT, RunStatus.FAILED]
