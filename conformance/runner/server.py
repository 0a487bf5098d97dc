"""The server of a case: it answers each route from the case's script over real HTTP, and records what it was sent.

An answer that serves a file of the case is a document that the engine loads, so it is not recorded as a request of the
workflow. A request that the script does not know is answered 404 and remembered, because it fails the case.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

    from runner.yaml_subset import Json


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it arrived; ``target`` is that of the request line, ``since`` the seconds after the last answer."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    since: float | None = None


@dataclass
class ScriptedServer:
    """Answers ``METHOD /path`` with its answers in order, the last one again and again."""

    script: dict[str, list[Json]] = field(default_factory=dict)
    folder: Path = Path()
    received: list[Received] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    answered: float | None = None

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.scripted = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)

    @property
    def base(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, request: Received) -> Json:
        """Return the next answer for a request."""
        with self._lock:
            path = request.target.partition("?")[0]
            for route in (f"{request.method} {request.target}", f"{request.method} {path}"):
                answers = self.script.get(route)
                if answers:
                    answer = answers.pop(0) if len(answers) > 1 else answers[0]
                    if "file" not in answer:
                        self.received.append(request)
                    return answer
            self.received.append(request)
            self.unknown.append(f"{request.method} {request.target}")
        return {"status": 404, "text": "the case has no answer for this request"}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    scripted: ScriptedServer
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Print nothing: a client that goes away is part of many cases."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the base class looks up `do_<METHOD>`
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay quiet."""

    def _serve(self) -> None:
        scripted = self.server.scripted
        since = None if scripted.answered is None else time.monotonic() - scripted.answered
        received = Received(self.command, self.path, tuple(self.headers.items()), self._body(), since)
        answer = scripted.answer(received)
        # one request for each connection, so that closing the server leaves no thread behind
        self.close_connection = True
        time.sleep(answer.get("delay", 0))
        scripted.answered = time.monotonic()
        if answer.get("close"):
            return
        media_type, content = self._content(answer)
        headers = [(name, each) for name, value in answer.get("headers", {}).items() for each in _several(value)]
        named = {name.lower() for name, _ in headers}
        if media_type and "content-type" not in named:
            headers.append(("Content-Type", media_type))
        self.send_response_only(answer.get("status", 200))
        for name, value in headers:
            self.send_header(name, value)
        if answer.get("status", 200) not in {204, 304}:
            self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _content(self, answer: dict[str, Json]) -> tuple[str, bytes]:
        if "json" in answer:
            return "application/json", json.dumps(answer["json"]).encode()
        if "text" in answer:
            return "text/plain; charset=utf-8", answer["text"].encode()
        if "base64" in answer:
            return "application/octet-stream", base64.b64decode(answer["base64"])
        if "file" in answer:
            return "application/yaml", (self.server.scripted.folder / answer["file"]).read_bytes()
        return "", b""

    def _body(self) -> bytes:
        if "chunked" not in (self.headers.get("Transfer-Encoding") or "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(chunks)


def _several(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
