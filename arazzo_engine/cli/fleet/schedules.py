"""Keeping schedules, and listing, pausing, resuming and removing them.

Decides how they are told. When one fires is decided by the engine beneath.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from arazzo_engine.cli.durable import ordered
from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.keeping import opened
from arazzo_engine.cli.opening import take_asked
from arazzo_engine.cli.telling.advice import with_database
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.durability.hosting import open_place
from arazzo_engine.durability.kept.schedules import Schedule
from arazzo_engine.durability.ledger import FLEET
from arazzo_engine.durability.orders import read_order
from arazzo_engine.durability.places import find_place
from arazzo_engine.durability.runs import check_id
from arazzo_engine.world.drivers.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.cli.result import Output
    from arazzo_engine.durability.ledger import Ledger


def add_schedule(options: dict[str, Any], when: Mapping[str, Any]) -> int:
    """Check a run, and have it made again and again."""
    asked, output = take_asked(options)
    order, texts = ordered({**options, "timeout": None}, asked, output, Deadline())
    name = order.workflow_id if when["name"] is None else when["name"]
    check_id(name, "the name of a schedule", "--name")
    ledger = open_place(find_place(when["url"]))
    try:
        ledger.keep_texts(texts.by_digest)
        ledger.schedules.add(Schedule(name, when["cron"], when["zone"], when["catch_up"]), order, FLEET)
    finally:
        ledger.close()
    tell(f"schedule {name}: workers run `{order.workflow_id}` at `{when['cron']}`, {when['zone'] or 'UTC'}", err=True)
    return ExitCode.SUCCESS


def list_schedules(url: str | None, output: Output) -> int:
    """Print the schedules, a line or an object for each."""
    with opened(url) as ledger:
        rows = [] if ledger is None else [_schedule(each) for each in ledger.schedules.all()]
    if output.format_ == "json":
        output.write(json.dumps(rows, indent=2))
    elif not rows:
        tell(with_database("there is no schedule; `arazzo schedule` makes one"), err=True)
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows if output.format_ == "text" else ():
        last = row["lastStarted"] or "never"
        output.write(f"{row['name'].ljust(width)}  {row['state'].ljust(6)}  {row['cron']}  {row['zone']}  last: {last}")
    return ExitCode.SUCCESS


def _schedule(schedule: Schedule) -> dict[str, Any]:
    order = read_order(schedule.order)
    return {
        "name": schedule.name,
        "state": "paused" if schedule.is_paused else "active",
        "cron": schedule.cron,
        "zone": schedule.zone or "UTC",
        "catchesUp": schedule.catches_up,
        "lastStarted": schedule.last or None,
        "workflow": order.workflow_id,
        "document": order.document,
    }


def change_schedule(url: str | None, name: str, change: str) -> int:
    """Pause, resume or remove a schedule."""
    with _opened_schedules(name, url) as ledger:
        schedules = ledger.schedules
        {"paused": schedules.pause, "resumed": schedules.resume, "removed": schedules.remove}[change](name)
    tell(f"schedule {name} is {change}", err=True)
    return ExitCode.SUCCESS


@contextmanager
def _opened_schedules(name: str, url: str | None) -> Iterator[Ledger]:
    with opened(url) as ledger:
        if ledger is None:
            fix = "`arazzo schedule` makes one"
            raise ArazzoError(diagnose("schedule-not-found", f"there is no schedule `{name}`", fix=fix))
        yield ledger
