"""Keeping the limits of requests that durable runs send to a server, and of the queue, and listing them.

Decides how they are told. When a request may be sent is decided by ``durability.admitting``.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.keeping import opened
from arazzo_engine.cli.telling.advice import with_database
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.durability.hosting import open_place
from arazzo_engine.durability.kept.limits import Limit
from arazzo_engine.durability.places import find_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.cli.result import Output
    from arazzo_engine.durability.ledger import Ledger


def list_limits(url: str | None, output: Output) -> int:
    """Print the limits, a line or an object for each."""
    with opened(url) as ledger:
        rows = [] if ledger is None else [*_waiting(ledger), *map(_row, ledger.limits.all())]
    if output.format_ == "json":
        output.write(json.dumps(rows, indent=2))
    elif not rows:
        tell(with_database("there is no limit; `arazzo limits set` sets one"), err=True)
    for row in rows if output.format_ == "text" else ():
        if row["waiting"] is not None:
            output.write(f"the queue  {row['waiting']} runs wait at most  {row['waitingNow']} now")
            continue
        rate = f"{row['rate']} in {row['period']:g} s" if row["rate"] else "at any rate"
        output.write(f"{row['host']}  {rate}  {row['concurrency'] or 'any number'} at once")
    return ExitCode.SUCCESS


def _row(limit: Limit) -> dict[str, Any]:
    told = {"host": limit.host, "rate": limit.rate, "period": limit.period, "concurrency": limit.concurrency}
    return told | {"waiting": None, "waitingNow": None}


def _waiting(ledger: Ledger) -> Iterator[dict[str, Any]]:
    limit = ledger.waiting.limit
    if limit is not None:
        yield _row(Limit("")) | {"host": None, "waiting": limit, "waitingNow": ledger.waiting.count()}


def put_waiting(url: str | None, limit: int) -> int:
    """Limit how many runs wait for a worker."""
    with closing(open_place(find_place(url))) as ledger:
        ledger.waiting.put(limit)
    tell(f"no run is put into the queue while {limit:,} wait; those that are there stay", err=True)
    return ExitCode.SUCCESS


def remove_waiting(url: str | None) -> int:
    """Let any number of runs wait for a worker."""
    with opened(url) as ledger:
        if ledger is not None:
            ledger.waiting.remove()
    tell("any number of runs may wait", err=True)
    return ExitCode.SUCCESS


def put_limit(url: str | None, host: str, rate: tuple[int | None, float], concurrency: int | None) -> int:
    """Set the limit of a host."""
    ledger = open_place(find_place(url))
    try:
        ledger.limits.put(Limit(host.lower(), concurrency, *rate))
    finally:
        ledger.close()
    tell(f"whoever sends durable requests keeps to the limit of {host} within 5 seconds", err=True)
    return ExitCode.SUCCESS


def remove_limit(url: str | None, host: str) -> int:
    """Forget the limit of a host."""
    with opened(url) as ledger:
        was_there = ledger is not None and ledger.limits.remove(host.lower())
    tell(f"there is no limit of {host}{' any more' if was_there else ''}", err=True)
    return ExitCode.SUCCESS
