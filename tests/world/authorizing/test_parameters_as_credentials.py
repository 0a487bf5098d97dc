"""A required parameter that is a credential by its name, and that the step does not set, is asked for as one."""

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

_TOKEN: Final = {"name": "token", "in": "query", "required": True}
_KEY: Final = {"name": "X-Api-Key", "in": "header", "required": True}
_REQUIRED: Final = "required-parameter-missing"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingServer]:
    monkeypatch.chdir(tmp_path)
    with RecordingServer() as running:
        running.script("GET", "/things", Reply(200, body={"all": []}))
        yield running


def _write(url: str, described: list[dict[str, Any]], step: dict[str, Any] | None = None, **operation: Any) -> None:
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": url}],
        "paths": {"/things": {"get": {"operationId": "list", "parameters": described, "responses": {}, **operation}}},
    }
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": "list", **(step or {})}]}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("w.json").write_text(json.dumps(document, indent=1))


def _found() -> list[Diagnostic]:
    with Engine() as engine:
        return [each for each in engine.validate("w.json") if each.code == _REQUIRED]


def test_it_is_given_to_a_run_as_a_credential_and_never_shown(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(server.url, [_TOKEN, _KEY])
    assert run_command(["run", "w.json"]) == 2
    assert server.requests == []
    assert "needs the credentials `token` and `X-Api-Key`" in capsys.readouterr().err
    given = ["--auth", "api.token=t0ken-of-query", "--auth", "X-Api-Key=k3y-of-header"]
    assert run_command(["run", "w.json", "-v", *given]) == 0
    (sent,) = server.requests
    assert (sent.path, sent.header("x-api-key")) == ("/things?token=t0ken-of-query", "k3y-of-header")
    told = capsys.readouterr()
    assert "t0ken" not in told.out + told.err
    assert "k3y" not in told.out + told.err


def test_it_stands_beside_the_security_that_the_description_has(server: RecordingServer) -> None:
    _write(server.url, [_TOKEN], security=[{"Nowhere": []}, {"Nobody": []}])
    assert run_command(["run", "w.json"]) == 2
    assert run_command(["run", "w.json", "--auth", "token=t0ken-of-query"]) == 0
    assert [each.path for each in server.requests] == ["/things?token=t0ken-of-query"]


@pytest.mark.usefixtures("server")
def test_it_is_a_warning_with_what_to_do_and_an_error_where_warnings_are() -> None:
    _write("https://x.example", [_TOKEN])
    (found,) = _found()
    assert found.severity.value == "warning"
    assert found.message == (
        "step `s` does not set query parameter `token`, which operation `list` requires: by its name it is a"
        " credential, and is asked for as one"
    )
    assert found.fix.startswith("give it to a run with `--auth api.token=…`")
    assert run_command(["rehearse", "w.json"]) == 0
    assert run_command(["rehearse", "w.json", "--strict"]) == 3


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("name", ["Signature", "Signature-Input", "DPoP"])
def test_what_only_the_signer_of_a_request_has_is_one(name: str) -> None:
    _write("https://x.example", [{"name": name, "in": "header", "required": True}])
    (found,) = _found()
    assert found.severity.value == "warning"
    assert run_command(["rehearse", "w.json"]) == 0


_AUTHORIZATION: Final = {"name": "Authorization", "in": "header", "required": True}
_LOGIN: Final = {"stepId": "login", "operationId": "list"}


def _with_login(outputs: dict[str, str]) -> None:
    document = json.loads(Path("w.json").read_text())
    document["workflows"][0]["steps"].insert(0, {**_LOGIN, "outputs": outputs, "parameters": [_GIVEN]})
    Path("w.json").write_text(json.dumps(document, indent=1))


_GIVEN: Final = {"name": "Authorization", "in": "header", "value": "Basic dTpw"}


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("outputs", "end"),
    [
        ({"access_token": "$response.body#/t"}, " with the value `Bearer {$steps.login.outputs.access_token}`"),
        ({"resetToken": "$response.body#/t"}, ""),
        ({"token": "$response.body#/t", "jwt": "$response.body#/j"}, ""),
    ],
)
def test_authorization_is_one_where_nothing_else_says_how_to_prove_who_asks(outputs: dict[str, str], end: str) -> None:
    _write("https://x.example", [_AUTHORIZATION])
    _with_login(outputs)
    (found,) = _found()
    assert "step `s` does not set header parameter `Authorization`" in found.message
    assert found.fix == (
        "give it to a run with `--auth api.Authorization=…`, the whole header, or add it to the step's `parameters`"
        f"{end}"
    )
    assert run_command(["rehearse", "w.json"]) == 0


def test_authorization_is_sent_as_it_is_given(server: RecordingServer) -> None:
    _write(server.url, [_AUTHORIZATION])
    assert run_command(["run", "w.json"]) == 2
    assert run_command(["run", "w.json", "--auth", "api.Authorization=Bearer t0ken"]) == 0
    assert [each.header("authorization") for each in server.requests] == ["Bearer t0ken"]


@pytest.mark.parametrize(
    ("described", "operation"),
    [
        ({**_AUTHORIZATION, "required": False}, {}),
        ({**_AUTHORIZATION, "name": "Accept"}, {}),
        (_AUTHORIZATION, {"security": []}),
        (_AUTHORIZATION, {"security": [{}]}),
    ],
)
def test_authorization_is_ignored_where_the_description_says_its_security(
    server: RecordingServer, described: dict[str, Any], operation: dict[str, Any]
) -> None:
    _write(server.url, [described], **operation)
    assert _found() == []
    assert run_command(["run", "w.json"]) == 0
    assert server.requests[0].header("authorization") is None


LEFT: Final[tuple[tuple[list[dict[str, Any]], dict[str, Any], list[str]], ...]] = (
    # no credential by its name
    ([{**_TOKEN, "name": "shop"}], {}, ["error"]),
    ([{**_TOKEN, "name": "page_token"}], {}, ["error"]),
    ([{**_TOKEN, "name": "Signature-Input"}], {}, ["error"]),
    ([{**_KEY, "name": "Content-Digest"}], {}, ["error"]),
    # the id of a thing
    ([{**_TOKEN, "name": "sessionId", "schema": {"type": "string", "format": "uuid"}}], {}, ["error"]),
    # one that the API does without
    ([{**_TOKEN, "required": False}], {}, []),
    # what the step gives, or nearly gives
    ([_TOKEN], {"parameters": [{"name": "token", "in": "query", "value": "t"}]}, []),
    ([_TOKEN], {"parameters": [{"name": "tokne", "in": "query", "value": "t"}]}, ["error"]),
    # a step that wants to be refused, and one that is said to need none
    ([_TOKEN], {"successCriteria": [{"condition": "$statusCode == 401"}]}, ["warning"]),
    ([_TOKEN], {"x-arazzo-engine-security": "none"}, ["error"]),
)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(("described", "step", "severities"), LEFT)
def test_what_is_no_credential_or_is_given_stays_what_it_is(
    described: list[dict[str, Any]], step: dict[str, Any], severities: list[str]
) -> None:
    _write("https://x.example", described, step)
    found = _found()
    assert [each.severity.value for each in found] == severities
    assert not any("credential" in each.message for each in found)
