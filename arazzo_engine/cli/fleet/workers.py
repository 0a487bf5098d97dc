"""Being a worker, and listing the workers.

Decides how they are told. What a worker is, and when it is lost, is decided by ``fleet`` and ``durability``.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.keeping import opened
from arazzo_engine.cli.telling.advice import with_database
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.durability.places import find_place
from arazzo_engine.fleet.working import Means, Working, worker_named
from arazzo_engine.world.drivers.signals import signals_interrupt, signals_noticed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.cli.result import Output
    from arazzo_engine.durability.kept.workers import Worker
    from arazzo_engine.durability.ledger import Ledger


def work(url: str | None, name: str | None, options: Mapping[str, Any]) -> int:
    """Execute runs until a signal ends it."""
    lost_after = options["lost_after"]
    means = Means(
        options["concurrency"],
        options["poll"],
        beat=min(5.0, lost_after / 5),
        lost_after=lost_after,
        sleeps_from=options["sleep_from"],
        patience=options["grace"],
    )
    worker = worker_named(name, means)
    with signals_interrupt(), Working(find_place(url), worker, means) as working:
        with suppress(KeyboardInterrupt), signals_noticed() as ended:
            tell(f"worker {worker.name} is at work", err=True)
            working.work(ended)
        tell(f"worker {worker.name} takes no more runs, and lets go of those it has", err=True)
    tell(f"worker {worker.name} has ended", err=True)
    return ExitCode.SUCCESS


def list_workers(url: str | None, output: Output) -> int:
    """Print the workers, a line or an object for each."""
    with opened(url) as ledger:
        rows = [] if ledger is None else _workers(ledger)
    if output.format_ == "json":
        output.write(json.dumps(rows, indent=2))
    elif not rows:
        tell(with_database("there is no worker; `arazzo worker` starts one"), err=True)
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows if output.format_ == "text" else ():
        seen = f"seen {row['secondsSinceSeen']:.0f} s ago"
        output.write(f"{row['name'].ljust(width)}  {row['state'].ljust(7)}  {seen}  at {row['runs']} runs")
    return ExitCode.SUCCESS


def _workers(ledger: Ledger) -> list[dict[str, Any]]:
    workers, now = ledger.workers.all(), ledger.workers.now()
    return [
        {
            "name": each.name,
            "state": _state(each, now),
            "secondsSinceSeen": round(max(0.0, now - each.seen_at), 3),
            "host": each.host,
            "pid": each.pid,
            "runs": len(ledger.executed_by(each.name)),
        }
        for each in workers
    ]


def _state(worker: Worker, now: float) -> str:
    if worker.is_lost(now):
        return "lost"
    return "leaving" if worker.is_leaving else "at work"
