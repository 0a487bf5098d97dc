"""Requests that steps write out themselves by ``x-operation``: read with a warning, sent as written, else refused."""

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

_FIX: Final = (
    "describe the operation in one of the `sourceDescriptions`, and name it by `operationId` or `operationPath`"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as running:
        yield running


def _write(*steps: dict[str, Any]) -> None:
    """Write a document of such steps, and a description with a bearer scheme that none of them uses."""
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "security": [{"Token": []}],
        "components": {"securitySchemes": {"Token": {"type": "http", "scheme": "bearer"}}},
        "paths": {"/orders": {"get": {"operationId": "list", "responses": {"200": {"description": "ok"}}}}},
    }
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "w",
                "inputs": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
                "steps": [{"stepId": f"s{number}", **step} for number, step in enumerate(steps)],
            }
        ],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("w.json").write_text(json.dumps(document))


def _found() -> list[tuple[str, str]]:
    with Engine() as engine:
        return [(each.severity.value, each.code) for each in engine.validate("w.json")]


def test_a_written_request_is_told_as_what_nothing_describes() -> None:
    _write({"x-operation": {"url": "https://other.example/orders?page=2", "method": "get"}})
    with Engine() as engine:
        (found,) = engine.validate("w.json")
    assert (found.severity.value, found.code, found.message, found.fix) == (
        "warning",
        "repaired",
        (
            "`x-operation` is read as a call of `GET https://other.example/orders`, which no description has:"
            " neither what is sent nor what comes is checked against one"
        ),
        _FIX,
    )
    assert run_command(["validate", "--strict", "w.json"]) == 3


def test_it_is_sent_as_it_is_written_with_what_the_step_gives(server: RecordingServer) -> None:
    server.script("POST", "/orders/a%2Fb/parts", Reply(200, body={"id": 7}))
    _write(
        {
            "x-operation": {"url": f"{server.url}/orders/{{order}}/parts?page=2&empty=&word=a%20b", "method": "POST"},
            "parameters": [
                {"name": "order", "in": "path", "value": "$inputs.id"},
                {"name": "X-Trace", "in": "header", "value": "t-1"},
            ],
            "requestBody": {"payload": {"id": "$inputs.id"}},
            "successCriteria": [{"condition": "$statusCode == 200"}],
            "outputs": {"id": "$response.body#/id"},
        }
    )
    assert run_command(["run", "w.json", "-i", "id=a/b"]) == 0
    (sent,) = server.requests
    assert (sent.method, sent.path) == ("POST", "/orders/a%2Fb/parts?page=2&empty=&word=a%20b")
    assert (sent.header("x-trace"), sent.header("content-type")) == ("t-1", "application/json")
    assert json.loads(sent.body) == {"id": "a/b"}


def test_no_credential_goes_to_what_names_none(server: RecordingServer) -> None:
    server.script("GET", "/", Reply(200, body={}))
    _write({"x-operation": {"url": server.url, "method": "GET"}}, {"operationId": "list"})
    with Engine(credentials={"Token": "t0ken-1"}, servers={"api": server.url}) as engine:
        engine.load("w.json").run("w", inputs={"id": "1"})
    first, second = server.requests
    assert (first.header("authorization"), second.header("authorization")) == (None, "Bearer t0ken-1")


def test_a_rehearsal_answers_it_as_the_criteria_ask(capsys: pytest.CaptureFixture[str]) -> None:
    criteria = [{"condition": "$statusCode == 404"}, {"condition": "$response.body#/code == 'gone'"}]
    _write({"x-operation": {"url": "https://other.example", "method": "GET"}, "successCriteria": criteria})
    assert run_command(["rehearse", "w.json"]) == 0
    told = capsys.readouterr().err
    assert "404 is not documented: it is answered because the criteria ask for it" in told
    # a source of its own it does not have: only its host is named
    assert "nothing is sent  other.example\n" in told


@pytest.mark.parametrize(
    "written",
    [
        {"url": "https://other.example"},
        {"url": "https://other.example", "method": "FETCH"},
        {"url": "https://other.example", "method": "GET", "headers": {"a": "b"}},
        {"url": "/orders", "method": "GET"},
        {"url": "https://user:pass@other.example", "method": "GET"},
        {"url": "https://other.example#orders", "method": "GET"},
        {"url": "https://other.example?a=1&a=2", "method": "GET"},
        {"url": "https://other.example?X-Trace=1", "method": "GET"},
        # `?a` is not `?a=`, which a parameter without a value is sent as
        {"url": "https://other.example?a", "method": "GET"},
        {"url": "https://other.example?a=%FF", "method": "GET"},
        # what no request is sent to
        {"url": "https://other.example/a/../b", "method": "GET"},
        {"url": "https://other.example/a/.", "method": "GET"},
        {"url": "https://other.example/$inputs.id", "method": "GET"},
        {"url": "https://other.example/{$inputs.id}", "method": "GET"},
        {"url": "$inputs.id", "method": "GET"},
        "GET https://other.example",
    ],
)
def test_one_that_is_not_known_as_a_whole_is_not_read(written: Any) -> None:
    _write({"x-operation": written, "parameters": [{"name": "X-Trace", "in": "header", "value": "t-1"}]})
    assert _found() == [("warning", "extension-ignored"), ("error", "exclusive-fields")]


def test_a_query_beside_a_reused_parameter_is_not_read() -> None:
    written = {"url": "https://other.example?page=2", "method": "GET"}
    _write({"x-operation": written, "parameters": [{"reference": "$components.parameters.page"}]})
    document = json.loads(Path("w.json").read_text())
    document["components"] = {"parameters": {"page": {"name": "page", "in": "query", "value": 3}}}
    Path("w.json").write_text(json.dumps(document))
    assert ("error", "exclusive-fields") in _found()


def test_a_step_that_calls_an_operation_calls_no_other() -> None:
    _write({"operationId": "list", "x-operation": {"url": "https://other.example", "method": "GET"}})
    assert _found() == [("warning", "extension-ignored")]


def test_a_path_parameter_of_the_url_needs_a_value() -> None:
    _write({"x-operation": {"url": "https://other.example/{order}", "method": "GET"}})
    assert ("error", "path-parameter-mismatch") in _found()


def test_what_no_description_has_is_said_to_be_unchecked(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("GET", "/orders", Reply(200, body={}))
    _write({"x-operation": {"url": f"{server.url}/orders", "method": "GET"}})
    assert run_command(["run", "w.json", "-i", "id=1", "--check", "error"]) == 0
    told = "operation `GET /orders` was not checked as a whole: what no description has cannot be"
    assert told in capsys.readouterr().err


def test_it_is_shown_by_where_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    _write({"x-operation": {"url": "https://other.example/orders?page=2", "method": "GET"}})
    assert run_command(["show", "w.json"]) == 0
    assert "1. s0  GET  https://other.example/orders\n" in capsys.readouterr().out
