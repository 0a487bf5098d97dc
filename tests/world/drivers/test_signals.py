"""Signals that end a process: while somebody speaks with a database, the first one waits until it is asked for."""

from __future__ import annotations

import os
import signal

import pytest

from arazzo_engine.world.drivers.signals import signals_interrupt, signals_noticed

_ENDING = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("number", _ENDING)
def test_the_first_one_interrupts_nothing_and_ends_the_wait(number: int) -> None:
    with signals_interrupt(), signals_noticed() as ended:
        assert not ended(0.0)
        os.kill(os.getpid(), number)
        assert [ended(60.0), ended(0.0)] == [True, True]


@pytest.mark.parametrize("number", _ENDING)
def test_the_second_one_interrupts(number: int) -> None:
    with signals_interrupt(), signals_noticed():
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    # and behind it, all is as it was
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
