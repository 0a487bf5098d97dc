"""A list that is named as its element is read so where it has exactly one; where it has more, nothing is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import Engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostics import Diagnostic

_ITEM: Final[dict[str, Any]] = {"type": "object", "properties": {"id": {"type": "string"}}}
_LIST: Final[dict[str, Any]] = {"type": "array", "items": _ITEM}
_FOUND: Final[dict[str, Any]] = {"type": "object", "properties": {"items": _LIST}}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingServer]:
    monkeypatch.chdir(tmp_path)
    with RecordingServer() as running:
        running.script("POST", "/charge/a", Reply(200, body={}))
        yield running


def _write(url: str, value: str = "$steps.find.outputs.items#/id", schema: Any = None, **find: Any) -> None:
    answer = {
        "description": "",
        "content": {"application/json": {"schema": schema or _FOUND, **find.pop("example", {})}},
    }
    path = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": url}],
        "paths": {
            "/find": {"get": {"operationId": "find", "responses": {"200": answer}}},
            "/charge/{id}": {
                "post": {"operationId": "charge", "parameters": path, "responses": {"200": {"description": ""}}}
            },
        },
    }
    outputs = find.pop("outputs", {"items": "$response.body#/items"})
    steps = [
        {"stepId": "find", "operationId": "find", "outputs": outputs, **find},
        {"stepId": "charge", "operationId": "charge", "parameters": [{"name": "id", "in": "path", "value": value}]},
    ]
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": steps}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("w.json").write_text(json.dumps(document, indent=1))


def _told() -> list[Diagnostic]:
    with Engine() as engine:
        return list(engine.validate("w.json"))


READ: Final[tuple[tuple[str, dict[str, Any], dict[str, str]], ...]] = (
    ("$steps.find.outputs.items#/id", _FOUND, {}),
    ("{$steps.find.outputs.items#/id}", _FOUND, {}),
    ("$steps.find.outputs.id", _FOUND, {"id": "$response.body#/items/id"}),
    ("$steps.find.outputs.all#/items/id", {"type": "array", "items": _FOUND}, {"all": "$response.body"}),
    ("$steps.find.outputs.items#/id", {"type": "object", "properties": {"items": {"type": "array"}}}, {}),
)


@pytest.mark.parametrize(("value", "schema", "outputs"), READ)
def test_the_only_element_of_a_list_is_read(
    server: RecordingServer, value: str, schema: dict[str, Any], outputs: dict[str, Any]
) -> None:
    body: Any = {"items": [{"id": "a"}]}
    server.script("GET", "/find", Reply(200, body=[body] if schema["type"] == "array" else body))
    _write(server.url, value, schema, **({"outputs": outputs} if outputs else {}))
    (told,) = _told()
    assert (told.severity.value, told.code) == ("warning", "repaired")
    assert "is read so where it has exactly one" in told.message
    assert run_command(["run", "w.json"]) == 0
    assert [each.path for each in server.requests] == ["/find", "/charge/a"]


@pytest.mark.parametrize("items", [[], [{"id": "a"}, {"id": "b"}], [{"other": 1}]])
def test_of_several_elements_or_none_nothing_is_sent(
    server: RecordingServer, items: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("GET", "/find", Reply(200, body={"items": items}))
    _write(server.url)
    assert run_command(["run", "w.json"]) == 1
    assert [each.path for each in server.requests] == ["/find"]
    assert "what stands for a list is its only element, and there is not exactly one" in capsys.readouterr().err


def test_an_answer_that_has_what_is_named_where_a_list_is_described_is_read_as_it_is(server: RecordingServer) -> None:
    server.script("GET", "/find", Reply(200, body={"items": {"id": "a"}}))
    _write(server.url)
    assert run_command(["run", "w.json"]) == 0
    assert [each.path for each in server.requests] == ["/find", "/charge/a"]


@pytest.mark.usefixtures("server")
def test_the_warning_says_what_to_write_and_is_an_error_where_warnings_are() -> None:
    _write("https://x.example")
    (told,) = _told()
    assert told.fix == (
        "write `$steps.find.outputs.items#/0/id` for the first element, or a Selector Object for each of them"
    )
    assert told.edits == ()
    assert run_command(["rehearse", "w.json", "--strict"]) == 3


@pytest.mark.usefixtures("server")
def test_a_rehearsal_answers_with_one_element_though_the_example_has_more() -> None:
    _write("https://x.example", example={"example": {"items": [{"id": "a"}, {"id": "b"}]}})
    assert run_command(["rehearse", "w.json"]) == 0


REFUSED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    # what an element does not have either
    (
        "$steps.find.outputs.items#/id",
        {"type": "object", "properties": {"items": {**_LIST, "items": {"type": "string"}}}},
    ),
    # how many there are is asked otherwise
    ("$steps.find.outputs.items#/length", _FOUND),
)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(("value", "schema"), REFUSED)
def test_what_no_element_has_is_an_error(value: str, schema: dict[str, Any]) -> None:
    _write("https://x.example", value, schema)
    assert [(each.severity.value, each.code) for each in _told()] == [("error", "pointer-nowhere")]


@pytest.mark.usefixtures("server")
def test_a_condition_on_a_list_is_an_error_as_it_may_hold_for_one_element_and_not_for_another() -> None:
    asked = {"successCriteria": [{"condition": "$response.body#/items/id == 'a'"}]}
    _write("https://x.example", "a", **asked)
    assert [(each.severity.value, each.code) for each in _told()] == [("error", "pointer-nowhere")]
