"""The page on this machine that a browser is sent to after a login, and what it was sent with.

Decides which visit is believed: the one with the state that was given out. It listens on 127.0.0.1 alone, for one
login.
"""

from __future__ import annotations

import hmac
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from types import TracebackType

_PATH: Final = "/callback"
_PAGES: Final = {
    200: b"You are logged in. This page can be closed.\n",
    400: b"This is not the login that was asked for.\n",
}
# a browser may open a connection and send nothing on it
_SILENCE: Final = 5.0


class Redirect:
    """Waits for the visit with ``state``; ``url`` is the page."""

    def __init__(self, state: str) -> None:
        # RFC 8252, section 7.3: "http://127.0.0.1:{port}/{path}", and "the client [...] MUST allow any port"
        self._server = _Server(("127.0.0.1", 0), _Visit)
        self._server.state = state
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{_PATH}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()

    def wait(self, seconds: float) -> dict[str, str] | None:
        """Return what the browser was sent with, ``None`` when it did not come in time."""
        ends = time.monotonic() + seconds
        while self._server.found is None and (left := ends - time.monotonic()) > 0:
            self._server.timeout = left
            self._server.handle_request()
        return self._server.found


class _Server(HTTPServer):
    state = ""
    found: dict[str, str] | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: a visit that breaks off is none."""


class _Visit(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SILENCE

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        given = dict(parse_qsl(parts.query))
        # RFC 6749, section 10.12: "The client MUST implement CSRF protection for its redirection URI"
        is_ours = parts.path == _PATH and hmac.compare_digest(
            given.get("state", "").encode(), self.server.state.encode()
        )
        if is_ours:
            self.server.found = given
        status = 200 if is_ours else 400
        self.send_response_only(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(_PAGES[status])))
        self.end_headers()
        self.wfile.write(_PAGES[status])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Print nothing: the URL has the code."""
