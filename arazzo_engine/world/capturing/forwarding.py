"""What a proxy does with a request: where it goes, with which headers, and what its client gets of the answer.

Decides what is refused: tunnels and websockets, whose content nobody could read, and requests that would come back
here. All else is passed on as it came, in both directions, but for what belongs to one connection alone, the name of
the server, and ways to pack an answer that could not be read here. No socket of a client is known here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.documents.uris import WEB, is_loopback, origin_of, scheme_of
from arazzo_engine.language.messages.exchange import Headers, Request, Response, header
from arazzo_engine.world.http.content_codings import readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.world.capturing.writing import Capturing, Underway
    from arazzo_engine.world.http.transport import Transport

_PATIENCE: Final = 60.0
# RFC 9110, section 7.6.1: what is for one connection alone
_OF_A_CONNECTION: Final = frozenset(
    (
        *("connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
    )
)
# what is written anew for the way from here
_ANEW: Final = frozenset({"host", "content-length", "expect", "accept-encoding"})
_LENGTH: Final = frozenset({"content-length"})
_NOT_MODIFIED: Final = 304
_WEBSOCKET: Final = (
    "the messages of a websocket are no exchanges, and cannot be captured: connect to the server without this proxy"
)
_ENDED: Final = "`arazzo record` has ended: send the request to the server itself"
_TUNNEL: Final = (
    "what goes through CONNECT is encrypted, and cannot be captured: start `arazzo record --proxy --target https://{}`"
    " and send the requests to {} instead, by http"
)


class Came(Struct, frozen=True):
    """A request as it came from a client: ``target`` is what stands in its first line."""

    method: str
    target: str
    headers: Headers
    content: bytes


class RefusedRequestError(Exception):
    """A request is not passed on: with which status, and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Forwarding(Struct):
    """Passes requests on and captures them; ``origin`` is where it is asked itself, ``tell`` is told each in a line.

    With a ``target``, every request goes to that server; without one, to the server that it names.
    """

    transport: Transport
    capturing: Capturing
    tell: Callable[[str], None]
    target: str = ""
    origin: str = ""
    _mark: str = field(default_factory=lambda: f"arazzo-{secrets.token_hex(8)}")

    def answer(self, came: Came) -> Response:
        """Return what the client gets."""
        try:
            request, begun = self._begin(came)
        except RefusedRequestError as refused:
            self.tell(f"{came.method} refused: {refused.reason}")
            return refusal(refused)
        accepted = readable(header(came.headers, "accept-encoding") or "")
        own = (("Accept-Encoding", accepted), ("Via", f"1.1 {self._mark}"))
        answer = self.transport.pass_on(replace(request, headers=(*request.headers, *own)), _PATIENCE)
        told = self.capturing.tell(begun, answer)
        if told:
            self.tell(told)
        return self._for_client(came.method, answer)

    def _begin(self, came: Came) -> tuple[Request, Underway]:
        """Return what is to be sent for a request; raises ``RefusedRequestError``."""
        request = Request(came.method, self._where(came), _passed_on(came.headers, _ANEW), came.content)
        begun = self.capturing.begin_exchange(request)
        if begun is None:
            raise RefusedRequestError(503, _ENDED)
        return request, begun

    def _where(self, came: Came) -> str:
        """Return the URL that a request is for; raises ``RefusedRequestError``."""
        if came.method == "CONNECT":
            raise RefusedRequestError(405, _TUNNEL.format(came.target.removesuffix(":443"), self.origin))
        if "websocket" in (header(came.headers, "upgrade") or "").lower():
            raise RefusedRequestError(501, _WEBSOCKET)
        if self._mark in (header(came.headers, "via") or "") or (not self.target and self._is_here(came.target)):
            raise RefusedRequestError(508, "the request leads back to this proxy")
        if not self.target:
            if scheme_of(came.target) not in WEB:
                reason = "this is a proxy: use it as one (`curl --proxy`), or name the server with `--target URL`"
                raise RefusedRequestError(400, reason)
            return came.target
        # RFC 9112, section 3.2.2: "a server MUST accept the absolute-form in requests"
        path = came.target.removeprefix(self.origin)
        if not path.startswith("/"):
            raise RefusedRequestError(400, f"every request goes to {self.target}: send it to {self.origin}")
        return self.target + path

    def _is_here(self, url: str) -> bool:
        origin = origin_of(url)
        return origin is not None and is_loopback(url) and origin[2] == urlsplit(self.origin).port

    def _for_client(self, method: str, answer: Answer) -> Response:
        result = answer.result
        if not isinstance(result, Response):
            return refusal(RefusedRequestError(502, result.reason))
        is_empty = method == "HEAD" or result.status == _NOT_MODIFIED
        headers = _passed_on(result.headers, frozenset() if is_empty else _LENGTH)
        return replace(result, headers=tuple((name, self._here(name, value)) for name, value in headers))

    def _here(self, name: str, value: str) -> str:
        """Return the value of a header; a redirect within the target leads to this proxy."""
        is_within = self.target and name.lower() == "location" and f"{value}/".startswith(f"{self.target}/")
        return self.origin + value.removeprefix(self.target) if is_within else value


def refusal(refused: RefusedRequestError) -> Response:
    """Return the answer that says why a request is not passed on."""
    text = f"arazzo record: {refused.reason}\n".encode()
    return Response(refused.status, (("Content-Type", "text/plain; charset=utf-8"),), text)


def _passed_on(headers: Headers, besides: frozenset[str]) -> Headers:
    named = {each.strip().lower() for each in (header(headers, "connection") or "").split(",")}
    left_out = _OF_A_CONNECTION | besides | named
    return tuple(each for each in headers if each[0].lower() not in left_out)
