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

    def __init__(self, forker: Forker, shop: RecordingServer, *options: str) -> None:
        self.released = threading.Event()
        arrived = threading.Event()
        shop.script("POST", "/charges", Reply(201, body=_RECEIPT).telling(arrived).after(self.released))
        command = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", shop.url, "--durable")
        self._forker = forker
        self.process = forker.start((*command, *options, "--run-id", "order-1"), {"TOLD": "told.txt"})
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


def test_the_answer_of_a_request_that_its_cancelling_overtakes_is_shown(
    forker: Forker, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    charging = _Charging(forker, shop)
    assert run_command(["runs", "cancel", "order-1"]) == 0
    assert "runs resume" not in charging.end()
    capsys.readouterr()
    run_command(["runs", "show", "order-1"])
    told = capsys.readouterr().err
    assert _NOTE in told
    assert "runs resume" not in told
    assert run_command(["runs", "prune", "--older-than", "0s"]) == 0
    assert "1 run forgotten" in capsys.readouterr().err


def test_what_a_person_has_said_first_stands_against_an_answer_that_comes_later(
    forker: Forker, shop: RecordingServer
) -> None:
    charging = _Charging(forker, shop)
    assert run_command(["runs", "cancel", "order-1"]) == 0
    assert run_command(["runs", "resolve", "order-1", "--did-not-happen"]) == 1
    assert "the request did not happen, as a person said" in charging.end()


def test_a_cancelled_run_in_doubt_is_not_forgotten_until_it_is_settled(
    forker: Forker, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    charging = _Charging(forker, shop)
    assert run_command(["runs", "cancel", "order-1"]) == 0
    os.kill(charging.process, signal.SIGKILL)
    forker.wait(charging.process)
    charging.released.set()
    assert run_command(["runs", "pause", "order-1"]) == 2
    assert run_command(["runs", "prune", "--older-than", "0s"]) == 0
    assert "0 runs forgotten" in capsys.readouterr().err
    assert run_command(["runs", "show", "order-1"]) == 5
    told = capsys.readouterr().err
    assert "arazzo runs resolve order-1 --did-not-happen" in told
    assert "--send-again" not in told
    assert run_command(["runs", "resolve", "order-1", "--send-again"]) == 2
    assert run_command(["runs", "resolve", "order-1", "--did-not-happen"]) == 1
    assert run_command(["runs", "prune", "--older-than", "0s"]) == 0
    assert "1 run forgotten" in capsys.readouterr().err
    assert _sent(shop) == ["GET", "POST"]


def test_an_interrupted_run_in_doubt_is_settled_before_it_is_cancelled(
    forker: Forker, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    charging = _Charging(forker, shop)
    os.kill(charging.process, signal.SIGKILL)
    forker.wait(charging.process)
    charging.released.set()
    assert run_command(["runs", "cancel", "order-1"]) == 2
    assert "say what became of it first: `arazzo runs resume order-1` sends nothing" in capsys.readouterr().err
    assert run_command(["runs", "resolve", "order-1", "--did-not-happen"]) == 1
    assert _sent(shop) == ["GET", "POST"]


def test_a_killed_request_that_may_be_sent_again_keeps_nobody_from_cancelling_its_run(
    forker: Forker, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    charging = _Charging(forker, shop, "--assume-idempotent", "charge")
    os.kill(charging.process, signal.SIGKILL)
    forker.wait(charging.process)
    charging.released.set()
    assert run_command(["runs", "cancel", "order-1"]) == 0
    # nobody knows all the same
    assert run_command(["runs", "prune", "--older-than", "0s"]) == 0
    assert "0 runs forgotten" in capsys.readouterr().err
    assert run_command(["runs", "resolve", "order-1", "--did-not-happen"]) == 1
    assert run_command(["runs", "prune", "--older-than", "0s"]) == 0
    assert _sent(shop) == ["GET", "POST"]
