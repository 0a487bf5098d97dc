"""Each row of the table of facts, with a real server: what the transport tells, and whether a run sends it again."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, assert_never

import places
import pytest
from proxy import Proxy
from secure_peers import answer_without_tls, listening, talking_securely
from wire_facts import FACTS, Fact, Outcome, Server

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.cli import run_command
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Answer, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send
from arazzo_engine.world.http.transport import AsyncTransport, Transport
from arazzo_engine.world.http.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OPERATION: Final = Operation(read_document("{}", "file:///api.yaml").root(), "api", "file:///api.yaml", "POST", "/")
AMPLE: Final = 20.0
SHORT: Final = 0.3
# how a request may travel: the protocol of the server, whether HTTP/2 is offered, and whether a proxy stands between
WAYS: Final = {
    "HTTP/1.1": ("http/1.1", False, False),
    "HTTP/1.1 where HTTP/2 was offered": ("http/1.1", True, False),
    "HTTP/1.1 through a proxy": ("http/1.1", False, True),
    "HTTP/2": ("h2", True, False),
    "HTTP/2 through a proxy": ("h2", True, True),
}


def _rows(*names: str) -> list[Any]:
    found = [(fact, name) for fact in FACTS for name in names if fact.talk(WAYS[name][0]) is not None]
    # what happens to the connection to a proxy is another event
    kept = [each for each in found if each[0].server is Server.WITH_TLS or not WAYS[each[1]][2]]
    return [pytest.param(fact, name, id=f"{name}: {fact.event}") for fact, name in kept]


@contextmanager
def happening(fact: Fact, way: str) -> Iterator[tuple[str, list[bytes]]]:
    """Make an event happen to whoever connects; give the host and port, and the heads of requests that came."""
    match fact.server:
        case Server.NONE:
            with socket.create_server(("127.0.0.1", 0)) as listener:
                host = f"127.0.0.1:{listener.getsockname()[1]}"
            yield host, []
        case Server.WITHOUT_TLS:
            with listening(answer_without_tls) as host:
                yield host, []
        case Server.WITH_TLS:
            talk = fact.talk(WAYS[way][0])
            assert talk is not None
            with talking_securely(WAYS[way][0], talk) as found:
                yield found
        case _:
            assert_never(fact.server)


@contextmanager
def wire_of(way: str) -> Iterator[Wire]:
    _, http2, is_proxied = WAYS[way]
    wire = Wire(ca_bundle=str(places.CERTIFICATE), http2=http2)
    if not is_proxied:
        yield wire
        return
    with Proxy() as proxy:
        yield Wire(ca_bundle=wire.ca_bundle, http2=http2, proxy=f"http://{proxy.host}")


def send_blocking(request: Request, wire: Wire, timeout: float) -> Answer:
    with Transport(wire=wire) as transport:
        return transport.send(Send(request, OPERATION, timeout))


def send_in_a_loop(request: Request, wire: Wire, timeout: float) -> Answer:
    async def send() -> Answer:
        async with AsyncTransport(wire=wire) as transport:
            return await transport.send(Send(request, OPERATION, timeout))

    return asyncio.run(send())


@pytest.mark.parametrize("send", [send_blocking, send_in_a_loop], ids=["sync", "async"])
@pytest.mark.parametrize(("fact", "way"), _rows(*WAYS))
def test_what_is_told_of_a_request(fact: Fact, way: str, send: Callable[..., Answer]) -> None:
    timeout = SHORT if fact.is_late else AMPLE
    with happening(fact, way) as (host, _), wire_of(way) as wire:
        result = send(Request("POST", f"https://{host}/orders", (), b"x" * fact.size), wire, timeout).result
    if fact.outcome is Outcome.ANSWERED:
        assert isinstance(result, Response), result
        assert str(result.status) == fact.says
        return
    assert isinstance(result, NoResponse), result
    sent, processed, _ = fact.outcome.value
    assert (result.sent, result.processed) == (sent == "yes", fact.outcome is not Outcome.NOT_PROCESSED)
    assert result.is_in_doubt == (processed == "unknown")
    shown = host if wire.proxy is None else f"{host} through the proxy {wire.proxy.removeprefix('http://')}"
    assert result.reason == fact.reason(WAYS[way][0], shown, SHORT)


@pytest.mark.parametrize(("fact", "way"), _rows("HTTP/1.1", "HTTP/2"))
def test_whether_a_run_sends_a_request_again(
    fact: Fact, way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = _write_workflow(tmp_path, fact)
    with happening(fact, way) as (host, heard):
        options = ["--server", f"https://{host}", "--ca-bundle", str(places.CERTIFICATE), "--format", "json"]
        code = run_command(["run", document, *options, *(["--http2"] if WAYS[way][1] else [])])
    report = json.loads(capsys.readouterr().out)
    attempts = [step["attempt"] for step in report["steps"]]
    first = report["steps"][0]["response"]
    told = {"no": False, "unknown": None}.get(fact.outcome.value[1])
    if fact.outcome is not Outcome.ANSWERED:
        assert (first["sent"], first["processed"]) == (fact.outcome.value[0] == "yes", told)
    match fact.outcome:
        case Outcome.IN_DOUBT:
            # the second attempt is refused before anything is sent
            assert (code, attempts, len(heard)) == (5, [1, 2], 1)
            assert first["reason"] == fact.reason(WAYS[way][0], host, SHORT)
        case Outcome.ANSWERED if fact.says == "201":
            assert (code, attempts, len(heard)) == (0, [1], 1)
        case Outcome.NOT_SENT:
            assert (code, attempts, len(heard)) == (1, [1, 2, 3], 0)
        case _:
            assert (code, attempts, len(heard)) == (1, [1, 2, 3], 3)


def _write_workflow(folder: Path, fact: Fact) -> str:
    api = {
        "openapi": "3.1.0",
        "info": {"title": "orders", "version": "1"},
        "paths": {
            "/orders": {
                "post": {
                    "operationId": "order",
                    "requestBody": {"content": {"text/plain": {"schema": {"type": "string"}}}},
                    "responses": {"201": {"description": "made"}},
                }
            }
        },
    }
    again = {"name": "again", "type": "retry", "retryAfter": 0, "retryLimit": 2}
    step = {
        "stepId": "order",
        "operationId": "order",
        "requestBody": {"contentType": "text/plain", "payload": "x" * fact.size},
        "onFailure": [again],
    } | ({"timeout": int(SHORT * 1000)} if fact.is_late else {})
    arazzo = {
        "arazzo": "1.1.0",
        "info": {"title": "orders", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "order", "steps": [step]}],
    }
    (folder / "api.json").write_text(json.dumps(api))
    (folder / "orders.arazzo.json").write_text(json.dumps(arazzo))
    return str(folder / "orders.arazzo.json")
