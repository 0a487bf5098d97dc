"""The tables of the engine beneath change while a worker is at work: a newer machine has come to the database."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

import psycopg
from loopback import Reply

from arazzo_engine.durability.hosting import open_place
from arazzo_engine.durability.places import find_place
from arazzo_engine.durability.runs import State

if TYPE_CHECKING:
    from fleets import Fleet

# what the last two changes of the engine beneath made, and the version before them
_UNDONE: Final = (
    "DROP INDEX dbos.idx_application_versions_timestamp",
    "DROP INDEX dbos.idx_application_versions_owner_timestamp",
    "UPDATE dbos.dbos_migrations SET version = 123",
)
# what a release does that is not written yet
_NEWER: Final = (
    "ALTER TABLE dbos.workflow_status ADD COLUMN of_another_time TEXT DEFAULT NULL",
    "ALTER TABLE dbos.operation_outputs ADD COLUMN of_another_time BIGINT",
    "CREATE INDEX CONCURRENTLY of_another_time ON dbos.workflow_status (of_another_time)",
    "UPDATE dbos.dbos_migrations SET version = version + 1",
)


def _act(*statements: str) -> list[tuple[int]]:
    with psycopg.connect(os.environ["ARAZZO_DATABASE_URL"], autocommit=True) as connection:
        for each in statements:
            connection.execute(each.encode())
        return connection.execute("SELECT version FROM dbos.dbos_migrations").fetchall()


def test_a_worker_goes_on_while_the_tables_are_changed(fleet: Fleet) -> None:
    arrived, released = threading.Event(), threading.Event()
    fleet.shop.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}).telling(arrived).after(released))
    fleet.worker("older")
    fleet.order("order-1")
    assert arrived.wait(30)
    ((newest,),) = _act()
    assert _act(*_UNDONE) == [(123,)]
    open_place(find_place()).close()
    assert _act() == [(newest,)]
    assert _act(*_NEWER) == [(newest + 1,)]
    released.set()
    fleet.until("order-1", State.SUCCEEDED)
    fleet.order("order-2")
    fleet.until("order-2", State.SUCCEEDED)
    assert fleet.sent("POST") == 2
