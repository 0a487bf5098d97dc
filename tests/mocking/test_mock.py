"""``arazzo mock``: what simulated APIs answer, refuse and remember; over real sockets at the end."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
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
    from pathlib import Path

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


def test_a_list_is_told_in_pages() -> None:
    mock = _mock("charge-once")
    for _ in range(25):
        _ask(mock, "POST", "/orders", {"sku": "tea"})
    assert [len(_json(_ask(mock, "GET", f"/orders{page}"))["orders"]) for page in ("", "?page=2", "?limit=3")] == [
        20,
        5,
        3,
    ]
    assert _json(_ask(mock, "GET", "/orders?limit=2&offset=4"))["orders"][0]["id"] == "order-5"
    assert len(_json(_ask(mock, "GET", "/orders?limit=99999999999"))["orders"]) == 20


def test_a_step_has_its_turn_when_the_one_before_was_answered(tmp_path: Path) -> None:
    place = tmp_path / "two.arazzo.yaml"
    shutil.copytree(_RECIPES, tmp_path, dirs_exist_ok=True)
    text = (_RECIPES / "charge-once.arazzo.yaml").read_text()
    sent = "requestBody: {contentType: application/json, payload: {sku: x}}"
    step = f"      - {{stepId: STEP, operationId: createOrder, {sent}}}\n"
    steps = "".join(step.replace("STEP", each) for each in ("first", "second"))
    workflow = f"  - workflowId: twice\n    steps:\n{steps}"
    place.write_text(text[: text.index("  - workflowId")] + workflow)
    with Engine() as engine:
        mock = mock_of([engine.load(str(_RECIPES / "charge-once.arazzo.yaml")), engine.load(str(place))])
    # the first request begins the first workflow; what no step of it follows begins the other one
    names = [_ask(mock, "POST", "/orders", {"sku": "tea"}).name for _ in range(3)]
    assert names == ["pay.order", "twice.first", "twice.second"]


def test_an_answer_is_made_once_and_the_same_after_that() -> None:
    mock = _mock("charge-once")
    answers = [_ask(mock, "GET", "/orders").response for _ in range(3)]
    assert answers[1] is answers[2]


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


def test_two_thousand_connections_are_served_at_once_and_an_unfinished_head_among_them() -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 4_096:
        pytest.skip("this system has no room for them")
    resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, hard))
    mock = f"{sys.executable} -m arazzo_engine mock {_RECIPES / 'charge-once.arazzo.yaml'} -q"
    command = ["sh", "-c", f"ulimit -S -n 256; exec {mock}"]
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, ExitStack() as stack:
            assert process.stdout is not None
            port = int(process.stdout.readline().split()[1].rsplit(":", 1)[1].partition("/")[0])
            address = ("127.0.0.1", port)
            opened = [stack.enter_context(socket.create_connection(address, timeout=60)) for _ in range(2_000)]
            opened[0].sendall(b"GET /orders HTTP/1.1\r\nHost: x\r\n")
            for each in opened[1:]:
                each.sendall(b"GET /orders HTTP/1.1\r\nHost: x\r\n\r\n")
            assert all(each.recv(17) == b"HTTP/1.1 200 OK\r\n" for each in opened[1:])
            process.terminate()
            assert process.wait(30) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_head_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from arazzo_engine.world.mocking import connections, serving

    monkeypatch.setattr(connections, "PATIENCE", 0.05)
    app, ready = MockApp(_mock("charge-once"), print), queue.Queue[int]()
    threading.Thread(target=serving.serve, args=(app, "127.0.0.1", 0, ready.put), daemon=True).start()
    with socket.create_connection(("127.0.0.1", ready.get(timeout=30)), timeout=30) as connection:
        connection.sendall(b"GET /orders HTTP/1.1\r\nHost: x\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert answer.endswith(b"the request does not end")


@pytest.mark.parametrize(("module", "named"), [("uvicorn", "uvicorn"), ("openapi_core", "openapi-core")])
def test_what_is_not_installed_is_told_before_anything_is_served(
    module: str, named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else find(name))
    assert run_command(["mock", str(_RECIPES / "charge-once.arazzo.yaml")]) == 2
    told = capsys.readouterr().err
    assert f"`arazzo mock` needs the package `{named}`, which is not installed" in told
    assert "pip install 'arazzo-engine[mock]'" in told


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run_command(["mock", str(_RECIPES / "charge-once.arazzo.yaml"), "--port", port]) == 2
    assert "cannot be used: address already in use" in capsys.readouterr().err
