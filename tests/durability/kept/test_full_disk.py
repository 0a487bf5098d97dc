"""A database that takes nothing more, from whichever point of a run on: the run ends with a clear error.

The size of the file is limited for the process, byte for byte as a full disk limits it.
"""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest
from loopback import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from forking import Forker
    from loopback import RecordingServer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

_PAGE: Final = 4096
_COMMAND: Final = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable", "--run-id")


def test_a_disk_that_is_full_ends_the_run_and_loses_nothing(
    forker: Forker, shop: RecordingServer, tmp_path: Path
) -> None:
    environment, told = {"TOLD": str(tmp_path / "told.txt")}, tmp_path / "told.txt"
    database = tmp_path / "state" / "runs.sqlite"
    # as much was answered as needs a page of its own
    shop.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1", "note": "n" * 2 * _PAGE}))
    assert forker.run((*_COMMAND, "earlier", "--server", shop.url), environment) == 0
    kept, ends = database.read_bytes(), []
    # what is recorded is written behind the file first
    for pages in count(4, 5):
        for each in database.parent.iterdir():
            each.unlink()
        database.write_bytes(kept)
        shop.requests.clear()
        told.write_text("")
        limited = {**environment, "LARGEST": str(pages * _PAGE)}
        code = forker.run((*_COMMAND, "order-1", "--server", shop.url), limited)
        if code == 0:
            break
        ends.append(_end(told.read_text(), _charges(shop)))
        assert code == (2 if ends[-1] == "not begun" else 5)
        # there is room again: what was not begun is begun, and what was begun goes on
        if forker.run((*_COMMAND, "order-1", "--server", shop.url), environment) != 0:
            code = forker.run(("runs", "resume", "order-1"), environment)
            assert code == (5 if ends[-1] == "answer lost" else 0), told.read_text()
        assert _charges(shop) == 1
    assert set(ends) >= {"not begun", "not sent", "answer lost"}


def _end(told: str, charges: int) -> str:
    assert "error[state-unavailable]: the database of runs, " in told
    assert "runs.sqlite, cannot be used: " in told
    assert "Traceback" not in told
    if "runs resume" not in told:
        assert not charges
        return "not begun"
    assert "make sure that it can be written to, and go on with `arazzo runs resume order-1`" in told
    if "; `2 charge` was answered with 201, and that is not recorded" in told:
        assert charges
        return "answer lost"
    if charges:
        # all but how it ended is recorded
        assert "receipt receipt-1" in told
        return "not ended"
    assert "charge" not in told or "the request was not sent, because the run was stopped" in told
    return "not sent"


def _charges(shop: RecordingServer) -> int:
    return sum(each.method == "POST" for each in shop.requests)
