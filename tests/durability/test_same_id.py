"""Two processes that start a run of the same id at the same moment: it is made once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from forking import Forker
    from loopback import RecordingServer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

_RUN: Final = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable")


def test_two_processes_with_one_id_charge_once_and_tell_the_same(
    forker: Forker, shop: RecordingServer, tmp_path: Path
) -> None:
    for turn in range(5):
        shop.requests.clear()
        command = (*_RUN, "--server", shop.url, "--run-id", f"order-{turn}")
        told = [tmp_path / f"told-{turn}-{each}.txt" for each in range(2)]
        started = [forker.start(command, {"TOLD": str(each)}) for each in told]
        codes = [forker.wait(each) for each in started]
        assert [each.method for each in shop.requests] == ["GET", "POST"], codes
        for code, file in zip(codes, told, strict=True):
            # who comes second is told the result, or that somebody is at it
            text = file.read_text()
            found = (code, "receipt: receipt-1" in text, "is running" in text)
            assert found in {(0, True, False), (2, False, True)}, text
        assert forker.run(command, {"TOLD": str(told[0])}) == 0
