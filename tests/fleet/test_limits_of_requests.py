"""Limits of requests to a server hold for all workers together, whichever runs they are of."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.durability.runs import State

if TYPE_CHECKING:
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


def test_a_limit_that_is_set_while_a_worker_is_at_work_holds_for_it(fleet: Fleet) -> None:
    fleet.worker("older")
    fleet.order("order-1")
    fleet.until("order-1", State.SUCCEEDED)
    assert _permits(fleet) == []
    assert run_command(["limits", "set", _host(fleet), "--rate", "1/h"]) == 0

    def is_held() -> bool:
        fleet.order(f"order-{len(fleet.ledger.runs()) + 1}")
        return bool(_permits(fleet))

    fleet.until_true(is_held)
    # one request goes, and every other one waits
    fleet.until_true(lambda: "SUCCESS" in _permits(fleet))


@pytest.mark.usefixtures("fleet")
def test_there_are_so_many_limits_and_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(32):
        assert run_command(["limits", "set", f"api-{number}.example.com", "--rate", "1/s"]) == 0
    assert run_command(["limits", "set", "api-0.example.com", "--rate", "2/s"]) == 0
    capsys.readouterr()
    assert run_command(["limits", "set", "one-more.example.com", "--rate", "1/s"]) == 2
    assert "there are 32 limits, and no more can be kept" in capsys.readouterr().err
    assert run_command(["limits", "remove", "api-7.example.com"]) == 0
    assert run_command(["limits", "set", "one-more.example.com", "--rate", "1/s"]) == 0
    assert run_command(["limits"]) == 0
    told = capsys.readouterr().out
    assert ("api-0.example.com  2 in 1 s" in told, "api-7.example" in told, told.count("\n")) == (True, False, 32)


def _permits(fleet: Fleet) -> list[str]:
    return [each.status for each in fleet.ledger.client.list_workflows(name="arazzo.permit")]
