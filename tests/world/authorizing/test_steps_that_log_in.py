"""A step that gives out the credential which its own operation asks for is sent without it, and nothing else is."""

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

_PASSWORD: Final = {"contentType": "application/json", "payload": {"password": "$inputs.word"}}
_LOGIN: Final = {
    "stepId": "auth",
    "operationId": "login",
    "requestBody": _PASSWORD,
    "outputs": {"jwt": "$response.body#/jwt"},
}
_BEARER: Final = {"name": "Authorization", "in": "header", "value": "Bearer {$steps.auth.outputs.jwt}"}
_LIST: Final = {"stepId": "list", "operationId": "list", "parameters": [_BEARER]}
_SCHEMES: Final = {
    "Token": {"type": "http", "scheme": "bearer"},
    "User": {"type": "http", "scheme": "basic"},
    "Key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "Session": {"type": "apiKey", "in": "cookie", "name": "sid"},
}
_TOLD: Final = (
    "operation `login` asks for the credential `Token`, which step `auth` gives out to later ones: it is sent"
    " without it"
)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingServer]:
    monkeypatch.chdir(tmp_path)
    with RecordingServer() as running:
        running.script("POST", "/login", Reply(200, body={"jwt": "t0ken-of-login"}))
        running.script("GET", "/things", Reply(200, body={}))
        yield running


def _write(url: str, *workflows: dict[str, Any], security: Any = ({"Token": []},)) -> None:
    """Write an API that names security for all of it, as two sources, and the workflows."""
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": url}],
        "security": security,
        "components": {"securitySchemes": _SCHEMES},
        "paths": {
            "/login": {"post": {"operationId": "login", "responses": {}}},
            "/things": {"get": {"operationId": "list", "responses": {}}},
        },
    }
    other = {**api, "servers": [{"url": "https://other.example"}], "paths": {"/o": {"get": {"operationId": "other"}}}}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": each, "url": f"{each}.json", "type": "openapi"} for each in ("api", "more")],
        "workflows": workflows,
    }
    Path("api.json").write_text(json.dumps(api))
    Path("more.json").write_text(json.dumps(other))
    Path("w.json").write_text(json.dumps(document))


def _workflow(*steps: dict[str, Any], **rest: Any) -> dict[str, Any]:
    inputs = {"type": "object", "properties": {"word": {"type": "string"}}}
    return {"workflowId": "main", "inputs": inputs, "steps": steps, **rest}


def _told() -> list[str]:
    with Engine() as engine:
        return [each.message for each in engine.validate("w.json") if each.code == "credential-given-out"]


def _run(*options: str, exit_code: int = 0) -> None:
    assert run_command(["run", "w.json", "--workflow", "main", "-i", "word=w0rd", *options]) == exit_code


def test_a_login_is_sent_without_what_it_gives_out_and_that_is_told(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(server.url, _workflow(_LOGIN, _LIST))
    _run()
    assert [each.header("authorization") for each in server.requests] == [None, "Bearer t0ken-of-login"]
    told = capsys.readouterr().err
    assert f"warning[credential-given-out]: {_TOLD}\n" in told
    fix = "write `x-arazzo-engine-security: none` in the step if it needs none, or give it one with"
    assert f"= fix: {fix} `--auth api.Token=…`\n" in told


def test_a_rehearsal_says_the_same_and_makes_nothing_up_for_it(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(server.url, _workflow(_LOGIN, _LIST))
    assert run_command(["rehearse", "w.json"]) == 0
    told = capsys.readouterr().err
    assert f"warning[credential-given-out]: {_TOLD}\n" in told
    assert "made up: credential" not in told


def test_a_login_needs_what_is_asked_for_along_with_what_it_gives_out(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    key = {"name": "X-Key", "in": "header", "value": "k3y"}
    _write(server.url, _workflow(_LOGIN, {**_LIST, "parameters": [_BEARER, key]}), security=[{"Token": [], "Key": []}])
    assert _told() == [_TOLD]
    assert run_command(["rehearse", "w.json", "-v"]) == 0
    told = capsys.readouterr()
    assert "made up: credential api.Key" in told.err
    assert "credential api.Token" not in told.err
    # without any security it would lack the key, too
    assert (
        "fix: describe `login` without `Token` in its `security`, or give it one with `--auth api.Token=…`" in told.err
    )
    assert told.err.count("> Authorization: ***") == 1
    assert run_command(["auth", "w.json"]) == 2
    found = capsys.readouterr()
    assert "given out for main.auth, and so not sent there" in found.out
    assert (found.out + found.err).endswith("missing: Key of api\n")
    _run("--auth", "Key=k3y")
    assert [each.header("authorization") for each in server.requests] == [None, "Bearer t0ken-of-login"]


def test_a_credential_that_is_given_is_used(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _write(server.url, _workflow(_LOGIN, _LIST))
    _run("--auth", "Token=t0ken-1")
    assert [each.header("authorization") for each in server.requests] == ["Bearer t0ken-1", "Bearer t0ken-of-login"]
    assert "credential-given-out" not in capsys.readouterr().err


def test_what_the_document_says_itself_is_not_told(server: RecordingServer) -> None:
    _write(server.url, _workflow({**_LOGIN, "x-arazzo-engine-security": "none"}, _LIST))
    assert _told() == []


def test_what_is_needed_says_so(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _write(server.url, _workflow(_LOGIN, _LIST))
    assert run_command(["auth", "w.json"]) == 0
    assert (
        "  state:     set by the steps themselves, from `$steps.auth.outputs.jwt` for main.list;"
        " given out for main.auth, and so not sent there\n"
    ) in capsys.readouterr().out
    assert run_command(["auth", "w.json", "--format", "json"]) == 0
    (need,) = json.loads(capsys.readouterr().out)["credentials"]
    assert [each["state"] for each in need["steps"]] == ["login", "own"]


@pytest.mark.parametrize(
    ("scheme", "parameter"),
    [
        ("Key", {"name": "x-key", "in": "header"}),
        ("Session", {"name": "sid", "in": "cookie"}),
        ("Session", {"name": "Cookie", "in": "header", "value": "lang=en; sid={$steps.auth.outputs.jwt}"}),
    ],
)
def test_a_key_and_a_cookie_are_given_out_like_a_token(
    server: RecordingServer, scheme: str, parameter: dict[str, Any]
) -> None:
    sent = {"value": "$steps.auth.outputs.jwt", **parameter}
    _write(server.url, _workflow(_LOGIN, {**_LIST, "parameters": [sent]}), security=[{scheme: []}])
    _run()
    assert len(server.requests) == 2


def test_a_token_is_followed_through_other_workflows(server: RecordingServer) -> None:
    login = {**_workflow(_LOGIN, outputs={"token": "$steps.auth.outputs.jwt"}), "workflowId": "login"}
    calls = {"stepId": "calls", "workflowId": "login", "parameters": [{"name": "word", "value": "$inputs.word"}]}
    bearer = {**_BEARER, "value": "Bearer {$steps.calls.outputs.token}"}
    _write(server.url, login, _workflow(calls, {**_LIST, "parameters": [bearer]}))
    assert _told() == [_TOLD]
    _run()
    assert [each.header("authorization") for each in server.requests] == [None, "Bearer t0ken-of-login"]


def test_nothing_is_told_where_the_operation_may_be_called_without_a_credential(server: RecordingServer) -> None:
    _write(server.url, _workflow(_LOGIN, _LIST), security=[{"Token": []}, {}])
    assert _told() == []


def test_what_is_asked_for_beside_it_is_sent(server: RecordingServer) -> None:
    _write(server.url, _workflow(_LOGIN, _LIST), security=[{"Token": [], "Key": []}])
    _run("--auth", "Key=k3y")
    assert [each.header("x-key") for each in server.requests] == ["k3y", "k3y"]
    assert [each.header("authorization") for each in server.requests] == [None, "Bearer t0ken-of-login"]


_NO_SECRET: Final = {"contentType": "application/json", "payload": {"name": "x"}}
_EARLIER: Final = {**_LIST, "stepId": "first", "parameters": [{**_BEARER, "value": "Bearer {$inputs.word}"}]}
_OTHER: Final = {**_LIST, "stepId": "other", "operationId": "$sourceDescriptions.more.other"}


@pytest.mark.parametrize(
    ("steps", "security"),
    [
        pytest.param([{**_LOGIN, "requestBody": _NO_SECRET}, _LIST], [{"Token": []}], id="it proves nothing itself"),
        pytest.param([_EARLIER, _LOGIN, _LIST], [{"Token": []}], id="a step before it has the credential"),
        pytest.param([_LOGIN, _OTHER], [{"Token": []}], id="what it gives goes to another API"),
        pytest.param([_LOGIN, {**_LIST, "parameters": []}], [{"Token": []}], id="what it gives goes nowhere"),
        pytest.param([_LOGIN, _LIST], [{"Key": []}], id="what it gives is sent elsewhere"),
        pytest.param([_LOGIN, _LIST], [{"User": []}], id="a user and a password are asked for"),
        pytest.param([_LOGIN, _LIST], [{"Token": []}, {"User": []}], id="another credential may be meant"),
    ],
)
def test_in_doubt_the_credential_is_asked_for(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], steps: list[dict[str, Any]], security: Any
) -> None:
    _write(server.url, _workflow(*steps), security=security)
    _run(exit_code=2)
    assert server.requests == []
    told = capsys.readouterr().err
    assert "error[credential-missing]" in told
    assert "credential-given-out" not in told
