"""A request whose outcome is unknown is never sent again by itself; a step that finds out may decide that it is."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import (
    DOWN,
    OneSource,
    ScriptedWorld,
    answer,
    document,
    make_workflows_ready,
    run_scripted,
    step,
    workflow,
)

from arazzo_engine.apis.security.access import Access
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Limits, Settings
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.preparing import check_document, make_ready

LOST = NoResponse(Failure.TIMEOUT, "no answer")
RETRY = {"name": "again", "type": "retry", "retryAfter": 0, "retryLimit": 3}


def _goto(target: str, **rest: Any) -> dict[str, Any]:
    return {"name": f"to-{target}", "type": "goto", "stepId": target, **rest}


@pytest.mark.parametrize(
    ("steps", "answers", "calls", "status", "is_open"),
    [
        # nothing handles it: that the charge failed is not known
        ([step("a")], {"a": [LOST]}, "a", RunStatus.IN_DOUBT, True),
        # what never left is no doubt, and what was answered is none
        ([step("a")], {"a": [DOWN]}, "a", RunStatus.FAILED, False),
        ([step("a", onFailure=[RETRY])], {"a": [DOWN, answer()]}, "aa", RunStatus.SUCCEEDED, False),
        ([step("a", onFailure=[RETRY])], {"a": [answer(503), answer()]}, "aa", RunStatus.SUCCEEDED, False),
        # neither a retry, nor a way back to the step, nor the same request of another step sends it again
        ([step("a", onFailure=[RETRY])], {"a": [LOST, answer()]}, "a", RunStatus.IN_DOUBT, True),
        (
            [step("a", onFailure=[RETRY | {"stepId": "b"}]), step("b")],
            {"a": [LOST, answer()]},
            "ab",
            RunStatus.IN_DOUBT,
            True,
        ),
        ([step("b"), step("a", onFailure=[_goto("b")])], {"a": [LOST, answer()]}, "bab", RunStatus.IN_DOUBT, True),
        ([step("a", onFailure=[_goto("a")])], {"a": [LOST, answer()]}, "a", RunStatus.IN_DOUBT, True),
        (
            [step("a", onFailure=[_goto("twin")]), {"stepId": "twin", "operationId": "a"}],
            {"a": [LOST, answer()]},
            "a",
            RunStatus.IN_DOUBT,
            True,
        ),
        # another step may go on, and what it does not say is still open
        ([step("a", onFailure=[_goto("b")]), step("b")], {"a": [LOST]}, "ab", RunStatus.SUCCEEDED, True),
        # a step that finds out decides: it did not happen, and may be sent again
        (
            [
                step("a", onSuccess=[{"name": "done", "type": "end"}], onFailure=[_goto("b")]),
                step("b", onSuccess=[_goto("a")]),
            ],
            {"a": [LOST, answer()]},
            "aba",
            RunStatus.SUCCEEDED,
            False,
        ),
        # a failure after that is a failure like any other, and the doubt is told all the same
        (
            [step("a", onFailure=[_goto("b")]), step("b")],
            {"a": [LOST], "b": [answer(500)]},
            "ab",
            RunStatus.FAILED,
            True,
        ),
    ],
)
def test_a_request_in_doubt(
    steps: list[dict[str, Any]], answers: dict[str, Any], calls: str, status: RunStatus, is_open: bool
) -> None:
    world = ScriptedWorld(answers)
    report = run_scripted(document(workflow(*steps)), world)
    assert (world.calls, report.status) == (calls, status)
    assert report.is_unsettled == is_open


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


@pytest.mark.parametrize(("name", "key"), [("idempotency-key", "1"), ("Other-Key", None)])
def test_a_key_that_the_operation_declares_makes_a_request_repeatable(name: str, key: str | None) -> None:
    parameters = [{"name": name, "in": "header", "value": "1"}]
    text = document(workflow({"stepId": "pay", "operationId": "pay", "parameters": parameters, "onFailure": [RETRY]}))
    world = ScriptedWorld({"pay": [LOST, answer()]})
    run_scripted(text, world)
    keys = [header(each.request.headers, "idempotency-key") for each in world.sent]
    assert len(keys) == 2
    assert keys[0] == keys[1] == (key or keys[0])
    assert keys[0] is not None


def test_each_visit_of_a_step_has_a_key_of_its_own() -> None:
    again = {"stepId": "pay", "operationId": "pay", "onSuccess": [{"name": "more", "type": "goto", "stepId": "pay"}]}
    worlds = [ScriptedWorld({"pay": [answer()]}) for _ in range(2)]
    for world in worlds:
        ready = make_workflows_ready(document(workflow(again)))
        drive(run(Session(ready.linked, Settings(limits=Limits(steps=3))), ready.calls[0], "run"), world)
    keys = [[header(each.request.headers, "idempotency-key") for each in world.sent] for world in worlds]
    assert len({*keys[0]}) == 3
    assert keys[0] == keys[1]


@pytest.mark.parametrize(("said", "calls"), [(True, "aa"), (False, "a"), (None, "a")])
def test_what_a_step_says_of_its_request_comes_before_its_method(said: bool | None, calls: str) -> None:
    extension = {} if said is None else {"x-arazzo-engine-idempotent": said}
    world = ScriptedWorld({"a": [LOST, answer()]})
    run_scripted(document(workflow(step("a", onFailure=[RETRY], **extension))), world)
    assert world.calls == calls


def test_a_key_that_the_operation_does_not_declare_promises_nothing() -> None:
    parameters = [{"name": "Idempotency-Key", "in": "header", "value": "1"}]
    world = ScriptedWorld({"a": [LOST, answer()]})
    report = run_scripted(document(workflow(step("a", parameters=parameters, onFailure=[RETRY]))), world)
    assert (world.calls, report.status) == ("a", RunStatus.IN_DOUBT)


def test_what_one_run_of_a_session_left_in_doubt_no_other_sends_again() -> None:
    text = document(workflow(step("a"), name="one"), workflow(step("a"), name="two"), workflow(step("b"), name="three"))
    checked = check_document(read_document(text, "file:///main.json"), OneSource())
    ready = make_ready(checked, ["one", "two", "three"], GivenInputs({}), Settings(Access()))
    session, world = Session(ready.linked), ScriptedWorld({"a": [LOST, answer()], "b": [answer(500)]})
    statuses = [drive(run(session, call, "run"), world).status for call in ready.calls]
    assert world.calls == "ab"
    # a plain failure of a later run is not in doubt
    assert statuses == [RunStatus.IN_DOUBT, RunStatus.IN_DOUBT, RunStatus.FAILED]


# --- a key, and methods that may be repeated ---

_KEYED: Any = {"stepId": "pay", "operationId": "pay", "parameters": [
    {"name": "Idempotency-Key", "in": "header", "value": "order-7"}
]}  # fmt: skip


def test_a_request_with_a_key_that_got_no_answer_is_in_doubt_and_safe_to_repeat_with_it() -> None:
    report = run_scripted(document(workflow(_KEYED)), ScriptedWorld({"pay": [LOST]}))
    assert report.status is RunStatus.IN_DOUBT
    (told,) = report.diagnostics
    assert told.message.endswith("got no answer; its outcome is unknown")
    assert "send it again with `Idempotency-Key: order-7`: that is safe" in told.fix


def test_a_request_with_a_key_is_settled_by_the_answer_to_its_retry() -> None:
    text = document(workflow({**_KEYED, "onFailure": [RETRY]}))
    report = run_scripted(text, ScriptedWorld({"pay": [LOST, answer()]}))
    assert (report.status, report.is_unsettled) == (RunStatus.SUCCEEDED, False)


@pytest.mark.parametrize("second", [LOST, DOWN])
def test_a_retry_that_is_lost_too_settles_nothing(second: NoResponse) -> None:
    text = document(workflow({**_KEYED, "onFailure": [RETRY]}))
    world = ScriptedWorld({"pay": [LOST, second]})
    report = run_scripted(text, world)
    assert (world.calls, report.status) == ("pay" * 4, RunStatus.IN_DOUBT)
    # it is one request, however often it was sent
    assert [each.code for each in report.diagnostics] == ["request-in-doubt"]


def test_the_same_request_with_another_key_is_not_sent() -> None:
    other = {**_KEYED, "stepId": "again", "parameters": [{"name": "Idempotency-Key", "in": "header", "value": "other"}]}
    world = ScriptedWorld({"pay": [LOST, answer()]})
    report = run_scripted(document(workflow({**_KEYED, "onFailure": [_goto("again")]}, other)), world)
    assert (world.calls, report.status) == ("pay", RunStatus.IN_DOUBT)


def test_a_key_that_is_not_declared_is_shown_with_what_it_is_worth() -> None:
    parameters = [{"name": "Idempotency-Key", "in": "header", "value": "order-7"}]
    report = run_scripted(document(workflow(step("a", parameters=parameters))), ScriptedWorld({"a": [LOST]}))
    assert "`Idempotency-Key: order-7` makes it safe only if the API says so" in report.diagnostics[0].fix


# --- to the letter ---


def test_a_run_that_is_asked_to_repeats_what_is_in_doubt_and_says_so() -> None:
    world = ScriptedWorld({"a": [LOST, answer()]})
    ready = make_workflows_ready(document(workflow(step("a", onFailure=[RETRY]))))
    report = drive(run(Session(ready.linked, Settings(retry_unsafe=True)), ready.calls[0], "run"), world)
    assert (world.calls, report.status, report.is_unsettled) == ("aa", RunStatus.SUCCEEDED, False)
    assert report.steps[1].notes == ("sent again, as `--retry-unsafe` asks: the first may have been acted upon, too",)


def test_a_retry_to_the_letter_that_is_lost_each_time_is_in_doubt() -> None:
    world = ScriptedWorld({"a": [LOST]})
    ready = make_workflows_ready(document(workflow(step("a", onFailure=[RETRY]))))
    report = drive(run(Session(ready.linked, Settings(retry_unsafe=True)), ready.calls[0], "run"), world)
    assert (world.calls, report.status, report.is_unsettled) == ("aaaa", RunStatus.IN_DOUBT, True)


# --- steps that ask ---


@pytest.mark.parametrize(
    ("asks", "is_open"),
    [
        # it reads what was to be made, and is content with what it found
        ({"operationId": "findPayment", "successCriteria": [{"condition": "$statusCode == 200"}]}, False),
        ({"operationId": "findPayments", "successCriteria": [{"condition": "$response.body#/0 != null"}]}, False),
        # it does not look at what came, reads something else, or changes something
        ({"operationId": "findPayments"}, True),
        ({"operationId": "getThing", "successCriteria": [{"condition": "$statusCode == 200"}]}, True),
        ({"operationId": "cancel", "successCriteria": [{"condition": "$statusCode == 200"}]}, True),
    ],
)
def test_a_step_that_asks_what_became_of_it_settles_it(asks: dict[str, Any], is_open: bool) -> None:
    identity = [{"name": "id", "in": "path", "value": 1}] if asks["operationId"] != "findPayments" else []
    ask = {"stepId": "ask", "parameters": identity, **asks}
    pay = {"stepId": "pay", "operationId": "pay", "onFailure": [_goto("ask")]}
    world = ScriptedWorld({"pay": [LOST], "findPayments": [answer(200, [1])]})
    report = run_scripted(document(workflow(pay, ask)), world)
    assert (report.status, report.is_unsettled) == (RunStatus.SUCCEEDED, is_open)


def test_an_idempotent_change_that_got_no_answer_is_in_doubt_and_a_read_is_not() -> None:
    identity = [{"name": "id", "in": "path", "value": 1}]
    statuses = {}
    for name in ("cancel", "findPayment"):
        text = document(workflow({"stepId": "it", "operationId": name, "parameters": identity}))
        statuses[name] = run_scripted(text, ScriptedWorld({name: [LOST]})).status
    assert statuses == {"cancel": RunStatus.IN_DOUBT, "findPayment": RunStatus.FAILED}
