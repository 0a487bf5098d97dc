"""Limits of requests to a server hold for all workers together, whichever runs they are of."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.durability.runs import State

if TYPE_CHECKING:
    import pytest
    from fleets import Fleet

_ITEM: Final = {"id": "item-1", "price": 3.5}


def _host(fleet: Fleet) -> str:
    return urlsplit(fleet.shop.url).netloc


def test_two_workers_send_no_more_at_once_than_they_may(fleet: Fleet) -> None:
    assert run_command(["limits", "set", _host(fleet), "--concurrency", "1"]) == 0
    arrived, released = threading.Event(), threading.Event()
    held = Reply(200, body=_ITEM).telling(arrived).after(released)
    fleet.shop.script("GET", "/items/book", held, Reply(200, body=_ITEM))
    fleet.order("order-1")
    fleet.order("order-2")
    fleet.worker("one")
    fleet.worker("other")
    assert arrived.wait(30)
    # both runs are at their first request, and the second one waits for a permit
    fleet.until_true(lambda: len(_permits(fleet)) == 2)
    assert fleet.sent("GET") == 1
    released.set()
    for run_id in ("order-1", "order-2"):
        fleet.until(run_id, State.SUCCEEDED)
    assert [fleet.sent(method) for method in ("GET", "POST")] == [2, 2]


def test_requests_beyond_the_rate_wait(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["limits", "set", _host(fleet), "--rate", "1/h"]) == 0
    fleet.order("order-1")
    fleet.worker("one", "--grace", "0")
    fleet.until_true(lambda: len(_permits(fleet)) == 2)
    assert sorted(_permits(fleet)) == ["ENQUEUED", "SUCCESS"]
    assert [fleet.sent(method) for method in ("GET", "POST")] == [1, 0]
    capsys.readouterr()
    assert run_command(["limits"]) == 0
    assert capsys.readouterr().out == f"{_host(fleet)}  1 in 3600 s  any number at once\n"
    # a limit that is gone holds nobody back
    assert run_command(["limits", "remove", _host(fleet)]) == 0
    fleet.until("order-1", State.SUCCEEDED)


def _permits(fleet: Fleet) -> list[str]:
    return [each.status for each in fleet.ledger.client.list_workflows(name="arazzo.permit")]
