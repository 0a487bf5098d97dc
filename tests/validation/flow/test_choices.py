"""Actions that are never chosen, criteria that exclude each other, and retries that wait and are made once."""

from __future__ import annotations

from typing import Any

import pytest
from flowing import end, found, found_in, goto, retry, told
from scripted import step, workflow
from validated import validated

_DEFAULT = "without `successCriteria`, a status from 200 to 399 is a success"


def _criteria(*conditions: str) -> dict[str, Any]:
    return {"successCriteria": [{"condition": each} for each in conditions]}


def _messages(*steps: dict[str, Any], **rest: Any) -> list[str]:
    """Return what is found, but for the steps that no way leads to, and the requests that are sent again."""
    left_out = {"step-unreachable", "request-repeated"}
    messages = [each.message for each in found_in(*steps, **rest) if each.code not in left_out]
    return [each.removeprefix("action ").replace(" is never chosen after step `a`", "") for each in messages]


@pytest.mark.parametrize(
    ("actions", "why"),
    [
        (
            {"onSuccess": [end(name="one"), goto("a", name="other")]},
            "`other`: `one`, before it, has no criteria and is always chosen",
        ),
        (
            {"onFailure": [goto("b", name="one"), retry(name="other")]},
            "`other`: `one`, before it, has no criteria and is always chosen",
        ),
        (
            {"onSuccess": [end("$statusCode == 200 && $statusCode == 404", name="one")]},
            "`one`: `$statusCode == 200 && $statusCode == 404` cannot hold",
        ),
        (
            {"onFailure": [end("$statusCode == 404", "$statusCode == 401", name="one")]},
            "`one`: `$statusCode == 404` and `$statusCode == 401` cannot hold together",
        ),
        (
            {"onSuccess": [end("1 == 2", name="one")]},
            "`one`: `1 == 2` cannot hold",
        ),
        (
            {"onSuccess": [end("$statusCode == 404", name="one")]},
            f"`one`: its criteria never hold when the step has succeeded: {_DEFAULT}",
        ),
        (
            {"onSuccess": [end("$statusCode == 202", name="one")], **_criteria("$statusCode == 200")},
            "`one`: its criteria never hold when the step has succeeded",
        ),
        (
            {"onFailure": [end("$statusCode == 200", name="one")], **_criteria("$statusCode == 200")},
            "`one`: its criteria hold only when the step has succeeded",
        ),
        (
            {
                "onFailure": [end("$statusCode == 200", "$response.body#/ok == true", name="one")],
                **_criteria("$statusCode == 200", "$response.body#/ok == true"),
            },
            "`one`: its criteria hold only when the step has succeeded",
        ),
        (
            {"onFailure": [end("$statusCode >= 400", name="one"), end("$statusCode == 404", name="other")]},
            "`other`: `one`, before it, is chosen whenever its criteria hold",
        ),
        (
            {
                "onFailure": [
                    end("$statusCode < 450", name="one"),
                    end("$statusCode >= 450", name="two"),
                    end("$statusCode > 400", name="three"),
                ]
            },
            "`three`: whenever its criteria hold, those of an action before it do",
        ),
        (
            {"onFailure": [retry(name="one", retryLimit=0)]},
            "`one`: its `retryLimit` is 0",
        ),
        (
            {"onFailure": [retry("$steps.a.outputs.n == 1", name="one")], "outputs": {"n": "$response.body#/n"}},
            f"`one`: its criteria hold only when the step has succeeded: {_DEFAULT}",
        ),
    ],
)
def test_an_action_that_is_never_chosen(actions: dict[str, Any], why: str) -> None:
    assert _messages(step("a", **actions), step("b")) == [why]


def test_an_action_of_the_workflow_is_told_of_no_step_where_another_one_chooses_it() -> None:
    # how many there are is counted by a condition of this engine, for which the step is made anew
    counted = [{"condition": "$statusCode == 200"}, {"condition": "$response.body.length > 0"}]
    described = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "array"}}}}}
    stopping = {"successCriteria": counted, "onFailure": [end(name="stop")]}
    broken = {"failureActions": [end("$statusCode == 500", name="broken")]}
    problems = validated(stopping, {"responses": described}, workflow=broken)
    assert [each.code for each in problems] == ["repaired"]


@pytest.mark.parametrize(
    ("action", "fix"),
    [
        (end("$statusCode == 200"), "move it to `onSuccess`, or let `successCriteria` refuse what it asks for"),
        (retry("$statusCode == 200"), "change its criteria, or let `successCriteria` refuse what it asks for"),
    ],
)
def test_only_what_may_stand_there_is_moved_to_the_success_actions(action: dict[str, Any], fix: str) -> None:
    (problem,) = found_in(step("a", onFailure=[action]))
    assert (problem.code, problem.fix) == ("action-never-chosen", fix)


@pytest.mark.parametrize(
    "actions",
    [
        {"onSuccess": [goto("b", "$statusCode == 202"), end()]},
        # a retry gives way to the next action when it is used up, or its target has failed
        {"onFailure": [retry(), goto("b")]},
        {"onFailure": [retry("$statusCode == 503"), end("$statusCode == 503")]},
        # without an answer there is no status
        {"onFailure": [end("$statusCode >= 400"), end("$statusCode < 400", name="other")]},
        {"onFailure": [end("$statusCode == null"), end(name="other")]},
        {"onFailure": [end("$statusCode != 200")], **_criteria("$statusCode == 200")},
        {"onFailure": [retry("$statusCode == 200")], **_criteria("$statusCode == 200", "$response.body#/ok == true")},
        {"onFailure": [retry("$response.body#/s != 'done'")], **_criteria("$response.body#/s == 'done'")},
        {"onFailure": [retry("$response.body#/s == 'run'")], **_criteria("$response.body#/s == 'done'")},
        # a redirect is a success, unless criteria say otherwise
        {"onSuccess": [end("$statusCode == 302")]},
        {"onSuccess": [end("$statusCode == 404")], **_criteria("$statusCode == 200 || $statusCode == 404")},
        # what a query says of the body is one thing, what another says another
        {
            "successCriteria": [{"context": "$response.body", "type": "jsonpath", "condition": "$.a"}],
            "onSuccess": [
                {**end(), "criteria": [{"context": "$response.body", "type": "jsonpath", "condition": "$.b"}]}
            ],
        },
    ],
)
def test_what_may_be_chosen_is_let_be(actions: dict[str, Any]) -> None:
    assert _messages(step("a", **actions), step("b")) == []


def test_a_called_workflow_may_fail_whatever_the_criteria_say() -> None:
    calls = {"stepId": "call", "workflowId": "other", **_criteria("$statusCode == 200")}
    problems = found(workflow({**calls, "onFailure": [retry("$statusCode == 200")]}), workflow(step("h"), name="other"))
    assert told(problems) == []


def test_an_action_of_the_workflow_is_there_for_some_step() -> None:
    steps = [step("a", onFailure=[end(name="own")]), step("b")]
    assert _messages(*steps, failureActions=[retry(name="shared")]) == []
    assert _messages(*steps[:1], failureActions=[retry(name="shared")]) == [
        "`shared`: `own`, before it, has no criteria and is always chosen"
    ]


@pytest.mark.parametrize(
    ("conditions", "message", "fix"),
    [
        (
            ["$statusCode == 200", "$statusCode == 201"],
            "step `a` never succeeds: `$statusCode == 200` and `$statusCode == 201` cannot hold together",
            "write what may be one or the other in one condition: `$statusCode == 200 || $statusCode == 201`",
        ),
        (
            ["$statusCode == 200 && $statusCode == 201"],
            "step `a` never succeeds: `$statusCode == 200 && $statusCode == 201` cannot hold",
            "write `||` between what may be one or the other",
        ),
        (
            ["$statusCode == 200", "$statusCode != 200"],
            "step `a` never succeeds: `$statusCode == 200` and `$statusCode != 200` cannot hold together",
            "change one of them",
        ),
        (
            ["$statusCode >= 200", "$statusCode != 200", "$statusCode < 201"],
            "step `a` never succeeds: its success criteria cannot hold together",
            "write what may be one or the other in one condition, joined by `||`",
        ),
    ],
)
def test_criteria_that_exclude_each_other(conditions: list[str], message: str, fix: str) -> None:
    (problem,) = found_in(step("a", **_criteria(*conditions)), step("b"))
    assert (problem.severity.value, problem.code) == ("error", "criteria-contradictory")
    assert (problem.message, problem.fix) == (message, fix)


@pytest.mark.parametrize(
    "rest",
    [
        # a failure that is led on, and a criterion of literals that was made to fail
        {"onFailure": [goto("b")], **_criteria("$statusCode == 200", "$statusCode == 404")},
        _criteria("1 == 2"),
        _criteria("false"),
    ],
)
def test_a_failure_that_may_be_meant_is_a_warning(rest: dict[str, Any]) -> None:
    problems = found_in(step("a", **rest), step("b"))
    assert [(each.severity.value, each.code) for each in problems] == [("warning", "criteria-contradictory")]


def _poll(*conditions: str, **rest: Any) -> dict[str, Any]:
    parameters = [{"name": "id", "in": "path", "value": "1"}]
    called = {"stepId": "poll", "operationId": "getThing", "parameters": parameters}
    return {
        **called,
        **_criteria("$statusCode == 200", "$response.body#/s == 'done'"),
        "onFailure": [retry(*conditions, **rest)],
    }


@pytest.mark.parametrize(
    "poll",
    [
        _poll(retryAfter=5),
        _poll("$response.body#/s == 'running'"),
        _poll("$statusCode == 200", "$response.body#/s != 'done'", retryAfter=1),
        _poll("$statusCode == 200"),
        _poll("$statusCode >= 200 && $statusCode <= 204"),
    ],
)
def test_a_retry_that_waits_and_is_made_once(poll: dict[str, Any]) -> None:
    (problem,) = found_in(poll)
    assert told((problem,)) == [
        "warning[retry-once]: retry `again` of step `poll` waits for what the body says, and is made only once"
    ]
    assert problem.fix == "add how often it may be made, such as `retryLimit: 10`"


def test_a_retry_that_waits_for_another_status_of_success_and_is_made_once() -> None:
    poll = {**_poll("$statusCode == 202"), **_criteria("$statusCode == 200")}
    assert "warning[retry-once]: retry `again` of step `poll` waits for another status, and is made only once" in told(
        found_in(poll)
    )


@pytest.mark.parametrize(
    "poll",
    [
        _poll(retryAfter=5, retryLimit=3),
        _poll(retryAfter=5, retryLimit=1),
        # which is told to be no limit
        _poll(retryAfter=5, retryLimit=-1),
        # a server in trouble, or a token that has ended
        _poll("$statusCode == 503", retryAfter=5),
        _poll("$statusCode >= 500", retryAfter=5),
        _poll("$statusCode == 401", stepId="poll"),
        _poll(),
        # what is sent again changes something
        step("a", **_criteria("$response.body#/s == 'done'"), onFailure=[retry(retryAfter=5)]),
        {**_poll(retryAfter=5), **_criteria("$statusCode == 200")},
    ],
)
def test_a_retry_that_is_no_poll_is_let_be(poll: dict[str, Any]) -> None:
    assert [each for each in found_in(poll) if each.code == "retry-once"] == []
