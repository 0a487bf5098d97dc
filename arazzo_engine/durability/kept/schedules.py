"""The schedules of a database: which run is started again and again, and when.

The engine beneath keeps them and fires each once, whichever processes there are. Decides what a schedule may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dbos import error as beneath
from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.durability.orders import read_order

if TYPE_CHECKING:
    from dbos import DBOSClient

    from arazzo_engine.durability.orders import Order

SCHEDULED: Final = "arazzo.scheduled"


class Schedule(Struct, frozen=True):
    """When a run is started: a cron expression, in a time zone, UTC when it is empty.

    ``catches_up`` says that a time at which no process was there is made up for.
    """

    name: str
    cron: str
    zone: str = ""
    catches_up: bool = False
    is_paused: bool = False
    last: str = ""
    order: Any = None


class Schedules:
    """The schedules of a database. What takes a name raises ``ArazzoError`` (``schedule-not-found``)."""

    def __init__(self, client: DBOSClient) -> None:
        self._client = client

    def add(self, schedule: Schedule, order: Order, queue: str) -> None:
        """Keep a schedule; raises ``ArazzoError`` (``option-invalid``)."""
        if self._client.get_schedule(schedule.name) is not None:
            message = f"there is a schedule `{schedule.name}` already"
            fix = f"give this one another `--name`, or `arazzo schedules remove {schedule.name}`"
            raise ArazzoError(diagnose("option-invalid", message, fix=fix))
        try:
            self._client.create_schedule(
                schedule_name=schedule.name,
                workflow_name=SCHEDULED,
                schedule=schedule.cron,
                context={"schedule": schedule.name, "order": order.to_json()},
                automatic_backfill=schedule.catches_up,
                cron_timezone=schedule.zone or None,
                queue_name=queue,
            )
        except beneath.DBOSException as error:
            said = str(error).partition(": ")[2] or str(error)
            fix = "a cron expression has five fields: `0 2 * * *` is two o'clock every night; a zone is `Europe/Berlin`"
            raise ArazzoError(diagnose("option-invalid", said[0].lower() + said[1:], fix=fix)) from error

    def all(self) -> tuple[Schedule, ...]:
        """Return the schedules, by their names."""
        return tuple(sorted(map(_schedule, self._client.list_schedules()), key=lambda each: each.name))

    def orders(self) -> tuple[Order, ...]:
        """Return the orders of all schedules."""
        return tuple(read_order(each.order) for each in self.all())

    def pause(self, name: str) -> None:
        """Have a schedule start nothing until it is resumed."""
        self._client.pause_schedule(self._known(name))

    def resume(self, name: str) -> None:
        """Have a schedule start runs again."""
        self._client.resume_schedule(self._known(name))

    def remove(self, name: str) -> None:
        """Forget a schedule; the runs that it has started go on."""
        self._client.delete_schedule(self._known(name))

    def _known(self, name: str) -> str:
        if self._client.get_schedule(name) is None:
            fix = "`arazzo schedules` lists the schedules"
            raise ArazzoError(diagnose("schedule-not-found", f"there is no schedule `{name}`", fix=fix))
        return name


def _schedule(found: Any) -> Schedule:  # noqa: ANN401 - a dictionary of the engine beneath
    return Schedule(
        found["schedule_name"],
        found["schedule"],
        found["cron_timezone"] or "",
        found["automatic_backfill"],
        found["status"] != "ACTIVE",
        found["last_fired_at"] or "",
        found["context"]["order"],
    )
