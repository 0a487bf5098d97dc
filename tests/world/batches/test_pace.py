"""The pace of a batch: what a rate means, and that a batch which is stopped waits no longer."""

from __future__ import annotations

import threading
import time

import pytest

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.world.batches.pace import Pace, read_rate


@pytest.mark.parametrize(
    ("text", "rate"), [(None, None), ("10", 10.0), ("2.5/s", 2.5), ("600/m", 10.0), ("3600/h", 1.0)]
)
def test_a_rate_is_a_number_of_rows_in_a_unit(text: str | None, rate: float | None) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize("text", ["", "0", "0/s", "-1", "10/d", "10/s/s", "nan", "1e3", "10 /s"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ArazzoError, match="--rate"):
        read_rate(text)


def test_rows_begin_evenly() -> None:
    pace, stopped = Pace(200.0), threading.Event()
    began = time.monotonic()
    assert all(pace.wait(stopped) for _ in range(11))
    assert time.monotonic() - began >= 0.05


def test_nothing_begins_once_the_batch_is_stopped() -> None:
    pace, stopped = Pace(0.001), threading.Event()
    assert pace.wait(stopped)
    stopped.set()
    assert not pace.wait(stopped)
    assert not Pace(None).wait(stopped)
