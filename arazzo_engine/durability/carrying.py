"""Carrying out an order: the same steps for a run that begins, goes on, or is only looked at.

Decides how a program is made of what was kept, and what a run leaves behind: its outcome, as JSON. What records is
given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.watch import watched_by
from arazzo_engine.durability.orders import kept_of, read_access
from arazzo_engine.durability.recorded import RecordedWorld
from arazzo_engine.typed import Silent
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive, ignore
from arazzo_engine.world.drivers.live import Deadline
from arazzo_engine.world.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.durability.orders import Order
    from arazzo_engine.durability.steps import Steps
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.running import Prepared


class Carried(Silent, frozen=True):
    """A run that was carried out as far as it came: its report, and the request that nobody knows about, if any."""

    report: RunReport
    doubt: Mapping[str, Any] | None = None

    def outcome(self) -> dict[str, Any]:
        """Return what is kept of how it ended."""
        return {"status": self.report.status, "inDoubt": self.report.is_unsettled, "doubt": self.doubt}


class Watching(Struct, frozen=True):
    """Who looks on, and until when."""

    on_event: Callable[[Event], object] = ignore
    deadline: Deadline = Deadline()


def prepare(order: Order, texts: Mapping[str, bytes], run_id: str) -> Prepared:
    """Return the run of an order, with the documents as they were kept; raises ``ArazzoError``."""
    options: dict[str, Any] = {name: _frozen(each) for name, each in order.options.items()}
    engine = Engine(**options)
    location = _location(order.document)
    program = engine.open(location, workflow=order.workflow_id, kept=kept_of(order, texts))
    access = read_access(order)
    program = replace(program, find_access=lambda: access)
    return program.prepare((order.workflow_id,), GivenInputs(order.inputs)).named(run_id)


def carry_out(order: Order, prepared: Prepared, steps: Steps, watching: Watching) -> Carried:
    """Carry out a run until it ends, or cannot go on. What is raised is not the run's."""
    means = prepared.means
    store = means.open_store()
    live = means.live(watching.deadline, store)
    world = RecordedWorld(steps, live, means.around.clock, order.started_at, order.seed)
    ((_, interaction, _),) = prepared.interactions()
    with watched_by(watching.deadline.remaining):
        report = drive(interaction, world, watching.on_event)
    doubt = world.doubt
    return Carried(report, None if doubt is None else {"place": doubt.place, "asked": doubt.outline})


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _location(uri: str) -> str:
    """Return a document's URI as a person would give it."""
    parts = urlsplit(uri)
    return unquote(parts.path) if parts.scheme == "file" else uri
