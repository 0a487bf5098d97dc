"""A step that wants to be refused as a stranger is sent without a credential, and nothing else is."""

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

_SCHEMES: Final = {
    "Token": {"type": "http", "scheme": "bearer"},
    "Key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "Certificate": {"type": "mutualTLS"},
}
_TOLD: Final = (
    "step `refused` wants to be refused with 401 and sets no credential: it is sent without `Token`, which operation"
    " `list` asks for"
)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingServer]:
    monkeypatch.chdir(tmp_path)
    with RecordingServer() as running:
        running.script("GET", "/things", Reply(401, body={}))
        yield running


def _write(url: str, *conditions: Any, security: Any = ({"Token": []},), **step: Any) -> None:
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": url}],
        "security": security,
        "components": {"securitySchemes": _SCHEMES},
        "paths": {"/things": {"get": {"operationId": "list", "responses": {"200": {}, "401": {}}}}},
    }
    criteria = [{"condition": each} if isinstance(each, str) else each for each in conditions]
    refused = {"stepId": "refused", "operationId": "list", "successCriteria": criteria, **step}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [refused]}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("w.json").write_text(json.dumps(document))


def _told() -> list[str]:
    with Engine() as engine:
        return [each.message for each in engine.validate("w.json") if each.code == "credential-withheld"]


@pytest.mark.parametrize("options", [[], ["--auth", "Token=t0ken-1"]])
def test_it_is_sent_without_one_and_that_is_told(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    _write(server.url, "$statusCode == 401")
    assert run_command(["run", "w.json", *options]) == 0
    assert [each.header("authorization") for each in server.requests] == [None]
    told = capsys.readouterr().err
    assert f"warning[credential-withheld]: {_TOLD}\n" in told
    fix = "write `x-arazzo-engine-security: none` in the step, or set the credential that is to be refused in its"
    assert f"= fix: {fix} `parameters`\n" in told


def test_a_rehearsal_says_the_same_and_makes_nothing_up_for_it(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(server.url, "$statusCode == 401")
    assert run_command(["rehearse", "w.json", "-v"]) == 0
    told = capsys.readouterr()
    assert f"warning[credential-withheld]: {_TOLD}\n" in told.err
    assert "made up: credential" not in told.err
    assert "authorization" not in (told.out + told.err).lower()


def test_nothing_asks_for_its_credential(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _write(server.url, "$statusCode == 401")
    assert run_command(["auth", "w.json"]) == 0
    assert "no step needs a credential" in capsys.readouterr().out


@pytest.mark.parametrize(
    "conditions",
    [
        ["$statusCode == 401 || $statusCode == 403"],
        ["$statusCode == 401", "$response.body#/error == 'unauthorized'"],
        [{"context": "$statusCode", "type": "regex", "condition": "^401$"}],
    ],
)
def test_what_holds_for_a_stranger_alone_is_one(server: RecordingServer, conditions: list[Any]) -> None:
    _write(server.url, *conditions)
    assert _told() == [_TOLD]


@pytest.mark.parametrize(
    ("conditions", "step", "security"),
    [
        pytest.param([], {}, [{"Token": []}], id="a success is wanted"),
        pytest.param(["$statusCode == 403"], {}, [{"Token": []}], id="somebody is known, and may not"),
        pytest.param(["$statusCode == 404"], {}, [{"Token": []}], id="something is not there"),
        pytest.param(["$statusCode >= 400"], {}, [{"Token": []}], id="any failure will do"),
        pytest.param(["$statusCode == 401 || $statusCode == 200"], {}, [{"Token": []}], id="a success will do"),
        pytest.param(["$response.body#/error == 'x'"], {}, [{"Token": []}], id="nothing is said of the status"),
        pytest.param(
            ["$statusCode == 401"],
            {"parameters": [{"name": "Authorization", "in": "header", "value": "Bearer old"}]},
            [{"Token": []}],
            id="a credential is set",
        ),
        pytest.param(
            ["$statusCode == 401"],
            {"parameters": [{"name": "X-Api-Key", "in": "header", "value": "wrong"}]},
            [{"Token": []}],
            id="another credential is set",
        ),
        pytest.param(["$statusCode == 401"], {}, [{"Token": []}, {}], id="a credential may be left out"),
        pytest.param(["$statusCode == 401"], {}, [{"Certificate": []}], id="a certificate is asked for"),
        pytest.param(["$statusCode == 401"], {}, [], id="nothing is asked for"),
        pytest.param(
            ["$statusCode == 401"], {"x-arazzo-engine-security": "none"}, [{"Token": []}], id="the document says so"
        ),
    ],
)
def test_nothing_else_is_one(
    server: RecordingServer, conditions: list[Any], step: dict[str, Any], security: Any
) -> None:
    _write(server.url, *conditions, security=security, **step)
    assert _told() == []


def test_all_that_an_operation_asks_for_is_left_out(server: RecordingServer) -> None:
    _write(server.url, "$statusCode == 401", security=[{"Token": [], "Key": []}])
    assert _told() == [_TOLD.replace("`Token`", "`Token` and `Key`")]
