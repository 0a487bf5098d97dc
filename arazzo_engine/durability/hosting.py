"""The process that executes runs: the one place where the durable engine beneath, DBOS Transact, is launched.

Decides how it is configured, and how a step of ours is a step of it. What runs do is not known here.
"""

from __future__ import annotations

import os
import secrets
import socket
from typing import TYPE_CHECKING, Any, Final, Self

from dbos import DBOS, DBOSConfig, SetWorkflowID
from msgspec import Struct, field
from sqlalchemy.exc import SQLAlchemyError

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.durability.carrying import Carried, Task, Watching, carry_out
from arazzo_engine.durability.ledger import (
    APPLICATION,
    RECORD_VERSION,
    RUN,
    KeptRun,
    Ledger,
    open_ledger,
    unavailable,
)
from arazzo_engine.durability.sealing import Seal, read_keys
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.durability.orders import Order
    from arazzo_engine.durability.places import Place
    from arazzo_engine.durability.steps import Settlement

# in seconds
_POLL: Final = 0.05


class _Unrecorded(BaseException):
    """What a step has raised: the engine beneath records every ``Exception``, and nothing of ours is to be recorded."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class Stopped(BaseException):
    """Somebody has stopped the run, or goes on with it elsewhere: this process leaves it as it is."""


class RecordingSteps(Struct, frozen=True):
    """The steps of a run in the database."""

    ledger: Ledger
    run_id: str

    def run(self, name: str, make: Callable[[], JsonValue]) -> Any:  # noqa: ANN401 - whatever `make` has returned once
        """Return what is recorded at this point, or record what ``make`` gives."""
        made: list[JsonValue] = []

        def step() -> JsonValue:
            try:
                made.append(make())
            except Exception as error:
                raise _Unrecorded(error) from error
            return made[0]

        try:
            return DBOS.run_step({"name": name}, step)
        except _Unrecorded as unrecorded:
            raise unrecorded.error from None
        except BaseException:
            # somebody else goes on with the run: what was answered is told beside the record
            if made and isinstance(made[0], dict) and "answer" in made[0]:
                self.keep_late(name, made[0]["answer"])
            raise

    def settlement_of(self, place: str) -> Settlement | None:
        """Return what a person has said of a request in doubt."""
        return self.ledger.settlement_of(self.run_id, place)

    def keep_late(self, place: str, answer: JsonValue) -> None:
        """Keep the answer of a request that is in doubt."""
        self.ledger.keep_late(self.run_id, place, answer)

    def is_nudged(self, place: str) -> bool:
        """Whether the wait at a place is to end now; raises ``Stopped`` when the run is no longer this process's."""
        state = self.ledger.pulse_of(self.run_id, place)
        if not state.is_executed:
            raise Stopped
        return state.is_nudged


class Host(SilentState):
    """A process that executes runs, for as long as a ``with`` block lasts.

    ``carried`` has what came of each, ``refused`` why one could not go on, ``watching`` who looks on.
    """

    place: Place
    name: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}")
    carried: dict[str, Carried] = field(default_factory=dict)
    refused: dict[str, ArazzoError] = field(default_factory=dict)
    watching: dict[str, Watching] = field(default_factory=dict)
    _ledger: list[Ledger] = field(default_factory=list)
    _execute: list[Callable[[JsonValue], JsonValue]] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """What is kept of all runs."""
        return self._ledger[0]

    def __enter__(self) -> Self:
        self.place.make()
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self.place.url,
            "application_version": RECORD_VERSION,
            # a name that no process had before, so that none takes over what another one may still be at
            "executor_id": self.name,
            "serializer": Seal(read_keys()),
            "console_log_level": "CRITICAL",
        }
        try:
            DBOS(config=config)
            self._execute.append(DBOS.workflow(name=RUN)(lambda value: self._run(value)))  # noqa: PLW0108 - it is given attributes, which a method has not
            DBOS.listen_queues([self.name])
            DBOS.launch()
            DBOS.register_queue(self.name, polling_interval_sec=_POLL)
        except (SQLAlchemyError, OSError) as error:
            DBOS.destroy(destroy_registry=True)
            raise ArazzoError(unavailable(self.place, error)) from error
        self._ledger.append(open_ledger(self.place))
        return self

    def __exit__(self, *_: object) -> None:
        DBOS.delete_queue(self.name)
        self.ledger.close()
        DBOS.destroy(destroy_registry=True)

    def start(self, run_id: str, order: Order) -> None:
        """Execute a run in this thread, until it ends or cannot go on."""
        with SetWorkflowID(run_id):
            self._execute[0](order.to_json())

    def go_on(self, run: KeptRun) -> None:
        """Go on with a run, and wait until it ends or cannot go on."""
        self.ledger.go_on(run, self.name)
        DBOS.retrieve_workflow(run.run_id).get_result(polling_interval_sec=_POLL)

    def _run(self, value: JsonValue) -> JsonValue:
        run_id = DBOS.workflow_id or ""
        order = self.ledger.order_given(run_id, value)
        steps = RecordingSteps(self.ledger, run_id)
        try:
            task = Task(order, self.ledger.texts_of(order), run_id)
            carried = carry_out(task, steps, self.watching.get(run_id, Watching()))
        except ArazzoError as error:
            self.refused[run_id] = error
            return {"status": "refused", "codes": [each.code for each in error.diagnostics]}
        self.carried[run_id] = carried
        return carried.outcome()
