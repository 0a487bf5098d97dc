"""A step that sends an output of its own, as the cursor of the next page: the first time there is none."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from scripted import ScriptedWorld, answer, document, run_scripted, step, workflow
from validated import Findings, validated

from arazzo_engine.reporting.outcomes import RunStatus

_OWN: Final = "$steps.a.outputs.next"
_MORE: Final = {
    "name": "more",
    "type": "goto",
    "stepId": "a",
    "criteria": [{"condition": "$response.body#/next != null"}],
}
_RETRY: Final = {"name": "again", "type": "retry", "retryAfter": 0}


def _loop(**more: Any) -> dict[str, Any]:
    outputs = {"next": "$response.body#/next"}
    return workflow(step("a", outputs=outputs, onSuccess=[_MORE], onFailure=[_RETRY], **more))


def _in(location: str) -> dict[str, Any]:
    return {"parameters": [{"name": "cursor", "in": location, "value": _OWN}]}


def test_a_cursor_is_left_out_until_there_is_one() -> None:
    world = ScriptedWorld({"a": [answer(200, {"next": "c2"}), answer(200, {"next": "c3"}), answer(200, {})]})
    assert run_scripted(document(_loop(**_in("query"))), world).succeeded
    queries = [each.request.url.partition("?")[2] for each in world.sent]
    assert queries == ["", "cursor=c2", "cursor=c3"]


def test_a_member_is_left_out_until_there_is_a_value() -> None:
    payload = {"size": 5, "page": {"after": _OWN}}
    world = ScriptedWorld({"a": [answer(200, {"next": "c2"}), answer(200, {})]})
    body = {"requestBody": {"contentType": "application/json", "payload": payload}}
    assert run_scripted(document(_loop(**body)), world).succeeded
    sent = [json.loads(bytes(each.request.content)) for each in world.sent]
    assert sent == [{"size": 5, "page": {}}, {"size": 5, "page": {"after": "c2"}}]


@pytest.mark.parametrize(("payload", "first"), [({"size": 5}, {"size": 5}), ({"after": "c1"}, {"after": "c1"})])
def test_a_replacement_leaves_its_place_as_it_is_until_there_is_a_value(
    payload: dict[str, Any], first: dict[str, Any]
) -> None:
    replacements = [{"target": "/after", "value": _OWN}]
    body = {"contentType": "application/json", "payload": payload, "replacements": replacements}
    world = ScriptedWorld({"a": [answer(200, {"next": "c2"}), answer(200, {})]})
    assert run_scripted(document(_loop(requestBody=body)), world).succeeded
    assert [json.loads(bytes(each.request.content)) for each in world.sent] == [first, {**payload, "after": "c2"}]


def test_a_first_request_that_is_sent_again_has_none_either() -> None:
    world = ScriptedWorld({"a": [answer(500), answer(200, {"next": "c2"}), answer(200, {})]})
    assert run_scripted(document(_loop(**_in("header"))), world).succeeded
    cursors = [dict(each.request.headers).get("cursor") for each in world.sent]
    assert cursors == [None, None, "c2"]


def test_after_a_success_that_a_failure_followed_nothing_begins_anew() -> None:
    world = ScriptedWorld({"a": [answer(200, {"next": "c2"}), answer(500)]})
    report = run_scripted(document(_loop(**_in("query"))), world)
    assert report.status is RunStatus.FAILED
    assert [each.request.url.partition("?")[2] for each in world.sent] == ["", "cursor=c2"]
    (problem,) = report.steps[-1].diagnostics
    assert (problem.code, problem.message) == ("value-missing", f"the request needs `{_OWN}`, which names nothing")


# --- what is told before ---

_BACK: Final = {
    "outputs": {"next": "$response.body#/next"},
    "onSuccess": [{"name": "m", "type": "goto", "stepId": "tried", "criteria": _MORE["criteria"]}],
}
_TRIED: Final = "$steps.tried.outputs.next"


def _parameter(location: str, value: str = _TRIED) -> dict[str, Any]:
    return {"parameters": [{"name": "since", "in": location, "value": value}]}


def _described(location: str, *, required: bool) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"parameters": [{"name": "since", "in": location, "required": required, "schema": schema}]}


def _told(findings: Findings) -> list[tuple[str, str, str, str]]:
    return [(each.severity.value, each.code, each.message, each.fix) for each in findings]


_AGAIN: Final = "read an input instead, and go to workflow `w` again with the output as a parameter"
_WARNING: Final = (
    "warning",
    "own-output-later",
    f"`{_TRIED}` has no value when step `tried` is sent first, and its place is left out then",
    f"if the first request needs one, {_AGAIN}",
)
_ERROR: Final = (
    "error",
    "expression-unavailable",
    f"`{_TRIED}` has no value before the request is sent: the step itself has not run when it is sent first",
    _AGAIN,
)


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
def test_a_parameter_that_the_operation_does_not_require_is_a_warning(location: str) -> None:
    step = {**_BACK, **_parameter(location)}
    assert _told(validated(step, _described(location, required=False), method="get")) == [_WARNING]
    assert _told(validated(step, _described(location, required=True), method="get")) == [_ERROR]


def test_a_parameter_of_the_path_or_a_part_of_a_text_is_an_error() -> None:
    path = {**_BACK, **_parameter("path")}
    assert _told(validated(path, _described("path", required=True), path="/a/{since}", method="get")) == [_ERROR]
    text = {**_BACK, **_parameter("query", f"from-{{{_TRIED}}}")}
    assert _told(validated(text, _described("query", required=False), method="get")) == [_ERROR]


@pytest.mark.parametrize(("required", "told"), [([], _WARNING), (["since"], _ERROR)])
def test_a_member_is_left_out_where_the_schema_does_not_require_it(required: list[str], told: Any) -> None:
    page = {"type": "object", "required": required, "properties": {"since": {"type": "string"}}}
    schema = {"type": "object", "properties": {"page": page}}
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    step = {**_BACK, "requestBody": {"contentType": "application/json", "payload": {"page": {"since": _TRIED}}}}
    assert told in _told(validated(step, operation))


@pytest.mark.parametrize(
    ("payload", "required", "told"),
    [
        ({}, [], "own-output-later"),
        ({"since": "c1"}, ["since"], "own-output-later"),
        ({"since": "$inputs.sku"}, ["since"], "own-output-later"),
        ({}, ["since"], "expression-unavailable"),
    ],
)
def test_a_replacement_is_a_warning_but_for_one_that_adds_what_is_required(
    payload: dict[str, Any], required: list[str], told: str
) -> None:
    schema = {"type": "object", "required": required, "properties": {"since": {"type": "string"}}}
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    body = {"contentType": "application/json", "payload": payload}
    found = validated(
        {**_BACK, "requestBody": {**body, "replacements": [{"target": "/since", "value": _TRIED}]}}, operation
    )
    (finding,) = [each for each in found if each.code in {"own-output-later", "expression-unavailable"}]
    assert finding.code == told
    assert finding.message.endswith("its place is left as it is then") is (told == "own-output-later")


def test_without_a_way_back_there_is_never_a_value() -> None:
    step = {"outputs": _BACK["outputs"], **_parameter("query")}
    (finding,) = validated(step, _described("query", required=False), method="get")
    assert (finding.severity.value, finding.code) == ("error", "expression-unavailable")


# --- the first page is asked for without a cursor ---

_DESCRIBED_PAGE: Final = {"properties": {"page": {"properties": {"after": {"type": "string"}}}}}
_PAGE_IN_BODY: Final = {"requestBody": {"content": {"application/json": {"schema": _DESCRIBED_PAGE}}}}


@pytest.mark.parametrize(("output", "told"), [("next_token", []), ("token", ["own-output-later"])])
def test_a_token_says_which_page_is_meant_where_it_is_that_of_the_next(output: str, told: list[str]) -> None:
    sent = {"parameters": [{"name": "token", "in": "query", "value": f"$steps.tried.outputs.{output}"}]}
    step = {**_BACK, "outputs": {output: f"$response.body#/{output}"}, **sent}
    described = {"parameters": [{"name": "token", "in": "query", "schema": {"type": "string"}}]}
    assert [each.code for each in validated(step, described, method="get")] == told


@pytest.mark.parametrize("name", ["cursor", "page", "next_token", "starting_after", "page[cursor]", "X-Cursor"])
def test_what_says_which_page_is_meant_is_not_told(name: str) -> None:
    where = "header" if name.startswith("X-") else "query"
    step = {**_BACK, "parameters": [{"name": name, "in": where, "value": _TRIED}]}
    described = {"parameters": [{"name": name, "in": where, "schema": {"type": "string"}}]}
    assert _told(validated(step, described, method="get")) == []


@pytest.mark.parametrize(
    "body",
    [
        {"payload": {"page": {"after": _TRIED}}},
        {"payload": {"page": {}}, "replacements": [{"target": "/page/after", "value": _TRIED}]},
    ],
)
def test_a_member_that_says_which_page_is_meant_is_not_told(body: dict[str, Any]) -> None:
    sent: dict[str, Any] = {"contentType": "application/json", **body}
    step = {**_BACK, "requestBody": sent}
    assert "own-output-later" not in [each.code for each in validated(step, _PAGE_IN_BODY)]
