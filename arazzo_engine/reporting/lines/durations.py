"""Durations, and moments, as a person says them: `3 ms`, `2.4 s`, `2m 01s`, `1h 02m`.

Decides the unit by the length; exact numbers are for the JSON forms.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 3600
# what would be rounded to a whole minute is one
_SHORT_OF_A_MINUTE: Final = 59.95
_SECOND: Final = 1000


def duration(seconds: float) -> str:
    """Return a duration in its own unit.

    >>> [duration(each) for each in (0.0031, 0.9996, 2.44, 121, 3725)]
    ['3 ms', '1.0 s', '2.4 s', '2m 01s', '1h 02m']
    """
    thousandths = round(seconds * _SECOND)
    if thousandths < _SECOND:
        return f"{max(0, thousandths)} ms"
    if seconds < _SHORT_OF_A_MINUTE:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE}m {whole % _MINUTE:02d}s"
    return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02d}m"


def left(seconds: float) -> str:
    """Return how long something will still take, in whole seconds: it is told again as they pass.

    >>> left(0.2), left(61.0)
    ('1 s', '1m 01s')
    """
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < _MINUTE else duration(whole)


def moment(seconds: float) -> str:
    """Return a time, in seconds since the epoch, as a person reads it.

    >>> moment(0.0)
    '1970-01-01 00:00:00 UTC'
    """
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
