"""SQLite before 3.42, as Debian 12 has it: it lacks a word that the engine beneath uses on Python 3.12 and later.

Decides that such a SQLite is taught the word, so that no Python is shut out.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Final

from sqlalchemy import Engine, event

# https://sqlite.org/lang_datefunc.html: "the 'subsec' modifier" was added in this version
_SINCE: Final = (3, 42)


def teach_sqlite() -> None:
    """Have every connection to SQLite know the time in less than seconds."""
    if sqlite3.sqlite_version_info < _SINCE and not event.contains(Engine, "connect", _teach):
        event.listen(Engine, "connect", _teach)


def _teach(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(word: str) -> float:
    if word != "subsec":
        raise ValueError(word)
    return time.time()
