"""``arazzo mock``: what simulated APIs answer, refuse and remember; over real sockets at the end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import places
import pytest

from arazzo_engine import Engine
from arazzo_engine.cli import run_command
from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.mocking.routes import Found
from arazzo_engine.world.mocking.answering import Answered, Mock, mock_of
from arazzo_engine.world.mocking.serving import Manners, MockApp

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECIPES = places.ROOT / "docs/recipes"


def _mock(*names: str, fail: dict[str, Any] | None = None) -> Mock:
    with Engine() as engine:
        return mock_of([engine.load(str(_RECIPES / f"{name}.arazzo.yaml")).failing(fail or {}) for name in names])


def _ask(mock: Mock, method: str, path: str, body: Any = None, **headers: str) -> Answered:
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    content = b"" if body is None else json.dumps(body).encode()
    given += [("Content-Type", "application/json")] if content else []
    return mock.answer(Request(method, f"http://mock{path}", tuple(given), content))


def _json(answered: Answered) -> Any:
    return json.loads(answered.response.content)


def test_what_is_created_can_be_listed_and_deleted() -> None:
    mock = _mock("charge-once")
    assert _json(_ask(mock, "POST", "/orders", {"sku": "tea"})) == {"id": "order-1", "amount": 1}
    assert _json(_ask(mock, "POST", "/orders", {"sku": "cup"}))["id"] == "order-2"
    assert [each["id"] for each in _json(_ask(mock, "GET", "/orders"))["orders"]] == ["order-1", "order-2"]
    assert _ask(mock, "DELETE", "/orders/order-1").response.status == 204
    assert _ask(mock, "DELETE", "/orders/order-1").response.status == 404
    assert [each["id"] for each in _json(_ask(mock, "GET", "/orders"))["orders"]] == ["order-2"]


def test_an_answer_holds_what_the_workflow_asks_of_it() -> None:
    mock = _mock("poll-a-job")
    job = _json(_ask(mock, "POST", "/jobs"))["id"]
    assert _json(_ask(mock, "GET", f"/jobs/{job}")) == {"id": job, "status": "done", "result": "sample"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("POST", "/orders", {"no": 1}, 422, "the body: the request's body lacks `sku`"),
        ("POST", "/orders", None, 422, "the body is missing"),
        ("POST", "/charges", {"orderId": "a", "amount": "x"}, 422, "the body: the request's body at `/amount`"),
        ("PUT", "/orders", None, 405, "/orders takes GET, POST, not PUT"),
        ("GET", "/nowhere", None, 404, "no operation of the descriptions is at /nowhere"),
    ],
)
def test_a_request_that_is_wrong_is_told_what_is_wrong(
    method: str, path: str, body: Any, status: int, told: str
) -> None:
    answered = _ask(_mock("charge-once"), method, path, body)
    assert answered.response.status == status
    assert answered.mistakes[0].startswith(told)
    assert ("Content-Type", "application/problem+json") in answered.response.headers


@pytest.mark.parametrize("flaky", [0.0, 100.0])
@pytest.mark.parametrize(
    "target",
    ["/orders?api_key=hunter2", "/orders?a=1&access_token=hunter%32", "/x/http://me:hunter2@h", "/no?sig=hunter2"],
)
def test_the_log_shows_no_secret_of_a_request(flaky: float, target: str) -> None:
    told: list[str] = []
    app = MockApp(_mock("charge-once"), told.append, Manners(flaky=flaky))
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"authorization", b"Bearer hunter2")],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(_message: dict[str, Any]) -> None:
        """Take it."""

    asyncio.run(app(scope, receive, send))
    (line,) = told
    assert line.startswith(f"GET {path.partition('http')[0]}")
    assert "***" in line
    assert "hunter" not in line


def test_a_key_is_answered_as_it_was_before() -> None:
    mock = _mock("charge-once")
    body = {"orderId": "a", "amount": 1}
    first = _ask(mock, "POST", "/charges", body, Idempotency_Key="k")
    assert _ask(mock, "POST", "/charges", body, Idempotency_Key="k").response is first.response
    assert _ask(mock, "POST", "/charges", body, Idempotency_Key="other").response is not first.response
    assert mock.answered == {"pay.charge": 2}


def test_a_step_that_is_to_fail_fails_each_time() -> None:
    mock = _mock("charge-once", fail={"charge": 503})
    body = {"orderId": "a", "amount": 1}
    assert [_ask(mock, "POST", "/charges", body).response.status for _ in range(3)] == [503, 503, 503]


def test_several_apis_are_told_apart_by_their_names(tmp_path: Any) -> None:
    del tmp_path
    with Engine() as engine:
        mock = mock_of([engine.load(str(places.ROOT / "specs/travel/arazzo/travel-book-trip-workflow.yml"))])
    assert not isinstance(mock.routes.find("GET", "/flights"), Found)
    prefixes = mock.routes.prefixes
    assert set(prefixes) == {"flightsApi", "hotelsApi"}
    assert all("" not in each for each in prefixes.values())


def test_the_path_with_fewer_placeholders_fits_best() -> None:
    mock = _mock("charge-once")
    counts = [len(route.names) for route in mock.routes.routes]
    assert counts == sorted(counts)
    found = mock.routes.find("GET", "/orders")
    assert isinstance(found, Found)
    assert found.values == {}


@pytest.fixture
def served() -> Iterator[tuple[str, int, subprocess.Popen[str]]]:
    """The recipes, served by the command."""
    command = [sys.executable, "-m", "arazzo_engine", "mock", str(_RECIPES / "charge-once.arazzo.yaml")]
    surroundings = {**os.environ, "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=surroundings) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[1]
        yield url, int(url.rsplit(":", 1)[1].partition("/")[0]), process
        process.kill()


def test_a_workflow_runs_against_it(
    served: tuple[str, int, subprocess.Popen[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    url, port, process = served
    options = ["--server", url, "--auth", "shop.token=secret-token-1"]
    assert run_command(["run", str(_RECIPES / "charge-once.arazzo.yaml"), "-i", "sku=tea", *options]) == 0
    assert capsys.readouterr().out == "order: order-1\n"
    # what no client may do, and what is no request at all
    with socket.create_connection(("127.0.0.1", port)) as raw:
        lengths = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
        raw.sendall(b"POST /orders HTTP/1.1\r\nHost: x\r\n" + lengths + b"\r\n0\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 4")
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/orders", b"x" * 10_000_001)
    assert connection.getresponse().status == 413
    connection.close()
    process.send_signal(signal.SIGINT)
    told, log = process.communicate(timeout=30)
    assert "pay.charge  1" in told
    assert "secret-token-1" not in told + log
    assert log.splitlines()[0].startswith("POST /shop/orders 201  pay.order")
    assert process.returncode == 0


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run_command(["mock", str(_RECIPES / "charge-once.arazzo.yaml"), "--port", port]) == 2
    assert "cannot be used: address already in use" in capsys.readouterr().err
