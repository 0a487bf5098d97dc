"""Files as inputs: read when the user names them where one is asked for, and never otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import RecordingServer

_INPUTS = {
    "photo": {"type": "string", "format": "binary"},
    "typed": {"type": "string", "contentMediaType": "image/webp"},
    "encoded": {"type": "string", "contentEncoding": "base64"},
    "text": {"type": "string", "contentMediaType": "text/csv"},
    "plain": {"type": "string", "default": "@secret.txt"},
    "made": {"type": "string", "format": "binary", "default": "@secret.txt"},
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("never sent")
    (tmp_path / "my cat.png").write_bytes(b"\x89PNG\xff")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "inner.bin").write_bytes(b"\x00\x01")


def upload(server: RecordingServer, names: list[str], *arguments: str) -> int:
    """Run a workflow that sends inputs as a multipart form."""
    properties = {name: {key: value for key, value in _INPUTS[name].items() if key != "default"} for name in names}
    content = {"multipart/form-data": {"schema": {"properties": properties}}}
    api = {"openapi": "3.1.0", "paths": {"/a": {"post": {"operationId": "op", "requestBody": {"content": content}}}}}
    payload = {name: f"$inputs.{name}" for name in names}
    step: dict[str, Any] = {"stepId": "one", "operationId": "op", "requestBody": {"payload": payload}}
    workflow = {"workflowId": "main", "inputs": {"type": "object", "properties": _INPUTS}, "steps": [step]}
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "Upload", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [workflow],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("main.json").write_text(json.dumps(document))
    server.script("POST", "/a", Reply(200))
    return run_command(["run", "main.json", "--server", server.url, *arguments])


def test_a_file_becomes_a_part_with_its_name_and_type(server: RecordingServer) -> None:
    assert upload(server, ["photo", "typed"], "-i", "photo=@my cat.png", "-i", "typed=@my cat.png") == 0
    body = server.requests[0].body
    assert b'name="photo"; filename="my cat.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\xff\r\n' in body
    assert b'name="typed"; filename="my cat.png"\r\nContent-Type: image/webp\r\n\r\n\x89PNG\xff\r\n' in body


def test_a_file_becomes_base64_or_text_where_the_schema_says_so(server: RecordingServer) -> None:
    assert upload(server, ["encoded", "text"], "-i", "encoded=@my cat.png", "-i", "text=@secret.txt") == 0
    body = server.requests[0].body
    assert b"\r\n\r\niVBOR/8=\r\n" in body
    assert b"\r\n\r\nnever sent\r\n" in body


def test_a_file_in_the_inputs_file_is_looked_for_beside_it(server: RecordingServer, tmp_path: Path) -> None:
    (tmp_path / "below" / "inputs.json").write_text('{"photo": "@inner.bin"}')
    assert upload(server, ["photo"], "--inputs", "below/inputs.json") == 0
    assert (
        b'filename="inner.bin"\r\nContent-Type: application/octet-stream\r\n\r\n\x00\x01\r\n' in server.requests[0].body
    )


def test_a_text_with_an_at_sign_stays_a_text_where_no_file_is_asked_for(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upload(server, ["plain"], "-i", "plain=@my cat.png") == 0
    assert b"\r\n\r\n@my cat.png\r\n" in server.requests[0].body
    assert "warning[input-file-unread]: input `plain`" in capsys.readouterr().err
    assert upload(server, ["plain"], "-i", "plain=@nobody") == 0
    assert "input-file-unread" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["plain", "made"])
def test_a_document_never_makes_a_file_be_read(
    name: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    upload(server, [name])
    assert all(b"never sent" not in request.body for request in server.requests)
    assert "never sent" not in str(capsys.readouterr())


@pytest.mark.parametrize("path", ["missing.png", "below", "a\0b"])
def test_a_file_that_cannot_be_read_is_told_before_anything_is_sent(
    path: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upload(server, ["photo"], "-i", f"photo=@{path}") == 2
    assert "error[inputs-unreadable]: the file that input `photo` names cannot be read" in capsys.readouterr().err
    assert not server.requests


def test_a_text_that_is_sent_as_bytes_alone_may_be_a_file(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    upload(server, ["photo"], "-i", "photo=@my cat.png")
    document = json.loads(Path("main.json").read_text())
    document["workflows"][0]["inputs"]["properties"] = {"photo": {"type": "string"}}
    Path("main.json").write_text(json.dumps(document))
    for given, sent in (("@my cat.png", b"\x89PNG\xff\r\n"), ("openapi: 3.0.3", b"openapi: 3.0.3\r\n")):
        server.script("POST", "/a", Reply(200))
        assert run_command(["run", "main.json", "--server", server.url, "-i", f"photo={given}"]) == 0
        assert b"\r\n\r\n" + sent in server.requests[-1].body
        assert "input-file-unread" not in capsys.readouterr().err
