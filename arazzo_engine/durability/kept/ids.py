"""The ids of kept runs, for a shell that completes one: found in a moment, or not at all.

Decides that nothing of what keeps runs is imported for it, and that nothing is made, told or waited for: whatever is in
the way, no id is offered. The names of the table and its columns are those of the engine beneath.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.durability.places import find_place

if TYPE_CHECKING:
    from pathlib import Path

# in seconds
_PATIENCE: Final = 1
_OF_FILE: Final = (
    "SELECT workflow_uuid FROM workflow_status WHERE name = 'arazzo.run' AND substr(workflow_uuid, 1, ?) = ?"
    " ORDER BY created_at DESC LIMIT 100"
)
_OF_SERVER: Final = (
    "SELECT workflow_uuid FROM dbos.workflow_status WHERE name = 'arazzo.run' AND"
    " left(workflow_uuid, :length) = :beginning ORDER BY created_at DESC LIMIT 100"
)
# that of the engine beneath
_DRIVER: Final = "postgresql+psycopg"


def ids_beginning_with(beginning: str, url: str | None = None) -> list[str]:
    """Return the ids of runs that begin with a text, the newest first."""
    try:
        place = find_place(url)
    except ArazzoError:
        return []
    return _of_server(place.url, beginning) if place.file is None else _of_file(place.file, beginning)


def _of_file(file: Path, beginning: str) -> list[str]:
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)) as connection:
            return [row[0] for row in connection.execute(_OF_FILE, (len(beginning), beginning))]
    except sqlite3.Error:
        return []


def _of_server(url: str, beginning: str) -> list[str]:
    try:
        import sqlalchemy  # noqa: PLC0415 - slow, and of an extra
    except ImportError:
        return []
    address = sqlalchemy.make_url(url).set(drivername=_DRIVER)
    connect = {"connect_timeout": _PATIENCE}
    try:
        engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.NullPool, connect_args=connect)
        with engine.connect() as connection:
            asked = {"length": len(beginning), "beginning": beginning}
            return list(connection.execute(sqlalchemy.text(_OF_SERVER), asked).scalars())
    except (sqlalchemy.exc.SQLAlchemyError, ImportError):
        return []
