"""A mistake that can be known is told before the first request: the charge before it is never sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import RecordingServer

_KEY = {"name": "k", "in": "path", "value": "y"}
_INPUTS = {"type": "object", "properties": {"z": {"type": "string"}, "given": {"type": "string"}}}


def _header(name: str, value: str) -> dict[str, Any]:
    return {"operationId": "go", "parameters": [_KEY, {"name": name, "in": "header", "value": value}]}


def _key(value: str) -> dict[str, Any]:
    return {"operationId": "go", "parameters": [{**_KEY, "value": value}]}


def _body(payload: Any, content_type: str = "application/json") -> dict[str, Any]:
    return {**_key("y"), "requestBody": {"contentType": content_type, "payload": payload}}


def _write(server: str, *steps: dict[str, Any], **workflow: Any) -> None:
    operations = {
        "/p/{k}": {"post": {"operationId": "go", "responses": {}}},
        "/port": {"post": {"operationId": "port", "servers": [{"url": "http://127.0.0.1:99999"}], "responses": {}}},
        "/host": {"post": {"operationId": "host", "servers": [{"url": "http://a b/"}], "responses": {}}},
        "/none": {"post": {"operationId": "none", "servers": [{"url": "http://[::1"}], "responses": {}}},
        "/ü é": {"post": {"operationId": "foreign", "responses": {}}},
    }
    api = {"openapi": "3.1.0", "info": {}, "servers": [{"url": server}], "paths": operations}
    Path("api.json").write_text(json.dumps(api))
    charge = {"stepId": "charge", **_body({"charge": 1})}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "a", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "w",
                "inputs": _INPUTS,
                "steps": [charge, *({"stepId": f"s{n}", **step} for n, step in enumerate(steps))],
                **workflow,
            },
            {"workflowId": "inner", "inputs": _INPUTS, "steps": [{"stepId": "s", **_key("$inputs.z")}]},
        ],
    }
    Path("w.json").write_text(json.dumps(document))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


_OF_THE_DOCUMENT = [
    _header("X", "a\r\nEvil: 1"),
    _header("X", "日本"),
    _header("X Y", "1"),
    _header("Content-Length", "5"),
    _header("Transfer-Encoding", "identity"),
    _header("Connection", "close"),
    _header("TE", "trailers"),
    _header("Upgrade", "h2c"),
    _header("Trailer", "X"),
    _header("Expect", "100-continue"),
    _key(""),
    _key(".."),
    _body("{bad"),
    _body({"a": 1}, "application/json\r\nEvil: 1"),
]
_OF_THE_INPUTS = [
    _key("$inputs.z"),
    _header("X", "{$inputs.z}"),
    _body({"a": "{$inputs.z}", "b": "$steps.charge.outputs.x"}),
    _body(["{$steps.charge.outputs.x}{$inputs.z}"]),
    _header("X", "$inputs.given"),
    {"workflowId": "inner"},
    {"workflowId": "inner", "parameters": [{"name": "z", "value": ".."}]},
]


@pytest.mark.parametrize("step", _OF_THE_DOCUMENT, ids=str)
def test_a_literal_that_cannot_be_sent_is_told_when_validating(step: dict[str, Any], server: RecordingServer) -> None:
    _write(server.url, step)
    assert run_command(["validate", "w.json"]) == 3
    assert run_command(["run", "w.json", "--workflow", "w"]) == 3
    assert not server.requests


@pytest.mark.parametrize("step", _OF_THE_INPUTS, ids=str)
def test_what_the_inputs_decide_is_told_before_the_run(
    step: dict[str, Any], server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["-i", "given=secret\nvalue"]
    _write(server.url, {**_key("y"), "outputs": {"x": "$statusCode"}}, step)
    Path("w.json").write_text(Path("w.json").read_text().replace("$steps.charge.outputs", "$steps.s0.outputs"))
    assert run_command(["validate", "w.json"]) == 0
    for more in ([], ["--dry-run"]):
        assert run_command(["run", "w.json", "--workflow", "w", *given, *more]) == 2
        assert "step `s" in capsys.readouterr().err
    assert not server.requests


def test_a_step_that_an_action_may_pass_over_only_gets_a_warning(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/p/y", Reply(200))
    over = {
        **_key("y"),
        "onSuccess": [{"name": "end", "type": "end", "criteria": [{"condition": "$inputs.z == null"}]}],
    }
    _write(server.url, over, _key("$inputs.z"))
    assert run_command(["run", "w.json", "--workflow", "w"]) == 0
    assert "warning[input-needed]" in capsys.readouterr().err
    _write(server.url, over, _key(".."))
    assert run_command(["run", "w.json", "--workflow", "w"]) == 3


@pytest.mark.parametrize("operation", ["port", "host", "none"])
def test_a_server_that_cannot_be_is_told_before_the_run(
    operation: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", f"/{operation}", Reply(200))
    server.script("POST", "/p/y", Reply(200))
    _write(server.url, {"operationId": operation})
    assert run_command(["validate", "w.json"]) == 0
    assert "warning[server-missing]" in capsys.readouterr().out
    assert run_command(["run", "w.json", "--workflow", "w"]) == 3
    assert run_command(["run", "w.json", "--workflow", "w", "--server", "http://127.0.0.1:99999"]) == 2
    assert not server.requests
    assert run_command(["run", "w.json", "--workflow", "w", "--server", server.url]) == 0


def test_a_path_of_foreign_characters_is_encoded(server: RecordingServer) -> None:
    server.script("POST", "/p/y", Reply(200))
    server.script("POST", "/b%C3%A4/%C3%BC%20%C3%A9", Reply(200))
    _write(server.url, {"operationId": "foreign"})
    assert run_command(["run", "w.json", "--workflow", "w", "--server", f"{server.url}/bä/"]) == 1
    assert server.requests[-1].path == "/b%C3%A4/p/y"
    server.script("POST", "/b%C3%A4/p/y", Reply(200))
    assert run_command(["run", "w.json", "--workflow", "w", "--server", f"{server.url}/bä/"]) == 0
    assert server.requests[-1].path == "/b%C3%A4/%C3%BC%20%C3%A9"


def test_another_host_is_a_warning(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _write(server.url, _header("Host", "other.example"))
    assert run_command(["validate", "w.json"]) == 0
    assert "warning[header-refused]" in capsys.readouterr().out


def test_a_plan_that_sends_nothing_says_why(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    over = {"workflowId": "inner", "parameters": [{"name": "z", "value": ".."}]}
    _write(server.url, over)
    document = json.loads(Path("w.json").read_text())
    steps = document["workflows"][0]["steps"]
    document["workflows"][0]["steps"] = steps[1:]
    stop = {"onFailure": [{"name": "stop", "type": "end"}]}
    document["workflows"][1]["steps"] = [
        {"stepId": "deep", "workflowId": "inner", "parameters": [{"name": "z", "value": "$inputs.z"}], **stop}
    ]
    Path("w.json").write_text(json.dumps(document))
    assert run_command(["run", "w.json", "--workflow", "w", "--dry-run"]) == 4
    told = capsys.readouterr()
    assert "no request would be sent" in told.out
    assert "nesting-limit" in told.err
