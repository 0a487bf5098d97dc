"""Stepping through a rehearsal in a real pseudo-terminal, as it looks. `UPDATE_GOLDEN=1` writes the screen anew."""

from __future__ import annotations

import os
import re
import signal
import threading
from typing import TYPE_CHECKING, Final

import places
import pytest
from loopback import Reply
from pseudo_terminal import Terminal

if TYPE_CHECKING:
    from loopback import RecordingServer

_GOLDEN: Final = places.GOLDEN / "screens" / "stepping.txt"
_GIVEN: Final = ("tests/shop/orders.arazzo.yaml", "--inputs", "tests/shop/inputs.yaml", "-i", "note=none")
_TYPED: Final = ("break if $statusCode == 503", "c", "where", "$response.body", "", "b", "end", "q")


def _prompts(number: int, text: str) -> bool:
    return text.count("(arazzo) ") == number


def test_a_session_looks_the_same_as_ever() -> None:
    arguments = ("rehearse", *_GIVEN, "--fail", "charge=503", "--step")
    terminal = Terminal(arguments, (100, 40), cwd=places.ROOT, reads=True)
    for number, typed in enumerate(_TYPED, start=1):
        terminal.until(lambda text, number=number: _prompts(number, text))  # type: ignore[misc]  # its default is bound
        terminal.type(f"{typed}\n")
    shown = re.sub(r" +\d+ ms\b", "   0 ms", terminal.shown())
    if "UPDATE_GOLDEN" in os.environ:
        _GOLDEN.write_text(shown, encoding="utf-8")
    assert shown == _GOLDEN.read_text(encoding="utf-8")


def test_the_end_of_what_is_typed_ends_the_session() -> None:
    terminal = Terminal(("rehearse", *_GIVEN, "--step"), (100, 40), cwd=places.ROOT, reads=True)
    terminal.until(lambda text: _prompts(1, text))
    terminal.type("\x04")
    assert "the input has ended" in terminal.end()
    assert terminal.process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_at_the_prompt_ends_a_real_run_and_sends_nothing_more(
    server: RecordingServer, number: signal.Signals
) -> None:
    arguments = ("run", *_GIVEN, "--server", server.url, "--no-project", "--step")
    terminal = Terminal(arguments, (100, 40), cwd=places.ROOT, reads=True)
    terminal.until(lambda text: _prompts(1, text))
    terminal.process.send_signal(number)
    assert "error[interrupted]" in terminal.end()
    assert (terminal.process.returncode, server.requests) == (130, [])


def test_an_interruption_amid_a_request_ends_the_run_and_asks_nothing_more(server: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    server.script("GET", "/items/book", Reply(200).telling(arrived).after(released))
    arguments = ("run", *_GIVEN, "--server", server.url, "--no-project", "--step")
    terminal = Terminal(arguments, (100, 40), cwd=places.ROOT, reads=True)
    terminal.until(lambda text: _prompts(1, text))
    terminal.type("c\n")
    assert arrived.wait(30)
    terminal.process.send_signal(signal.SIGINT)
    told = terminal.end()
    released.set()
    assert (terminal.process.returncode, _prompts(1, told), len(server.requests)) == (130, True, 1)
