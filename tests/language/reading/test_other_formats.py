"""A field of another format is told with what to write for it, in the values that its author gave it."""

from __future__ import annotations

from typing import Any

import pytest

from arazzo_engine.language.fixed_fields import FAILURE_ACTION, STEP, WORKFLOW
from arazzo_engine.language.reading.advice import fix_field
from arazzo_engine.language.reading.other_formats.fields import OddField, adding
from arazzo_engine.language.reading.ungoverned import PAUSE

_OWNERS = {each.name: each for each in (STEP, WORKFLOW, FAILURE_ACTION)}
_OF_STEP = {"stepId": "s", "operationId": "find"}
_ACTION = {"name": "again", "type": "retry"}
_CALL = {"stepId": "s", "workflowId": "order"}
_UNPLACED = (
    ", where `…` is the place that the API description says; what belongs to its body goes to"
    " `requestBody: {payload: {…}}`"
)


def _fix(owner: str, beside: dict[str, Any], name: str, value: Any, *, version_1_1: bool = False) -> str:
    allowed = _OWNERS[owner].allowed(version_1_1=version_1_1)
    return fix_field(owner, OddField(name, {**beside, name: value}, tuple(allowed)))


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("next", "pay", "write `onSuccess: [{name: to-pay, type: goto, stepId: pay}]`"),
        (
            *("then", "end"),
            ("write `onSuccess: [{name: stop, type: end}]`, or with `type: goto` and `stepId: end` if a step is called"
            " so"),
        ),
        ("retryAttempts", 3, "write `onFailure: [{name: again, type: retry, retryLimit: 3}]`"),
        ("expect", [200, 201], "write `successCriteria: [{condition: $statusCode == 200 || $statusCode == 201}]`"),
        ("expect", ["200", "2xx", {"path": "$.a", "equals": 1}],
         ("write `successCriteria: [{condition: $statusCode == 200 || ($statusCode >= 200 && $statusCode < 300)},"
         " {condition: $response.body#/a == 1}]`")),
        # which cannot hold together
        ("expect", [{"status": 200}, {"status": 204}], "write it as `successCriteria: [{condition: …}]`"),
        ("extract", {"my id": "$.id"}, "write it as `outputs: {<name>: $response.body#/<part>}`"),
        ("expectedStatusCodes", [200], "write `successCriteria: [{condition: $statusCode == 200}]`"),
        ("expectedStatus", "2XX",
         "write `successCriteria: [{condition: $statusCode >= 200 && $statusCode < 300}]`"),
        *(("after", value, PAUSE) for value in ("5s", "PT5S", 5)),
        ("retries", 3, "write `onFailure: [{name: again, type: retry, retryLimit: 3}]`"),
        ("max_retries", "3", "write `onFailure: [{name: again, type: retry, retryLimit: 3}]`"),
        (
            *("retry", {"limit": 5, "delay": "2s"}),
            "write `onFailure: [{name: again, type: retry, retryAfter: 2, retryLimit: 5}]`",
        ),
        (
            *("retry", {"max_attempts": 3, "delay_ms": 500}),
            ("write `onFailure: [{name: again, type: retry, retryAfter: 0.5, retryLimit: 2}]`: `retryLimit` does not"
            " count the first attempt"),
        ),
        ("path", {"id": "1"}, "write `parameters: [{name: id, in: path, value: '1'}]`"),
        ("path", "/pets/1", "remove `path`: `operationId` names what is called"),
        ("headers", ["X-Id: 1", "X-No: a:b"],
         "write `parameters: [{name: X-Id, in: header, value: '1'}, {name: X-No, in: header, value: 'a:b'}]`"),
        ("query", "?a=1&b=x%20y",
         "write `parameters: [{name: a, in: query, value: '1'}, {name: b, in: query, value: x y}]`"),
        ("query", [{"name": "a", "value": 1}], "write `parameters: [{name: a, in: query, value: 1}]`"),
        ("with", {"id": "$inputs.id", "all": True},
         "write `parameters: [{name: id, in: …, value: $inputs.id}, {name: all, in: …, value: true}]`" + _UNPLACED),
        ("form", {"a": 1},
         "write it as `requestBody: {contentType: application/x-www-form-urlencoded, payload: {a: 1}}`"),
        (
            *("params", [{"name": "a", "in": "query", "value": 1}]),
            "write `parameters: [{name: a, in: query, value: 1}]`",
        ),
        # what says more than the fields of Arazzo, and what may be of another unit
        *(
            ("retry", value, "write an entry of `onFailure` with `type: retry`, `retryAfter` and `retryLimit`")
            for value in (True, {"limit": 3, "backoff": "exponential"}, {"limit": 3, "interval": 1000}, "$inputs.n")
        ),
        ("next", ["a", "b"], "write an entry of `onSuccess` with `type: goto` and `stepId`"),
        ("with", {"url": "https://a.example"},
         "write `with` as entries of `parameters`, each with `name` and `value`, and with `in` for an operation"),
    ],
)  # fmt: skip
def test_a_field_of_a_step_is_told_as_what_says_the_same(name: str, value: Any, fix: str) -> None:
    assert _fix("Step Object", _OF_STEP, name, value) == fix


_NO_CRITERION = "write it as `successCriteria: [{condition: …}]`"


@pytest.mark.parametrize(
    ("name", "value", "conditions"),
    [
        ("expect", {"status": 200}, ["$statusCode == 200"]),
        ("expect", 201, ["$statusCode == 201"]),
        ("expectedStatus", [200, "201"], ["$statusCode == 200 || $statusCode == 201"]),
        ("status_code", 200, ["$statusCode == 200"]),
        ("validate", "$statusCode == 200", ["$statusCode == 200"]),
        (
            *("expect", {"statusCode": 200, "body": {"state": "done"}, "headers": {"ETag": "a"}, "$.a[0].b": None}),
            [
                *("$statusCode == 200", "$response.body#/state == 'done'", "$response.header.ETag == 'a'"),
                "$response.body#/a/0/b == null",
            ],
        ),
        ("assert", [{"path": "$.state", "equals": "done"}], ["$response.body#/state == 'done'"]),
        ("assertions", [{"type": "statusCode", "value": 200}], ["$statusCode == 200"]),
        ("assertions", [{"subject": "status", "equals": 200}], ["$statusCode == 200"]),
        ("assertions", [{"field": "status", "equals": "done"}], ["$response.body#/status == 'done'"]),
        ("asserts", ['jsonpath "$.state" == "done"', "status == 200"], [
            "$response.body#/state == 'done'", "$statusCode == 200",
        ]),
    ],
)  # fmt: skip
def test_what_a_step_expects_is_told_as_its_criteria(name: str, value: Any, conditions: list[str]) -> None:
    assert _fix("Step Object", _OF_STEP, name, value) == adding(
        "successCriteria", [{"condition": each} for each in conditions], OddField(name, {}, ())
    )


@pytest.mark.parametrize(
    "value",
    ["ok", {"status": 200, "schema": "Pet"}, [{"path": "$..a", "equals": 1}], [{"path": "$.a", "contains": 1}], [True]],
)
def test_what_may_be_expected_in_another_way_is_not_written_out(value: Any) -> None:
    assert _fix("Step Object", _OF_STEP, "expect", value) == _NO_CRITERION


@pytest.mark.parametrize(
    ("name", "value", "outputs"),
    [
        ("register", "pet", "{pet: $response.body}`, or `$response.body#/<part>"),
        ("register", {"id": "$response.body#/id"}, "{id: $response.body#/id}"),
        ("extract", {"id": "data.items[0].id"}, "{id: $response.body#/data/items/0/id}"),
        ("export", {"id": ".id"}, "{id: $response.body#/id}"),
        ("captures", {"id": 'jsonpath "$.id"', "tag": 'header "ETag"'},
         "{id: $response.body#/id, tag: $response.header.ETag}"),
        ("save", [{"name": "id", "path": "response.body.id"}], "{id: $response.body#/id}"),
        ("save", [{"name": "code", "value": "statusCode"}], "{code: $statusCode}"),
    ],
)  # fmt: skip
def test_what_a_step_keeps_is_told_as_its_outputs(name: str, value: Any, outputs: str) -> None:
    assert _fix("Step Object", _OF_STEP, name, value) == f"write `outputs: {outputs}`"


@pytest.mark.parametrize(("name", "value"), [("response", "the pet"), ("status", "active"), ("tests", "none")])
def test_a_remark_is_not_told_as_a_criterion(name: str, value: Any) -> None:
    assert _fix("Step Object", _OF_STEP, name, value) == f"remove `{name}`, or name it `x-{name}` if it is an extension"
    assert "$statusCode == 200" in _fix("Step Object", _OF_STEP, name, 200)


def test_a_criterion_in_parts_is_told_as_its_condition() -> None:
    criterion = {"path": "$.state", "equals": "done"}
    fix = "write `condition: $response.body#/state == 'done'`"
    assert {fix_field("Criterion Object", OddField(name, criterion, ("condition",))) for name in criterion} == {fix}


def test_what_a_step_keeps_beside_its_outputs_is_added_to_them() -> None:
    beside = {**_OF_STEP, "outputs": {"a": "$response.body#/a"}}
    assert _fix("Step Object", beside, "extract", {"b": "$.b"}) == "add to `outputs`: `b: $response.body#/b`"


@pytest.mark.parametrize("value", [{"a": "status"}, {"a": "steps.b.outputs.c"}, {"a": "id", "b": "$..id"}])
def test_what_may_be_kept_in_another_way_is_not_written_out(value: Any) -> None:
    fix = "write it as `outputs: {<name>: $response.body#/<part>}`"
    assert _fix("Step Object", _OF_STEP, "extract", value) == fix


@pytest.mark.parametrize("name", ["with", "args", "params"])
def test_what_a_workflow_is_called_with_has_no_place(name: str) -> None:
    assert _fix("Step Object", _CALL, name, {"id": 1}) == "write `parameters: [{name: id, value: 1}]`"


def test_what_stands_in_a_list_already_is_added_to() -> None:
    beside = {**_OF_STEP, "onSuccess": [{"name": "a", "type": "end"}], "parameters": [{"name": "a", "value": 1}]}
    fix = "add to `onSuccess`: `{name: to-pay, type: goto, stepId: pay}`"
    assert _fix("Step Object", beside, "next", "pay") == fix
    assert _fix("Step Object", beside, "path", {"id": 1}) == "add to `parameters`: `{name: id, in: path, value: 1}`"


def test_several_fields_of_one_action_are_told_as_one() -> None:
    beside = {**_OF_STEP, "retryAfter": 2}
    fix = "write `onFailure: [{name: again, type: retry, retryAfter: 2, retryLimit: 3}]`"
    assert _fix("Step Object", beside, "retryLimit", 3) == fix


def test_an_action_that_tries_again_already_is_given_what_it_lacks() -> None:
    beside = {**_OF_STEP, "onFailure": [{"name": "a", "type": "retry"}]}
    fix = "write `retryAfter: 3` in the action of `onFailure` with `type: retry`"
    assert _fix("Step Object", beside, "retryInterval", 3) == fix


@pytest.mark.parametrize("name", ["depends_on", "needs", "requires"])
def test_what_a_step_needs_is_its_depends_on_where_there_is_one(name: str) -> None:
    fix = "put the step behind `a`: steps run in their order; or write `dependsOn: [a]` and `arazzo: 1.1.0`"
    assert _fix("Step Object", _OF_STEP, name, "a") == fix
    assert _fix("Step Object", _OF_STEP, name, ["a", "b"], version_1_1=True) == "write `dependsOn: [a, b]`"


def test_what_a_workflow_needs_and_how_often_it_is_tried_are_its_own_fields() -> None:
    assert _fix("Workflow Object", {"workflowId": "w"}, "needs", ["a"]) == "write `dependsOn: [a]`"
    fix = "write `failureActions: [{name: again, type: retry, retryLimit: 2}]`"
    assert _fix("Workflow Object", {"workflowId": "w"}, "retries", 2) == fix


def test_a_timeout_is_in_milliseconds() -> None:
    assert _fix("Step Object", _OF_STEP, "timeout_seconds", 5, version_1_1=True) == (
        "write `timeout: 5000`, in milliseconds"
    )
    fix = "write `timeout: 250`, in milliseconds, and `arazzo: 1.1.0`, which has it"
    assert _fix("Step Object", _OF_STEP, "timeoutMs", 250) == fix
    in_minutes = _fix("Step Object", _OF_STEP, "timeout-minutes", 10, version_1_1=True)
    assert in_minutes == "write `timeout: 600000`, in milliseconds"


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("intervalSeconds", 90, "write it as `retryAfter: 90`, in seconds"),
        ("delay", "500ms", "write it as `retryAfter: 0.5`, in seconds"),
        ("wait", "PT1M", "write it as `retryAfter: 60`, in seconds"),
        ("interval_ms", 1500, "write it as `retryAfter: 1.5`, in seconds"),
        ("delay", 500, "write it as `retryAfter`, in seconds"),
        ("limit", 3, "write it as `retryLimit: 3`"),
        ("status", "5xx", "write `criteria: [{condition: $statusCode >= 500 && $statusCode < 600}]`"),
        ("max_attempts", 3, "write it as `retryLimit: 2`, which does not count the first attempt"),
        ("next", "pay", "write it as `stepId: pay`"),
        ("on", [502, 503], "write `criteria: [{condition: $statusCode == 502 || $statusCode == 503}]`"),
    ],
)
def test_a_field_of_an_action_is_told_as_what_says_the_same(name: str, value: Any, fix: str) -> None:
    assert _fix("Failure Action Object", _ACTION, name, value) == fix


def test_what_a_state_machine_counts_are_the_attempts_after_the_first() -> None:
    of_states = {**_ACTION, "IntervalSeconds": 2, "BackoffRate": 2.0}
    assert _fix("Failure Action Object", of_states, "MaxAttempts", 3) == "write it as `retryLimit: 3`"
    retry = {"ErrorEquals": ["x"], "MaxAttempts": 2}
    assert _fix("Step Object", _OF_STEP, "retry", {"intervalSeconds": 2, "maxAttempts": 2}) == (
        "write `onFailure: [{name: again, type: retry, retryAfter: 2, retryLimit: 2}]`"
    )
    assert "retryLimit: 1" not in _fix("Step Object", _OF_STEP, "retry", retry)


@pytest.mark.parametrize("captured", [{"json": "$[0].slotId", "as": "slot"}, [{"json": "$[0].slotId", "as": "slot"}]])
def test_what_is_kept_as_a_name_is_an_output_of_that_name(captured: Any) -> None:
    assert _fix("Step Object", _OF_STEP, "capture", captured) == "write `outputs: {slot: $response.body#/0/slotId}`"


@pytest.mark.parametrize("name", ["retryOnFail", "retryOn", "retry_on_status", "retryStrategy"])
def test_a_field_of_another_attempt_is_no_slip_for_another_field(name: str) -> None:
    fixes = [_fix("Step Object", _OF_STEP, name, value) for value in (True, False)]
    assert fixes[0].startswith("write an entry of `onFailure` with `type: retry`")
    assert fixes[1] == f"remove `{name}`: it is so without it"


def test_a_request_beside_the_operation_that_it_is_is_removed_but_for_what_it_sends() -> None:
    request = {"url": "/pets", "method": "POST", "json": {"name": "rex"}}
    assert _fix("Step Object", _OF_STEP, "request", request) == (
        "remove `request`: `operationId` names what is called; what it sends is `requestBody: {payload: {name: rex}}`"
    )
    assert _fix("Step Object", _OF_STEP, "request", {"url": "/", "method": "GET"}).endswith("names what is called")
