"""Transports of httpx that the user gives: they get the request as it was built, and fail as the network does."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from loopback import Reply

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send
from arazzo_engine.world.connections import Connections
from arazzo_engine.world.http.given_transports import Given
from arazzo_engine.world.http.transport import AsyncTransport, Transport
from arazzo_engine.world.http.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from loopback import RecordingServer

OPERATION: Final = Operation(read_document("{}", "file:///api.yaml").root(), "api", "file:///api.yaml", "GET", "/")
AMPLE: Final = 20.0


def send_blocking(request: Request, transport: httpx.BaseTransport, wire: Wire = Wire()) -> Answer:  # noqa: B008 - frozen
    with Transport(wire=wire, given=Given(transport).channel()) as sender:
        return sender.send(Send(request, OPERATION, AMPLE))


def send_in_a_loop(request: Request, transport: httpx.AsyncBaseTransport, timeout: float = AMPLE) -> Answer:
    async def send() -> Answer:
        async with AsyncTransport(given=Given(transport).async_channel()) as sender:
            return await sender.send(Send(request, OPERATION, timeout))

    return asyncio.run(send())


def response(answer: Answer) -> Response:
    assert isinstance(answer.result, Response), answer
    return answer.result


def no_response(answer: Answer) -> NoResponse:
    assert isinstance(answer.result, NoResponse), answer
    return answer.result


def raising(error: Exception) -> httpx.MockTransport:
    def refuse(_request: httpx.Request) -> httpx.Response:
        raise error

    return httpx.MockTransport(refuse)


def test_a_method_keeps_its_case() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return httpx.Response(200)

    request = Request("Copy", "http://api.example/a")
    send_blocking(request, httpx.MockTransport(answer))
    send_in_a_loop(request, httpx.MockTransport(answer))
    assert seen == ["Copy", "Copy"]


def test_a_mock_gets_the_request_and_its_answer_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    # a transport of the user's goes its own way
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"n": 1}, headers={"X-One": "1"})

    request = Request("POST", "http://api.example:8080/a%2Fb?q=[1]", (("X-Name", "me"),), b"{}")
    for found in (
        response(send_blocking(request, httpx.MockTransport(answer))),
        response(send_in_a_loop(request, httpx.MockTransport(answer))),
    ):
        assert (found.status, found.payload, dict(found.headers)["X-One"]) == (201, {"n": 1}, "1")
    assert len(seen) == 2
    for each in seen:
        assert (each.method, each.content, each.extensions["target"]) == ("POST", b"{}", b"/a%2Fb?q=[1]")
        assert each.headers["host"] == "api.example:8080"
        assert each.headers["content-length"] == "2"
        assert 0 < each.extensions["timeout"]["read"] <= AMPLE


def test_a_wsgi_application_is_asked_without_a_network() -> None:
    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps([environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["HTTP_KEY"]]).encode()]

    request = Request("GET", "http://app/things", (("Key", "k"),))
    found = response(send_blocking(request, httpx.WSGITransport(app=application)))
    assert found.payload == ["GET", "/things", "k"]


def test_an_asgi_application_is_asked_without_a_network() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-encoding", b"gzip")]})
        content = gzip.compress(scope["path"].encode() + b" " + body)
        await send({"type": "http.response.body", "body": content})

    request = Request("POST", "http://app/things", (), b"body")
    assert response(send_in_a_loop(request, httpx.ASGITransport(app=application))).content == b"/things body"


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (httpx.ConnectTimeout(""), Failure.TIMEOUT),
        (httpx.PoolTimeout(""), Failure.TIMEOUT),
        (httpx.WriteTimeout(""), Failure.TIMEOUT),
        (httpx.ReadTimeout(""), Failure.TIMEOUT),
        (httpx.ConnectError("no way there"), Failure.CONNECT),
        (httpx.ProxyError("403 Forbidden"), Failure.CONNECT),
        (httpx.UnsupportedProtocol("only https here"), Failure.CONNECT),
        (httpx.InvalidURL("no such place"), Failure.CONNECT),
        (httpx.LocalProtocolError("bad"), Failure.PROTOCOL),
        (httpx.RemoteProtocolError("went away"), Failure.PROTOCOL),
        (httpx.ReadError("went away"), Failure.PROTOCOL),
        (httpx.CloseError("went away"), Failure.PROTOCOL),
        (httpx.DecodingError("not gzip"), Failure.PROTOCOL),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_what_httpx_raises_fails_as_the_network_does_and_is_no_proof_that_nothing_left(
    error: Exception, failure: Failure
) -> None:
    request = Request("POST", "http://api.example/")
    for found in (send_blocking(request, raising(error)), send_in_a_loop(request, raising(error))):
        assert (no_response(found).failure, no_response(found).sent) == (failure, True)
        assert "api.example" in no_response(found).reason or failure is Failure.PROTOCOL


class Repeating(httpx.BaseTransport):
    """Sends a request several times by itself, and fails in the end as if it had never connected."""

    def __init__(self, times: int, *, fails: bool) -> None:
        self.times = times
        self.fails = fails
        self.transport = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        found = [self.transport.handle_request(request) for _ in range(self.times)]
        for each in found:
            each.read()
        self.transport.close()
        if self.fails:
            raise httpx.ConnectError("no way there")
        return httpx.Response(found[-1].status_code, content=found[-1].content)


@pytest.mark.parametrize("send", [send_blocking, send_in_a_loop])
def test_a_transport_with_connections_tells_by_its_trace_that_nothing_left(send: Callable[..., Answer]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
    transport = httpx.HTTPTransport() if send is send_blocking else httpx.AsyncHTTPTransport()
    found = no_response(send(Request("POST", f"http://{host}/"), transport))
    assert found == NoResponse(Failure.CONNECT, f"cannot connect to {host}: connection refused", sent=False)


@pytest.mark.parametrize("send", [send_blocking, send_in_a_loop])
def test_a_transport_with_connections_tells_by_its_trace_that_the_request_left(
    send: Callable[..., Answer], server: RecordingServer
) -> None:
    server.script("POST", "/", Reply.close())
    transport = httpx.HTTPTransport() if send is send_blocking else httpx.AsyncHTTPTransport()
    assert no_response(send(Request("POST", f"{server.url}/"), transport)).sent


def test_what_a_transport_sends_again_by_itself_is_told_by_its_trace(server: RecordingServer) -> None:
    server.script("POST", "/", Reply(201))
    request = Request("POST", f"{server.url}/")
    assert send_blocking(request, Repeating(2, fails=False)).notes == (
        "the transport sent the request 2 times by itself",
    )
    assert send_blocking(request, Repeating(1, fails=False)).notes == ()
    lost = no_response(send_blocking(request, Repeating(1, fails=True)))
    host = server.url.removeprefix("http://")
    reason = f"cannot connect to {host}: no way there; it may have been sent before that"
    assert lost == NoResponse(Failure.CONNECT, reason, sent=True)
    assert len(server.requests) == 4


def test_an_application_that_never_answers_ends_at_the_timeout() -> None:
    async def application(_scope: object, _receive: object, _send: object) -> None:
        await asyncio.Event().wait()

    found = send_in_a_loop(Request("GET", "http://app/"), httpx.ASGITransport(app=application), 0.05)
    assert no_response(found) == NoResponse(Failure.TIMEOUT, "no complete answer from app within 0.05 s")


def test_the_ceiling_and_the_allowed_hosts_hold_for_a_given_transport() -> None:
    mock = httpx.MockTransport(lambda _: httpx.Response(200, content=b"0" * 11))
    large = send_blocking(Request("GET", "http://app/"), mock, Wire(ceiling=10))
    assert no_response(large).failure is Failure.TOO_LARGE
    elsewhere = send_blocking(Request("GET", "http://app/"), mock, Wire(allowed_hosts=("other",)))
    assert no_response(elsewhere).reason == "`--allow-host` does not name app"


def test_a_body_that_is_not_of_bytes_is_a_fault_of_the_transport() -> None:
    class Words(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield "words"  # type: ignore[misc]  # what a transport of a user may do

    found = send_blocking(
        Request("GET", "http://app/"), httpx.MockTransport(lambda _: httpx.Response(200, stream=Words()))
    )
    assert no_response(found).failure is Failure.PROTOCOL
    assert "a body of `str`, not of bytes" in no_response(found).reason


def test_a_given_transport_is_closed_once_with_what_it_was_given_to() -> None:
    closings: list[str] = []

    class Closing(httpx.MockTransport):
        def close(self) -> None:
            closings.append("closed")

    connections = Connections(Wire(), Closing(lambda _: httpx.Response(204)))
    with connections.connect(Wire()) as loading:
        assert response(loading.send(Send(Request("GET", "http://app/"), OPERATION, AMPLE))).status == 204
    assert not closings
    connections.close()
    assert closings == ["closed"]


def test_a_transport_with_connections_serves_the_loop_that_opened_them_alone() -> None:
    given = Given(httpx.AsyncHTTPTransport())

    async def send() -> Answer:
        async with AsyncTransport(given=given.async_channel()) as sender:
            return await sender.send(Send(Request("GET", "http://127.0.0.1:1/"), OPERATION, AMPLE))

    assert "another event loop" not in no_response(asyncio.run(send())).reason
    second = no_response(asyncio.run(send()))
    assert (second.failure, second.sent) == (Failure.CONNECT, False)
    assert "give each loop an engine of its own" in second.reason


def test_what_would_end_a_loop_is_for_the_thread_that_waits() -> None:
    class Ending(httpx.AsyncBaseTransport):
        async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
            raise KeyboardInterrupt

    given = Given(Ending())
    with Transport(given=given.channel()) as sender, pytest.raises(KeyboardInterrupt):
        sender.send(Send(Request("GET", "http://app/"), OPERATION, AMPLE))
    given.close()
