"""The simulated APIs on a port of this machine, by ASGI: any client of HTTP can ask them.

Decides what no client may do to it: a body that is too large or never ends is refused. What is answered is decided by
the mock. It imports nothing of the server until it serves.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.mocking.messages import sendable
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.messages.named_secrets import named_secrets
from arazzo_engine.world.http.listening import allow_connections, listen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.world.mocking.answering import Answered, Mock

_NEEDED: Final = {"uvicorn": "uvicorn", "openapi_core": "openapi-core"}
_ORIGIN: Final = "http://mock"
_LARGEST: Final = 10_000_000
_PATIENCE: Final = 30.0
_ERRORS: Final = (500, 502, 503)
_WIDEST: Final = 400
# RFC 9112, section 6.1: with both, a message "might indicate an attempt to perform request smuggling"
_TWICE: Final = Response(400, (("Content-Type", "text/plain"),), b"the length of the body is given in two ways")
_REFUSED: Final = Response(413, (("Content-Type", "text/plain"),), b"the body is too large, or never ends")


class Manners(Struct, frozen=True):
    """How the server behaves besides: seconds before each answer, percent of answers that fail, and by which chance."""

    latency: float = 0.0
    flaky: float = 0.0
    seed: int = 0


class MockApp(Struct):
    """An application of ASGI; each exchange is told to ``tell``."""

    mock: Mock
    tell: Callable[[str], None]
    manners: Manners = Manners()
    chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.chance.seed(self.manners.seed)

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        """Answer a request; take part in the start and end of the server."""
        if scope["type"] == "lifespan":
            return await _live(receive, send)
        if scope["type"] != "http":
            return None
        if _is_framed_twice(scope):
            return await self._refuse(scope, send, _TWICE)
        body = await _body(receive) if _has_body(scope) else b""
        if body is None:
            return await self._refuse(scope, send, _REFUSED)
        if self.manners.latency:
            await asyncio.sleep(self.manners.latency)
        request = _request(scope, body)
        if self.manners.flaky and self.chance.random() * 100 < self.manners.flaky:
            response = Response(self.chance.choice(_ERRORS))
            self.tell(_masked(f"{request.method} {request.url} {response.status}  by chance", request))
            return await _send(send, response)
        answered = self.mock.answer(request)
        self.tell(_line(request, answered))
        return await _send(send, answered.response)

    async def _refuse(self, scope: Mapping[str, Any], send: Any, response: Response) -> None:  # noqa: ANN401 - as ASGI has it
        """Answer a request that is no right one, tell it, and end the connection: what follows may be a part of it."""
        request = _request(scope, b"")
        told = f"{request.method} {request.url} {response.status}\n    {response.content.decode()}"
        self.tell(_masked(told, request))
        await _send(send, response, ends=True)


def serve(app: MockApp, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve until the process is told to end; ``ready`` is told the port.

    Raises ``ArazzoError`` (``option-invalid``) for a port that is taken.
    """
    import uvicorn  # noqa: PLC0415 - an extra

    from arazzo_engine.world.mocking.connections import PatientProtocol  # noqa: PLC0415 - the same

    allow_connections()
    bound = listen(host, port)
    config = uvicorn.Config(app, log_level="critical", access_log=False, timeout_keep_alive=30, http=PatientProtocol)
    with bound:
        ready(bound.getsockname()[1])
        uvicorn.Server(config).run(sockets=[bound])


def check_installed() -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when what serves, or reads forms, is not installed."""
    from importlib.util import find_spec  # noqa: PLC0415 - only for a server

    missing = next((name for module, name in _NEEDED.items() if find_spec(module) is None), None)
    if missing is not None:
        message = f"`arazzo mock` needs the package `{missing}`, which is not installed"
        raise ArazzoError(diagnose("option-invalid", message, fix="pip install 'arazzo-engine[mock]'"))


async def _live(receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def _is_framed_twice(scope: Mapping[str, Any]) -> bool:
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}


def _has_body(scope: Mapping[str, Any]) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


async def _body(receive: Any) -> bytes | None:  # noqa: ANN401 - as ASGI has it
    """Return the body of a request, ``None`` for one that is too large, does not end, or whose client has gone."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > _LARGEST:
                    return None
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        return None


def _request(scope: Mapping[str, Any], body: bytes) -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], f"{_ORIGIN}{_target(scope)}", headers, body)


def _target(scope: Mapping[str, Any]) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    if b"://" in raw and not raw.startswith(b"/"):
        # RFC 9112, section 3.2.2: "a server MUST accept the absolute-form in requests"
        raw = b"/" + raw.partition(b"://")[2].partition(b"/")[2]
    query: bytes = scope["query_string"]
    return (raw + (b"?" + query if query else b"")).decode("latin-1")


async def _send(send: Any, response: Response, *, ends: bool = False) -> None:  # noqa: ANN401 - as ASGI has it
    response = sendable(response)
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in response.headers]
    if response.status not in {204, 304}:
        headers.append((b"content-length", str(len(response.content)).encode()))
    if ends:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


def _line(request: Request, answered: Answered) -> str:
    told = f"  {answered.name}" if answered.name else ""
    wrong = "".join(f"\n    {each}" for each in answered.mistakes)
    line = f"{request.method} {request.url} {answered.response.status}{told}{wrong}"
    path = request.url.removeprefix(_ORIGIN)
    return _masked(line, request) if wrong or "?" in path or ":" in path else _shown(line)


def _masked(line: str, request: Request) -> str:
    """Return what is told of a request without what it names like a secret: a real client may send its own."""
    masker = Masker()
    masker.learn(named_secrets(request))
    return _shown(masker.text(line))


def _shown(text: str) -> str:
    lines = text.replace(_ORIGIN, "", 1).split("\n")
    return "\n".join(each if len(each) <= _WIDEST else f"{each[:_WIDEST]}…{each[-20:]}" for each in lines)
