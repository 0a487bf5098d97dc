"""Runs that are paused or cancelled while a request of theirs is under way: its answer stands, or it is in doubt."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from forking import Forker
    from loopback import RecordingServer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

_RECEIPT: Final = {"receipt": "receipt-1"}
_NOTE: Final = "its answer came when the run had been stopped"


class _Charging:
    """A run whose charge is under way: its answer comes when it is ``released``."""

    def __init__(self, forker: Forker, shop: RecordingServer) -> None:
        self.released = threading.Event()
        arrived = threading.Event()
        shop.script("POST", "/charges", Reply(201, body=_RECEIPT).telling(arrived).after(self.released))
        command = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", shop.url, "--durable")
        self._forker = forker
        self.process = forker.start((*command, "--run-id", "order-1"), {"TOLD": "told.txt"})
        assert arrived.wait(30)

    def end(self) -> str:
        """Let it be answered, and return what the process told."""
        self.released.set()
        self._forker.wait(self.process)
        return Path("told.txt").read_text()


def _sent(shop: RecordingServer) -> list[str]:
    return [each.method for each in shop.requests]


def test_the_answer_of_a_request_that_a_pause_overtakes_stands(
    forker: Forker, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    charging = _Charging(forker, shop)
    assert run_command(["runs", "pause", "order-1"]) == 0
    assert "in doubt" not in charging.end()
    capsys.readouterr()
    assert run_command(["runs", "resume", "order-1"]) == 0
    told = capsys.readouterr()
    assert told.out == "receipt: receipt-1\n"
    assert _NOTE in told.err
    assert _sent(shop) == ["GET", "POST"]
