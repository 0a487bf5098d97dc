"""The signals that would end a process by themselves: they interrupt a run as Ctrl-C does.

What becomes of an interrupted run is the run's to say, in ``machine.endings``. A second interruption, while it says so,
ends the telling.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# POSIX, <signal.h>: those whose default action is the "abnormal termination of the process", and which others send, not
# the machine (as SIGSEGV); not every system has all of them
_NAMES: Final = (
    *("SIGTERM", "SIGHUP", "SIGQUIT", "SIGABRT", "SIGBREAK"),
    *("SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU"),
    *("SIGUSR1", "SIGUSR2", "SIGPOLL", "SIGPWR", "SIGSTKFLT", "SIGEMT", "SIGLOST"),
)
_OF_REAL_TIME: Final = range(signal.SIGRTMIN, signal.SIGRTMAX + 1) if hasattr(signal, "SIGRTMIN") else ()
_SIGNALS: Final = (*(getattr(signal, name) for name in _NAMES if hasattr(signal, name)), *_OF_REAL_TIME)


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """Let the signals that would end a process interrupt it as Ctrl-C does. Only a main thread can be interrupted.

    One that is ignored, as ``nohup`` has it, or handled by others, stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [each for each in _SIGNALS if signal.getsignal(each) is signal.SIG_DFL]
    previous = {each: signal.signal(each, _interrupt) for each in taken}
    try:
        yield
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
