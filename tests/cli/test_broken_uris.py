"""A text that stands where a URI should, and is none, is a diagnostic at its place and never a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import RecordingServer

_NO_URIS = ["http://[::1", "//x[", "//[", "file://[x", "a\0b", "a%00b", "http://[::1#/x", "\ud83d\ude00://["]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _write(url: str, *, parameter: Any = None, server: str = "https://x.example") -> None:
    operation = {"operationId": "go", "parameters": [parameter] if parameter else [], "responses": {}}
    api = {"openapi": "3.1.0", "info": {}, "servers": [{"url": server}], "paths": {"/p": {"get": operation}}}
    Path("api.json").write_text(json.dumps(api))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "a", "url": url, "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": "go"}]}],
    }
    Path("w.json").write_text(json.dumps(document))


@pytest.mark.parametrize("text", _NO_URIS)
@pytest.mark.parametrize("options", [[], ["--source-dir", "."]])
def test_a_source_that_is_no_uri(text: str, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _write(text)
    Path("api.json").unlink()  # the only description that there is would be taken for it
    assert run_command(["validate", "w.json", *options]) == 3
    assert "error[source-not-found]" in capsys.readouterr().out


# the last one has no scheme, so that it is the name of a file, which is not there
@pytest.mark.parametrize("text", _NO_URIS[:-1])
@pytest.mark.parametrize("command", ["validate", "rehearse"])
def test_a_reference_that_is_no_uri(text: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write("api.json", parameter={"$ref": text})
    assert run_command([command, "w.json"]) == 3
    told = capsys.readouterr()
    assert "error[reference-not-found]" in told.out + told.err


@pytest.mark.parametrize("text", ["http://[::1", "//x[", "file://[x", "http://a\0b"])
def test_a_server_that_is_no_uri(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write("api.json", server=text)
    assert run_command(["run", "w.json"]) == 3
    assert "error[server-" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["http://[::1", "//x[", "file:///etc/passwd"])
def test_a_redirect_to_what_is_no_uri(text: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.script("GET", "/api.json", Reply(302, (("Location", text),)))
    _write(f"{server.url}/api.json")
    assert run_command(["validate", "w.json"]) == 3
    assert "error[source-not-found]" in capsys.readouterr().out


def test_a_base_that_is_no_uri(capsys: pytest.CaptureFixture[str]) -> None:
    _write("api.json")
    document = json.loads(Path("w.json").read_text())
    Path("w.json").write_text(json.dumps({**document, "arazzo": "1.1.0", "$self": "http://[::1"}))
    assert run_command(["validate", "w.json"]) == 3
    assert "this is a bug" not in capsys.readouterr().err


def test_references_that_lead_into_each_other_end(capsys: pytest.CaptureFixture[str]) -> None:
    _write("api.json", parameter={"$ref": "#/components/x"})
    api = json.loads(Path("api.json").read_text())
    Path("api.json").write_text(json.dumps({**api, "components": {"$ref": "#/components/z"}}))
    assert run_command(["validate", "w.json"]) == 0
    assert "warning[reference-loop]" in capsys.readouterr().out
