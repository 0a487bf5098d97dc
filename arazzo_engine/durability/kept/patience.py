"""Waiting for a database that is gone for a while: what a run has begun does not end because of that.

Decides how long: until it is back. Whoever only looks at what is kept does not wait, and is told.
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


def patiently(ask: Callable[[], _Found]) -> _Found:
    """Return what is asked of a database, as soon as it is there."""
    pause, longest = _PAUSES
    while True:
        try:
            return ask()
        except GONE:
            time.sleep(pause)
            pause = min(2 * pause, longest)
