"""Carrying out an order: the same steps for a run that begins, goes on, or is only looked at.

Decides how a program is made of what was kept, and what a run leaves behind: its outcome, as JSON. What records is
given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.watch import watched_by
from arazzo_engine.durability.doubts.answered import given_of_answer, read_of_answer
from arazzo_engine.durability.orders import kept_of, read_access
from arazzo_engine.durability.recorded import RecordedWorld
from arazzo_engine.machine.tokens import Tokens
from arazzo_engine.reporting.events import ignore
from arazzo_engine.typed import Silent
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.engine import Engine
from arazzo_engine.world.loading.file_uris import location_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.durability.asking import Asking
    from arazzo_engine.durability.orders import Order
    from arazzo_engine.durability.steps import Steps
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.program import Program


class Carried(Silent, frozen=True):
    """A run that was carried out as far as it came: its report, and the request that nobody knows about, if any."""

    report: RunReport
    doubt: Mapping[str, Any] | None = None

    def outcome(self) -> dict[str, Any]:
        """Return what is kept of how it ended."""
        return {"status": self.report.status, "inDoubt": self.report.is_unsettled, "doubt": self.doubt}


class Watching(Struct, frozen=True):
    """Who looks on, and until when; and where it is recorded, as ``Engine`` has it."""

    on_event: Callable[[Event], object] = ignore
    deadline: Deadline = Deadline()
    record: str | None = None


class Task(Silent, frozen=True):
    """A run to be carried out: its order, the texts that the order names by their hashes, its id."""

    order: Order
    texts: Mapping[str, bytes]
    run_id: str


def engine_of(order: Order, record: str | None = None) -> Engine:
    """Return an engine with the options of an order, to be closed."""
    options: dict[str, Any] = {name: _frozen(each) for name, each in order.options.items()}
    # what the project said is among them; the one of whoever goes on with the run is another
    return Engine(**options, no_project=True, record=record)


def carry_out(task: Task, steps: Steps, watching: Watching) -> Carried:
    """Carry out a run until it ends, or cannot go on, with a program of its own.

    Raises ``ArazzoError`` when it can no longer be prepared; what else is raised is no matter of the run's.
    """
    with engine_of(task.order, watching.record) as engine, watched_by(watching.deadline.remaining):
        return carry_on(program_of(engine, task.order, task.texts), task, steps, watching)


def carry_on(program: Program, task: Task, steps: Steps, watching: Watching) -> Carried:
    """Carry out a run with a program that others may have; raises ``ArazzoError``."""
    order = task.order
    with watched_by(watching.deadline.remaining):
        # a token of another run is none that this one has recorded
        prepared = replace(program.prepare((order.workflow_id,), GivenInputs(order.given())), tokens=Tokens())
        means = prepared.means
        live = means.live(watching.deadline, means.open_store())
        world = RecordedWorld(steps, live, means.around.clock, order.started_at, order.seed)
        report = drive(prepared.named(task.run_id).recorded_run(), world, watching.on_event)
    return Carried(report, None if world.doubt is None else _told(world.doubt))


def _told(doubt: Asking) -> dict[str, Any]:
    effect = doubt.effect
    known = {"reads": read_of_answer(effect), "gives": given_of_answer(effect)}
    return {"place": doubt.place, "asked": doubt.outline, **known}


def program_of(engine: Engine, order: Order, texts: Mapping[str, bytes]) -> Program:
    """Return the program of an order, opened by its engine; raises ``ArazzoError``."""
    access, kept = read_access(order), kept_of(order, texts)
    program = engine.open(location_of(order.document), workflow=order.workflow_id, library=kept)
    return replace(program, find_access=lambda: access)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
