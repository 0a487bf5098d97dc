"""A workflow of messages is refused once, at the first step that has one; what follows from that is not told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.diagnostics import Diagnostic

_API: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://a.example"}],
    "paths": {"/a": {"get": {"operationId": "get", "responses": {"200": {"description": "ok"}}}}},
}
_EVENTS: dict[str, Any] = {
    "asyncapi": "3.0.0",
    "info": {"title": "t", "version": "1"},
    "channels": {},
    "operations": {"gotEvent": {"action": "receive"}},
}
_RECEIVE = {"operationId": "$sourceDescriptions.events.receive", "action": "receive"}
_CHANNEL = {"channelPath": "{$sourceDescriptions.events.url}#/channels/a", "action": "receive"}
_READ = {"outputs": {"id": "$message.payload#/id"}, "successCriteria": [{"condition": "$message.payload#/ok == true"}]}
_PATH = "{$sourceDescriptions.api.url}#/paths/~1a/get"
_GET = {"operationId": "$sourceDescriptions.api.get"}


def _found(folder: Path, *workflows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each.message, each.fix) for each in _findings(folder, *workflows)]


def _codes(folder: Path, *workflows: list[dict[str, Any]]) -> list[str]:
    return [each.code for each in _findings(folder, *workflows)]


def _findings(folder: Path, *workflows: list[dict[str, Any]]) -> tuple[Diagnostic, ...]:
    (folder / "api.json").write_text(json.dumps(_API))
    (folder / "events.json").write_text(json.dumps(_EVENTS))
    text = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [
            {"name": "api", "url": "api.json", "type": "openapi"},
            {"name": "events", "url": "events.json", "type": "asyncapi"},
        ],
        "workflows": [
            {
                "workflowId": f"w{number}",
                "steps": [{"stepId": f"s{index}", **each} for index, each in enumerate(steps)],
            }
            for number, steps in enumerate(workflows)
        ],
    }
    (folder / "doc.json").write_text(json.dumps(text))
    with Engine() as engine:
        return tuple(engine.validate(folder / "doc.json"))


@pytest.mark.parametrize(
    ("step", "what"),
    [(_RECEIVE, "source description `events` is AsyncAPI"), (_CHANNEL, "step `s1` uses a channel of AsyncAPI")],
)
def test_a_workflow_of_messages_is_refused_once(step: dict[str, Any], what: str, tmp_path: Path) -> None:
    refused = (
        f"{what}, and no message is sent or received yet: the workflow is not run",
        "let the steps of the workflow call operations of OpenAPI alone",
    )
    assert _found(tmp_path, [_GET, {**step, **_READ}, {**step, **_READ}]) == [refused]
    # each workflow says so for itself: another one may be run
    assert _found(tmp_path, [_GET, step], [_GET], [_GET, step]) == [refused, refused]


@pytest.mark.parametrize("named", ["gotEvent", "events.gotEvent"])
def test_an_operation_of_messages_is_found_by_its_bare_id_or_with_its_source(named: str, tmp_path: Path) -> None:
    message = (
        f"operation `{named}` is of source description `events`, which is AsyncAPI, and no message is sent or received"
        " yet: the workflow is not run"
    )
    refused = (message, "let the steps of the workflow call operations of OpenAPI alone")
    assert _found(tmp_path, [_GET, {"operationId": named, **_READ}]) == [refused]


def test_an_id_that_neither_has_is_not_found(tmp_path: Path) -> None:
    message = "step `s0` names operation `lostEvent`, which source description `api` does not define"
    found = _found(tmp_path, [{"operationId": "lostEvent"}])
    assert found == [(message, "add the operation to the API description, or name one that it has")]


def test_of_a_step_that_is_not_found_nobody_knows_whether_it_has_messages(tmp_path: Path) -> None:
    step = {**_READ, "operationId": "$sourceDescriptions.event.receive", "action": "receive"}
    assert _found(tmp_path, [step]) == [("source description `event` does not exist", "did you mean `events`?")]


@pytest.mark.parametrize("named", ["{$sourceDescriptions.event.url}", "$sourceDescriptions.event.url", "event"])
def test_the_source_of_a_channel_must_be_declared(named: str, tmp_path: Path) -> None:
    step = {"channelPath": f"{named}#/channels/a", "action": "receive"}
    assert _found(tmp_path, [step]) == [("source description `event` does not exist", "did you mean `events`?")]


def test_a_channel_of_a_description_without_channels_is_told_however_it_is_written(tmp_path: Path) -> None:
    ((message, _),) = _found(tmp_path, [{"channelPath": "api#/channels/a", "action": "receive"}])
    assert message == "`/channels/a` is no operation of source description `api`"


def test_a_channel_of_a_file_is_refused_as_a_channel(tmp_path: Path) -> None:
    ((message, _),) = _found(tmp_path, [{"channelPath": "events.json#/channels/a", "action": "receive"}])
    assert message.startswith("step `s0` uses a channel of AsyncAPI")


def test_a_message_of_an_operation_that_answers_is_told_what_it_is(tmp_path: Path) -> None:
    found = _found(tmp_path, [{**_GET, "outputs": {"id": "$message.payload#/id", "h": "$message.header.X-A"}}])
    assert found == [
        (
            "`$message.payload#/id`: messages of AsyncAPI are not run yet",
            "write `$response.body#/id` for the answer of an HTTP operation",
        ),
        (
            "`$message.header.X-A`: messages of AsyncAPI are not run yet",
            "write `$response.header.X-A` for the answer of an HTTP operation",
        ),
    ]


def test_a_part_of_a_message_is_told_as_the_part_of_the_answer(tmp_path: Path) -> None:
    criteria = [{"condition": "$message.payload.states[0].name == 'on'"}, {"condition": "$message.body == 'on'"}]
    found = _found(tmp_path, [{**_GET, "successCriteria": criteria}])
    assert [fix.partition(" for ")[0] for _, fix in found] == [
        "write `$response.body#/states/0/name`",
        "write `$response.body`",
    ]


@pytest.mark.parametrize(
    ("operation_id", "field", "fix"),
    [
        ("get", "operationId: $sourceDescriptions.api.get", "write `operationId: $sourceDescriptions.api.get`"),
        (None, f"operationPath: {_PATH}", f"write `operationPath: '{_PATH}'`, and remove `action`"),
    ],
)
def test_the_place_of_an_operation_of_openapi_is_no_channel(
    operation_id: str | None, field: str, fix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(_API["paths"]["/a"]["get"], "operationId", operation_id or "other")
    if operation_id is None:
        monkeypatch.delitem(_API["paths"]["/a"]["get"], "operationId")
    found = _found(tmp_path, [{"channelPath": _PATH, "action": "send", "outputs": {"all": "$response.body"}}])
    reason = "a description of OpenAPI has operations alone"
    assert found == [
        (f"`channelPath: {_PATH}` is read as `{field}`: {reason}", fix),
        ("step `s0` calls an operation of OpenAPI, which has no `action`", "remove `action`"),
    ]


def test_a_channel_of_openapi_where_no_operation_is_told_as_that(tmp_path: Path) -> None:
    path = "{$sourceDescriptions.api.url}#/channels/a"
    ((message, _),) = _found(tmp_path, [{"channelPath": path, "action": "send"}])
    assert message == "`/channels/a` is no operation of source description `api`"


@pytest.mark.parametrize(
    ("described", "told"),
    [
        ({"kind": "websocket"}, "operation `gotten` is of source description `events`, which is AsyncAPI"),
        (None, "operation `gotten` is of source description `events`, which is AsyncAPI"),
        (_EVENTS, "step `s` names operation `gotten`, which no source description defines"),
    ],
)
def test_where_the_only_source_is_of_messages_and_says_nothing_an_operation_is_of_it(
    described: dict[str, Any] | None, told: str, tmp_path: Path
) -> None:
    if described is not None:
        (tmp_path / "events.json").write_text(json.dumps(described))
    text = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "events", "url": "events.json", "type": "asyncapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": "gotten", "action": "receive"}]}],
    }
    (tmp_path / "doc.json").write_text(json.dumps(text))
    with Engine() as engine:
        (found,) = engine.validate(tmp_path / "doc.json")
    assert found.message.startswith(told)


@pytest.mark.parametrize(
    ("step", "codes"),
    [
        ({**_GET, "correlationId": "a"}, ["exclusive-fields"]),
        ({**_GET, "correlationId": "a", "action": "send"}, ["exclusive-fields", "field-ignored"]),
        ({**_GET, "correlationId": "a", "action": "receive"}, ["field-ignored", "field-ignored"]),
        ({"operationPath": _PATH, "correlationId": "a"}, ["exclusive-fields"]),
    ],
)
def test_a_correlation_of_an_operation_of_openapi_is_told_once(
    step: dict[str, Any], codes: list[str], tmp_path: Path
) -> None:
    assert sorted(_codes(tmp_path, [step])) == codes
