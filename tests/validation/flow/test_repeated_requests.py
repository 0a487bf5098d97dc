"""Requests that a loop or a retry sends again although they did what they were for."""

from __future__ import annotations

from typing import Any

import pytest
from flowing import end, found, goto, retry
from scripted import step, workflow

_STATE = "$response.body#/state"
_POLL = {"stepId": "poll", "operationId": "getThing", "parameters": [{"name": "id", "in": "path", "value": "1"}]}


def _repeated(*steps: dict[str, Any], **rest: Any) -> list[str]:
    problems = [each for each in found(workflow(*steps, **rest)) if each.code == "request-repeated"]
    assert all(each.severity == "warning" for each in problems)
    return [each.message for each in problems]


def _poll(**rest: Any) -> dict[str, Any]:
    return {**_POLL, **rest}


def _sends(value: str, **rest: Any) -> dict[str, Any]:
    return step("a", parameters=[{"name": "of", "in": "query", "value": value}], **rest)


def test_a_loop_that_asks_again_leads_to_what_is_behind_the_request() -> None:
    (problem,) = (
        each
        for each in found(workflow(step("a"), _poll(onSuccess=[goto("a", f"{_STATE} == 'pending'", name="notYet")])))
        if each.code == "request-repeated"
    )
    assert problem.message == "step `a` sends the same request again whenever action `notYet` of step `poll` is chosen"
    assert problem.fix == (
        "lead `notYet` to a step behind `a`, or give the request an idempotency key;"
        " `x-arazzo-engine-idempotent: true` says that it does no harm"
    )
    assert [each.message for each in problem.related] == ["the request"]
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/1/onSuccess/0/name"


def test_the_action_that_is_told_is_the_one_that_leads_back_and_no_retry_of_the_step_that_asks() -> None:
    back, wait = goto("a", f"{_STATE} == 'jammed'", name="jam"), retry(f"{_STATE} == 'printing'", retryLimit=9)
    criteria = [{"condition": f"{_STATE} == 'done'"}]
    told = _repeated(step("a"), _poll(successCriteria=criteria, onFailure=[back, wait]))
    assert told == ["step `a` sends the same request again whenever action `jam` of step `poll` is chosen"]


def test_a_step_that_asks_by_doing_it_again_asks_in_another_step() -> None:
    again = retry(f"{_STATE} == 'processing'", retryLimit=9)
    (problem,) = (each for each in found(workflow(step("a", onFailure=[again]))) if each.code == "request-repeated")
    assert problem.message == "step `a` sends the same request again whenever action `again` is chosen"
    assert problem.fix.startswith("ask what became of it in a step of its own, or give the request an idempotency key")
    assert problem.related == ()


@pytest.mark.parametrize(
    "steps",
    [
        [_sends("$inputs.n"), _poll(onSuccess=[goto("a", f"{_STATE} == 'pending'")])],
        [step("a"), step("b"), _poll(onFailure=[goto("b", f"{_STATE} != 'done'")])],
        # before each retry the step is run that it names
        [step("a"), _poll(onFailure=[retry(f"{_STATE} == 'running'", stepId="a", retryLimit=5)])],
        [
            step(
                "a",
                successCriteria=[{"condition": "$statusCode == 200"}, {"condition": f"{_STATE} == 'succeeded'"}],
                onFailure=[retry(retryLimit=3)],
            )
        ],
        [step("a", onSuccess=[goto("a", "$response.body#/left > 0")])],
        # another key for each visit
        [step("pay"), _poll(onSuccess=[goto("pay", f"{_STATE} == 'pending'")])],
    ],
)
def test_a_request_that_comes_again_unchanged_is_told_once(steps: list[Any]) -> None:
    assert len(_repeated(*steps)) == 1


@pytest.mark.parametrize(
    "steps",
    [
        # it is entered once
        [step("a"), _poll(onSuccess=[goto("poll", f"{_STATE} == 'pending'", name="x")])],
        [step("a"), _poll(onFailure=[retry(f"{_STATE} == 'pending'", retryLimit=9)])],
        # pages
        [_poll(onSuccess=[goto("poll", "$response.body#/next")]), step("a")],
        # each time another one
        [
            _poll(outputs={"n": "$response.body#/n"}),
            _sends("$steps.poll.outputs.n", onSuccess=[goto("poll", f"{_STATE} == 'more'")]),
        ],
        # it failed, and is sent again for that
        [step("a", onFailure=[retry("$statusCode == 503", retryLimit=3)])],
        [step("a", onFailure=[retry(retryLimit=3, retryAfter=1)])],
        [step("a", onFailure=[retry("$response.body#/error == 'ratelimited'", retryLimit=3)])],
        [step("a"), _poll(onFailure=[goto("a", "$statusCode == 401")])],
        [step("a"), _poll(onFailure=[retry("$statusCode == 401", stepId="a", retryLimit=3)])],
        [step("a"), _poll(onSuccess=[goto("a", f"{_STATE} == 'failed'")])],
        # nothing leads out of it, which is told
        [step("a", onSuccess=[goto("a")])],
        # never chosen
        [step("a", onSuccess=[end(), goto("a", f"{_STATE} == 'pending'")])],
    ],
)
def test_what_is_sent_once_or_anew_or_for_a_failure_is_let_be(steps: list[Any]) -> None:
    assert _repeated(*steps) == []


@pytest.mark.parametrize(
    "said",
    [
        {"x-arazzo-engine-idempotent": True},
        {"parameters": [{"name": "Idempotency-Key", "in": "header", "value": "$inputs.key"}]},
        {"requestBody": {"payload": {"idempotency_key": "$inputs.key", "amount": 1}}},
        {"requestBody": {"payload": {"idempotency_key": "k-1"}}},
    ],
)
def test_a_request_that_the_server_recognises_may_come_again(said: dict[str, Any]) -> None:
    assert _repeated(step("a", **said), _poll(onSuccess=[goto("a", f"{_STATE} == 'pending'")])) == []


def test_each_attempt_of_a_step_has_the_key_that_its_operation_declares() -> None:
    assert _repeated(step("pay", onFailure=[retry(f"{_STATE} == 'pending'", retryLimit=9)])) == []


def test_a_request_that_is_said_to_do_harm_is_told_whatever_its_method() -> None:
    asks = _poll(**{"x-arazzo-engine-idempotent": False, "onFailure": [retry(f"{_STATE} == 'pending'", retryLimit=9)]})
    assert len(_repeated(asks)) == 1
