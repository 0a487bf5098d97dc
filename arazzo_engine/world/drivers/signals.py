"""The signals by which a system asks a process to end: they interrupt a run as Ctrl-C does.

What becomes of an interrupted run is the run's to say. A second interruption, while it says so, ends the telling.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# those that are sent to a process that has to end; Windows has no SIGHUP
_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """Let the signals that ask a process to end interrupt it as Ctrl-C does. Only a main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {each: signal.signal(each, _interrupt) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
