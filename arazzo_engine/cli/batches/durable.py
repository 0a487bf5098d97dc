"""``arazzo batch --durable``: each row's run is kept, for any process that goes on with the batch.

Decides that the durable wing is imported for such a batch only, and that workers run the rows where there are any. What
is kept, and how, is decided there.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.cli.telling.advice import with_database
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.durability.installed import check_installed
from arazzo_engine.recording.beginning import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.durability.batches.recording import RowRecordings
    from arazzo_engine.durability.batches.room import Room
    from arazzo_engine.durability.batches.row_runs import DurableRowRuns
    from arazzo_engine.durability.batches.ways import Way
    from arazzo_engine.durability.ledger import Ledger
    from arazzo_engine.world.batches.journal import Journal
    from arazzo_engine.world.batches.row_inputs import Preparing
    from arazzo_engine.world.batches.rows import Row
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.loading.library import Library


class Durable(Struct, frozen=True):
    """What the runs of rows are made with: the engine, what it has read, the rows, and where their outcomes go."""

    engine: Engine
    library: Library
    rows: Preparing
    journal: Journal | None
    timeout: float | None
    texts: Texts = field(default_factory=Texts)

    def leave(self, ledger: Ledger, room: Room, row: Row, run_id: str) -> None:
        """Have a worker make the run of a row, if it was not made before; raises ``ArazzoError``."""
        from arazzo_engine.durability.orders import order_of
        from arazzo_engine.durability.runs import leave

        order = order_of(self.engine, self.rows.prepare(row), self.library, self.texts)
        room.leave(lambda: leave(ledger, run_id, order, self.texts.by_digest))

    def runs(self, way: Way, recordings: RowRecordings | None) -> DurableRowRuns:
        """Return what runs rows in a way, and records them when they are to be."""
        from arazzo_engine.durability.batches.row_runs import DurableRowRuns, Kept

        return DurableRowRuns(self.rows, Kept(way, self.engine, self.library, recordings), self.journal)


def _tell(text: str) -> None:
    tell(with_database(text), err=True)


@contextmanager
def durable_runs(durable: Durable, url: str | None) -> Iterator[DurableRowRuns]:
    """Give what runs rows durably, their runs being kept at a URL; raises ``ArazzoError``.

    Workers that are there carry them out, else this process does.
    """
    check_installed()
    from arazzo_engine.durability.batches.recording import recordings_of
    from arazzo_engine.durability.batches.ways import way_to
    from arazzo_engine.durability.places import find_place

    with (
        way_to(find_place(url), _tell, durable.timeout) as way,
        recordings_of(way.ledger, durable.engine) as recordings,
    ):
        yield durable.runs(way, recordings)


@contextmanager
def leaving_rows(durable: Durable, url: str | None) -> Iterator[Callable[[Row, str], None]]:
    """Give what puts the run of a row into the queue; what stands there already stays as it is.

    Raises ``ArazzoError``.
    """
    check_installed()
    from arazzo_engine.durability.batches.room import Room
    from arazzo_engine.durability.batches.ways import check_left
    from arazzo_engine.durability.hosting import open_place, telling_unavailable
    from arazzo_engine.durability.places import find_place

    check_left(durable.timeout)
    place = find_place(url)
    with closing(open_place(place)) as ledger, telling_unavailable(place):
        yield partial(durable.leave, ledger, Room(_tell))
