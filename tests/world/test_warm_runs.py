"""A second run of a program costs no file, no parse and no TLS context, and keeps the connection of the first."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from arazzo_engine import Engine
from arazzo_engine.documents import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.ports.append(self.client_address[1])  # type: ignore[attr-defined]  # the test's own list
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Print nothing."""


@pytest.fixture
def secure_server(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.ports = []  # type: ignore[attr-defined]  # the same
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _document() -> dict[str, Any]:
    return {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [{"stepId": "one", "operationId": "op"}]}],
    }


class _Counting:
    """A function that counts its calls."""

    def __init__(self, function: Any) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.calls += 1
        return self.function(*arguments, **named)


@pytest.mark.parametrize("is_async", [False, True], ids=["thread", "loop"])
def test_a_second_run_makes_nothing_anew(
    is_async: bool, tmp_path: Path, secure_server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"https://127.0.0.1:{secure_server.server_address[1]}"
    operation = {"get": {"operationId": "op", "responses": {}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": url}],
        "paths": {"/": operation},
    }
    (tmp_path / "api.json").write_text(json.dumps(api))
    contexts = _Counting(ssl.create_default_context)
    documents = _Counting(reading.read_document)
    files = _Counting(open)

    async def twice(program: Any) -> list[Any]:
        first = await program.run_async()
        _begin_counting(monkeypatch, contexts, documents, files)
        return [first, await program.run_async()]

    with Engine(ca_bundle=tmp_path / "authority.pem") as engine:
        program = engine.load(_document(), base=tmp_path)
        if is_async:
            reports = asyncio.run(twice(program))
        else:
            reports = [program.run()]
            _begin_counting(monkeypatch, contexts, documents, files)
            reports.append(program.run())
    assert [report.succeeded for report in reports] == [True, True]
    assert (contexts.calls, documents.calls, files.calls) == (0, 0, 0)
    one, other = secure_server.ports  # type: ignore[attr-defined]  # the same
    assert one == other


def _begin_counting(
    monkeypatch: pytest.MonkeyPatch, contexts: _Counting, documents: _Counting, files: _Counting
) -> None:
    monkeypatch.setattr(ssl, "create_default_context", contexts)
    monkeypatch.setattr(reading, "read_document", documents)
    monkeypatch.setattr("builtins.open", files)
