"""The demonstration: its shop answers as its descriptions say, and what is said of a run is what happened."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from arazzo_engine import Engine
from arazzo_engine.cli import run_command
from arazzo_engine.demo.shop import Shop
from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as running:
        yield running


def test_a_run_succeeds_after_a_retry_and_a_poll(shop: Shop) -> None:
    with Engine(check="error") as engine:
        report = engine.load(shop.document).run(inputs={"sku": "tea"})
    assert [each.status for each in report.steps if each.step_id == "charge"] == ["failed", "succeeded"]
    assert sum(each.step_id == "waitUntilPacked" for each in report.steps) == 4
    assert report.succeeded
    assert shop.charges == [report.outputs["orderId"]]


def test_a_card_is_declined_when_an_order_is_too_dear(shop: Shop) -> None:
    with Engine() as engine:
        report = engine.load(shop.document).run(inputs={"sku": "gold", "quantity": 200})
    assert not report.succeeded
    charge = report.step("charge")
    assert charge is not None
    assert isinstance(charge.response, Response)
    assert charge.response.status == 402
    assert shop.charges == []


def test_its_documents_have_no_findings_and_can_be_rehearsed(shop: Shop) -> None:
    with Engine() as engine:
        assert engine.validate(shop.document) == ()
        assert engine.load(shop.document).rehearse().succeeded


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("POST", "/orders/", "no json", 400),
        ("POST", "/orders/", "[1]", 400),
        ("POST", "/orders/", None, 400),
        ("GET", "/checkout.arazzo.yaml", None, 200),
    ],
)
def test_the_shop_answers_whatever_it_is_asked(
    shop: Shop, method: str, path: str, body: str | None, status: int
) -> None:
    connection = HTTPConnection(urlsplit(shop.url).netloc, timeout=10)
    connection.request(method, path, body)
    assert connection.getresponse().status == status
    connection.close()


def test_the_command_shows_both_runs_and_touches_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_command(["demo"]) == 0
    told = capsys.readouterr().out
    assert [line.split()[2] for line in told.splitlines() if line.startswith("$ arazzo")] == ["show", "run", "run"]
    assert "the shop charged once. `waitUntilPacked`" in told
    assert "the shop charged once\nin all" in told
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run_command(["demo", "--port", str(taken.getsockname()[1])]) == 2
    assert "cannot be used: Address already in use" in capsys.readouterr().err


def test_it_serves_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "arazzo_engine", "demo", "--serve"]
    surroundings = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("The shop runs at http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert "The shop has charged nothing." in process.stdout.read()
    assert process.returncode == 0
