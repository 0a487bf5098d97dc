"""Stepping through a rehearsal in a real pseudo-terminal, as it looks. `UPDATE_GOLDEN=1` writes the screen anew."""

from __future__ import annotations

import os
import re
from typing import Final

import places
import pytest
from pseudo_terminal import Terminal

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


@pytest.mark.parametrize("typed", ["\x04"])
def test_the_end_of_what_is_typed_ends_the_session(typed: str) -> None:
    terminal = Terminal(("rehearse", *_GIVEN, "--step"), (100, 40), cwd=places.ROOT, reads=True)
    terminal.until(lambda text: _prompts(1, text))
    terminal.type(typed)
    assert "the input has ended" in terminal.end()
    assert terminal.process.returncode == 0
