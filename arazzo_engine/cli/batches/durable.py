"""``arazzo batch --durable``: each row's run is kept, for any process that goes on with the batch.

Decides that the durable wing is imported for such a batch only. What is kept, and how, is decided there.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.durability.installed import check_installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.durability.batches.row_runs import DurableRowRuns
    from arazzo_engine.world.batches.journal import Journal
    from arazzo_engine.world.batches.row_inputs import Preparing
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.loading.library import Library


class Durable(Struct, frozen=True):
    """What the runs of rows are made with: the engine, what it has read, the rows, and where their outcomes go."""

    engine: Engine
    library: Library
    rows: Preparing
    journal: Journal | None
    timeout: float | None


@contextmanager
def durable_runs(durable: Durable, url: str | None) -> Iterator[DurableRowRuns]:
    """Give what runs rows durably, in a process that keeps its runs at a URL; raises ``ArazzoError``."""
    check_installed()
    from arazzo_engine.durability.batches.row_runs import DurableRowRuns, Kept
    from arazzo_engine.durability.hosting import Host
    from arazzo_engine.durability.places import find_place

    with Host(find_place(url)) as host:
        kept = Kept(host, durable.engine, durable.library)
        yield DurableRowRuns(durable.rows, kept, durable.journal, durable.timeout)
