"""The signals that would end a process by themselves: they interrupt a run as Ctrl-C does.

What becomes of an interrupted run is the run's to say, in ``machine.endings``. A second interruption, while it says so,
ends the telling.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


@contextmanager
def signals_noticed() -> Iterator[Callable[[float], bool]]:
    """Let the first of these signals, and Ctrl-C, interrupt nothing; a second one interrupts as ever.

    Gives what waits so many seconds, and says whether one has come: for whoever must not be cut off between two waits,
    as what speaks with a database is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield threading.Event().wait
        return
    # only this queue may be used where a signal comes in the midst of anything
    come: SimpleQueue[int] = SimpleQueue()

    def notice(number: int, _frame: FrameType | None) -> None:
        if not come.empty():
            raise KeyboardInterrupt
        come.put(number)

    def ended(seconds: float) -> bool:
        with suppress(Empty):
            come.put(come.get(timeout=seconds))
        return not come.empty()

    interrupting = (signal.SIG_DFL, signal.default_int_handler, _interrupt)
    taken = [each for each in (*_SIGNALS, signal.SIGINT) if signal.getsignal(each) in interrupting]
    previous = {each: signal.signal(each, notice) for each in taken}
    try:
        yield ended
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
