"""Limits of requests hold for what a process does itself, too, and outlive it no longer than they have to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit

import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.durability.hosting import open_place
from arazzo_engine.durability.places import find_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loopback import RecordingServer

    Start: TypeAlias = Callable[..., subprocess.Popen[str]]

_ITEM: Final = {"id": "item-1", "price": 3.5}
_BATCH: Final = (
    *("batch", "orders.arazzo.yaml", "--each", "rows.jsonl", "-i", "token=secret-token-1", "--durable"),
    *("--batch-id", "june"),
)
_RUN: Final = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable")
# in seconds
_PATIENCE: Final = 60.0


@pytest.fixture(autouse=True)
def _rows(shop: RecordingServer) -> None:  # noqa: ARG001 - the documents are in its folder
    lines = (json.dumps({"item": "book", "amount": each}) for each in (1, 2, 3))
    Path("rows.jsonl").write_text("".join(f"{line}\n" for line in lines))


def _limit(shop: RecordingServer, *options: str) -> None:
    assert run_command(["limits", "set", urlsplit(shop.url).netloc, *options]) == 0


@pytest.fixture
def start(shop: RecordingServer) -> Iterator[Start]:
    """Start a command in a process of its own, which does not outlive the test."""
    started: list[subprocess.Popen[str]] = []

    def process(*command: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "arazzo_engine", *command, "--server", shop.url],
                env={**os.environ, "PYTHONPATH": str(places.ROOT)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield process
    for each in started:
        if each.poll() is None:
            each.kill()
        with each:
            pass


def _until(find: Callable[[list[str]], bool]) -> None:
    """Wait until the permits are in such states."""
    with closing(open_place(find_place())) as ledger:
        for _ in range(int(_PATIENCE / 0.02)):
            if find([each.status for each in ledger.client.list_workflows(name="arazzo.permit")]):
                return
            threading.Event().wait(0.02)
    raise AssertionError("the permits never were")


def _sent(shop: RecordingServer, method: str) -> int:
    return sum(each.method == method for each in shop.requests)


def test_a_batch_that_runs_its_rows_itself_sends_no_more_at_once_than_it_may(
    shop: RecordingServer, start: Start
) -> None:
    _limit(shop, "--concurrency", "1")
    arrived, released = threading.Event(), threading.Event()
    held = Reply(200, body=_ITEM).telling(arrived).after(released)
    shop.script("GET", "/items/book", held, Reply(200, body=_ITEM))
    batch = start(*_BATCH)
    assert arrived.wait(_PATIENCE)
    _until(lambda states: sorted(states) == ["ENQUEUED", "ENQUEUED", "PENDING"])
    assert _sent(shop, "GET") == 1
    released.set()
    told, why = batch.communicate(timeout=_PATIENCE)
    assert batch.returncode == 0, why
    outcomes: list[Any] = list(map(json.loads, told.splitlines()))
    assert [each["status"] for each in outcomes] == ["succeeded"] * 3
    assert [_sent(shop, method) for method in ("GET", "POST")] == [3, 3]


def test_a_limit_that_is_set_while_a_batch_is_under_way_holds_for_it(shop: RecordingServer, start: Start) -> None:
    Path("rows.jsonl").write_text("".join(f'{{"item": "book", "amount": {each}}}\n' for each in range(1, 2000)))
    batch = start(*_BATCH, "--concurrency", "2")
    _until(lambda _: _sent(shop, "POST") > 0)
    _limit(shop, "--rate", "1/h")
    # one of the two has sent its request, and would send the next one
    _until(lambda states: sorted(states) == ["ENQUEUED", "ENQUEUED", "SUCCESS"])
    # nobody waits for an hour
    batch.send_signal(signal.SIGINT)
    assert batch.stderr is not None
    assert any(line.endswith("once more, and they are left as they are\n") for line in batch.stderr)
    batch.send_signal(signal.SIGINT)
    batch.communicate(timeout=_PATIENCE)
    assert batch.returncode in {5, 130}
    assert _sent(shop, "POST") < 1999


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has none")
def test_what_a_killed_process_held_holds_nobody_back(shop: RecordingServer, start: Start) -> None:
    _limit(shop, "--concurrency", "1")
    arrived, never = threading.Event(), threading.Event()
    shop.script("GET", "/items/book", Reply(200, body=_ITEM).telling(arrived).after(never), Reply(200, body=_ITEM))
    killed = start(*_RUN, "--run-id", "order-1")
    assert arrived.wait(_PATIENCE)
    waiting = start(*_RUN, "--run-id", "order-2")
    _until(lambda states: sorted(states) == ["ENQUEUED", "PENDING"])
    for each in (killed, waiting):
        each.send_signal(signal.SIGKILL)
        each.communicate()
    never.set()
    assert run_command(["runs", "resume", "order-1"]) == 0
    assert run_command(["runs", "resume", "order-2"]) == 0
    assert _sent(shop, "POST") == 2


def test_a_process_that_ends_while_it_holds_the_permit_of_another_one_waits_for_no_long_request(
    shop: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from arazzo_engine.durability.hosting import Host

    monkeypatch.setattr("arazzo_engine.durability.hosting._HOLDS", 0.1)
    _limit(shop, "--concurrency", "1")
    with Host(find_place()) as host:
        permit = host.ledger.permits.ask("process:elsewhere:1:2", "arazzo.limit 00", 300.0)
        _until(lambda states: states == ["PENDING"])
        assert host.ledger.permits.held_by(host.name) == {permit}
    _until(lambda states: states == ["SUCCESS"])
    assert not [each for each in threading.enumerate() if each.name.startswith("dbos-executor") and each.is_alive()]
