"""Steps that are said to need no credential, and credentials for workflows that are not run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXTENSION = "x-arazzo-engine-security"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingServer]:
    monkeypatch.chdir(tmp_path)
    with RecordingServer() as running:
        running.script("POST", "/login", Reply(200, body={"token": "t0ken-of-login"}))
        running.script("GET", "/things", Reply(200, body={}))
        yield running


def _write(url: str, **login: Any) -> None:
    """Write an API that names security for all of it, and two workflows that log in; the second has another key."""
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "{base}", "variables": {"base": {"default": url}}}],
        "security": [{"Token": []}],
        "components": {
            "securitySchemes": {
                "Token": {"type": "http", "scheme": "bearer"},
                "Other": {"type": "apiKey", "in": "header", "name": "X-Other"},
            }
        },
        "paths": {
            "/login": {"post": {"operationId": "login", "responses": {}}},
            "/things": {"get": {"operationId": "list", "responses": {}}},
            "/others": {
                "servers": [{"url": "https://{host}", "variables": {"host": {"default": "x.example"}}}],
                "get": {"operationId": "others", "security": [{"Other": []}], "responses": {}},
            },
        },
    }
    bearer = {"name": "Authorization", "in": "header", "value": "Bearer {$steps.login.outputs.token}"}
    first = {"stepId": "login", "operationId": "login", "outputs": {"token": "$response.body#/token"}, **login}
    steps = [first, {"stepId": "list", "operationId": "list", "parameters": [bearer]}]
    called = {"stepId": "called", "workflowId": "main"}
    others = {"stepId": "others", "operationId": "others"}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {"workflowId": "main", "steps": steps},
            {"workflowId": "second", "steps": [{**first, "stepId": "login"}, called, others]},
        ],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("w.json").write_text(json.dumps(document))


def _refused(*no_auth: str) -> tuple[str, str]:
    with Engine(no_auth=no_auth) as engine, pytest.raises(ArazzoError) as caught:
        engine.load("w.json")
    (found,) = caught.value.diagnostics
    assert found.code == "option-invalid"
    return found.message, found.fix


def test_a_step_that_is_said_to_need_none_gets_none(server: RecordingServer) -> None:
    _write(server.url)
    assert run_command(["run", "w.json", "--workflow", "main"]) == 2
    assert server.requests == []
    assert run_command(["run", "w.json", "--workflow", "main", "--no-auth", "main.login"]) == 0
    login, things = server.requests
    assert (login.header("authorization"), things.header("authorization")) == (None, "Bearer t0ken-of-login")


def test_a_document_may_say_so_itself_and_a_credential_that_is_there_is_not_sent(server: RecordingServer) -> None:
    _write(server.url, **{_EXTENSION: "none"})
    assert run_command(["validate", "w.json"]) == 0
    assert run_command(["run", "w.json", "--workflow", "main", "--auth", "Token=t0ken-1"]) == 0
    assert [each.header("authorization") for each in server.requests] == [None, "Bearer t0ken-of-login"]


def test_it_is_said_of_one_step_alone(server: RecordingServer) -> None:
    _write(server.url)
    with Engine(no_auth=["second.login"], credentials={"Token": "t0ken-1"}) as engine:
        assert engine.load("w.json").run("main").succeeded
    assert server.requests[0].header("authorization") == "Bearer t0ken-1"


@pytest.mark.usefixtures("server")
def test_a_name_that_no_step_or_more_than_one_has_is_refused() -> None:
    _write("https://x.example")
    assert _refused("logn") == (
        "`--no-auth logn` names a step that the document does not have",
        "did you mean `login`?",
    )
    assert _refused("login") == (
        "`--no-auth login` stands for more than one step: `main.login` and `second.login`",
        "say which one, or name each of them",
    )
    assert _refused("second.called") == (
        "`--no-auth second.called` names a step that calls a workflow, and sends nothing itself",
        "name the steps of that workflow",
    )


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("said", [None, True, "None", [], "all"])
def test_what_the_document_says_must_be_none(said: Any) -> None:
    _write("https://x.example", **{_EXTENSION: said})
    with Engine() as engine:
        found = engine.validate("w.json")
    assert {(each.code, each.message) for each in found} == {("field-value", f"`{_EXTENSION}` must be `none`")}


def test_a_credential_and_a_variable_of_another_workflow_are_no_error(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(server.url, **{_EXTENSION: "none"})
    given = ["--auth", "Other=0ther-1", "--auth", "api.Other=0ther-2", "--server-var", "host=y.example"]
    assert run_command(["run", "w.json", "--workflow", "main", *given]) == 0
    assert all(each.header("x-other") is None for each in server.requests)
    assert run_command(["run", "w.json", "--workflow", "main", "--auth", "Othr=0ther-1"]) == 2
    told = capsys.readouterr().err
    assert "`--auth` names the scheme `Othr`, which no step needs" in told
    assert "0ther" not in told


def test_the_functions_of_another_workflow_are_no_error(server: RecordingServer) -> None:
    _write(server.url, **{_EXTENSION: "none"})
    with Engine(auth={"Other": lambda *_: {}}) as engine:
        assert engine.load("w.json", workflow="main").run().succeeded
