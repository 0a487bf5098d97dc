"""Waiting for a database that is gone for a while: what a run has begun does not end because of that.

Decides how long: until it is back. One that is full does not come back by itself: that is told at once. Whoever only
looks at what is kept does not wait either.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Callable

_Found = TypeVar("_Found")
# in seconds: how soon it is asked again, first and after a while
_PAUSES: Final = (0.25, 5.0)
GONE: Final = (OperationalError, InterfaceError)
# https://www.sqlite.org/rescode.html: the disk is full, or the file must not grow
_FULL: Final = ("SQLITE_FULL", "SQLITE_IOERR")
# https://www.postgresql.org/docs/current/errcodes-appendix.html: disk_full
_DISK_FULL: Final = "53100"


def is_full(error: Exception) -> bool:
    """Whether a database can be read, and takes nothing more."""
    beneath = getattr(error, "orig", None)
    return (
        getattr(beneath, "sqlite_errorname", "").startswith(_FULL) or getattr(beneath, "sqlstate", None) == _DISK_FULL
    )


def patiently(ask: Callable[[], _Found]) -> _Found:
    """Return what is asked of a database, as soon as it is there; raises what one says that is full."""
    pause, longest = _PAUSES
    while True:
        try:
            return ask()
        except GONE as gone:
            if is_full(gone):
                raise
            time.sleep(pause)
            pause = min(2 * pause, longest)
