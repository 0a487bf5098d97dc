"""What the commands on kept runs do: open what is kept, do one thing, and tell it.

Decides how a kept run is shown. What may be done with it is decided by ``durability.runs``.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from arazzo_engine.cli.durable import Stay, tell_carried, watching
from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.telling.advice import with_database
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.durability.doubts.settling import settlement_of
from arazzo_engine.durability.hosting import Host
from arazzo_engine.durability.ledger import open_ledger
from arazzo_engine.durability.places import find_place
from arazzo_engine.durability.recording import record_run
from arazzo_engine.durability.runs import (
    State,
    Under,
    cancel,
    doubt_of,
    follow,
    look,
    nudge,
    pause,
    prune,
    recover,
    resume,
    settle,
    state_of,
)
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.recording.places import check_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.cli.result import Output
    from arazzo_engine.durability.ledger import KeptRun, Ledger


@contextmanager
def opened(url: str | None) -> Iterator[Ledger | None]:
    """Open what is kept; ``None`` when nothing is."""
    place = find_place(url)
    if not place.is_there:
        yield None
        return
    ledger = open_ledger(place)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def opened_for(run_id: str, url: str | None) -> Iterator[Ledger]:
    """Open what is kept of a run; raises ``ArazzoError`` (``run-not-found``) when nothing is kept at all."""
    with opened(url) as ledger:
        if ledger is None:
            fix = "`arazzo run --durable` keeps one"
            raise ArazzoError(diagnose("run-not-found", f"there is no run `{run_id}`: no run is kept yet", fix=fix))
        yield ledger


def list_kept(url: str | None, output: Output) -> int:
    """Print the runs, a line or an object for each."""
    with opened(url) as ledger:
        rows = [] if ledger is None else [_row(each) for each in ledger.runs()]
    if output.format_ == "json":
        output.write(json.dumps(rows, indent=2))
        return ExitCode.SUCCESS
    if not rows:
        tell(with_database("no run is kept; `arazzo run --durable` keeps one"), err=True)
        return ExitCode.SUCCESS
    width = max(len(row["runId"]) for row in rows)
    for row in rows:
        output.write(f"{row['runId'].ljust(width)}  {row['state'].ljust(12)}  {row['startedAt']}  {row['workflow']}")
    return ExitCode.SUCCESS


def _row(run: KeptRun) -> dict[str, Any]:
    workflow, document = run.order["workflow_id"], run.order["document"]
    return {
        "runId": run.run_id,
        "state": str(state_of(run)),
        "startedAt": _time(run.created_at),
        "workflow": workflow,
        "document": document,
        "until": _time(run.until) if run.is_asleep and run.until else None,
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def record_kept(run_id: str, url: str | None, record: str) -> None:
    """Make a recording of what is kept of a run; raises ``ArazzoError``."""
    check_place(record)
    with opened_for(run_id, url) as ledger:
        record_run(ledger, run_id, record)


def show_kept(run_id: str, url: str | None, output: Output, *, follows: bool = False) -> int:
    """Tell a run as far as it is recorded, or until it goes no further."""
    with opened_for(run_id, url) as ledger:
        run = ledger.run(run_id)
        until = f", until {_time(run.until)}" if state_of(run) is State.WAITING and run.until else ""
        tell(f"run {run_id} {state_of(run).said}{until}", err=True)
        with watching(output, run_id, Deadline()) as looking:
            carried = (follow if follows else look)(ledger, run, looking)
        return tell_carried(run_id, carried, output, ledger)


def resume_kept(run_id: str, url: str | None, output: Output, under: tuple[str | None, bool] = (None, False)) -> int:
    """Go on with a run in this process, with a document as it is now, or as it was."""
    with opened_for(run_id, url) as ledger:
        ledger.run(run_id)
    document, as_started = under
    with Host(find_place(url)) as host:
        return Stay(host, run_id, output).until_end(lambda: resume(host, run_id, Under(document, as_started)))


def recover_kept(url: str | None, output: Output) -> int:
    """Go on with every run that was interrupted: workers with those of lost ones, this process with the others."""
    with opened(url) as ledger:
        lost = () if ledger is None else tuple(each for each in ledger.runs() if state_of(each) is State.INTERRUPTED)
        handed = [each for each in lost if ledger is not None and recover(ledger, each)]
    for each in handed:
        tell(f"run {each.run_id} waits for another worker", err=True)
    if not lost:
        tell("no run was interrupted", err=True)
    mine = [each.run_id for each in lost if each not in handed]
    if not mine:
        return ExitCode.SUCCESS
    with Host(find_place(url)) as host:
        codes = [Stay(host, each, output).until_end(partial(resume, host, each)) for each in mine]
    return max(codes, key=lambda code: (code == ExitCode.RESUMABLE, code))


def resolve_kept(run_id: str, url: str | None, output: Output, said: tuple[str, str | None]) -> int:
    """Keep what a person says of a request, and go on with the run."""
    with opened_for(run_id, url) as ledger:
        run = ledger.run(run_id)
        doubt_of(ledger, run)
        settle(ledger, run_id, settlement_of(*said, time.time()))
    return show_kept(run_id, url, output) if run.is_cancelled else resume_kept(run_id, url, output)


def pause_kept(run_id: str, url: str | None) -> int:
    """Have a run go no further."""
    with opened_for(run_id, url) as ledger:
        pause(ledger, run_id)
    tell(with_database(f"run {run_id} is paused; `arazzo runs resume {run_id}` goes on with it"), err=True)
    return ExitCode.SUCCESS


def cancel_kept(run_id: str, url: str | None) -> int:
    """Have a run go no further, ever."""
    with opened_for(run_id, url) as ledger:
        cancel(ledger, run_id)
    tell(f"run {run_id} is cancelled", err=True)
    return ExitCode.SUCCESS


def nudge_kept(run_id: str, url: str | None) -> int:
    """End the wait of a run."""
    with opened_for(run_id, url) as ledger:
        nudge(ledger, run_id)
    tell(f"run {run_id} waits no longer", err=True)
    return ExitCode.SUCCESS


def prune_kept(url: str | None, seconds: float) -> int:
    """Forget old runs."""
    with opened(url) as ledger:
        gone = () if ledger is None else prune(ledger, seconds)
    tell(f"{len(gone)} run{'' if len(gone) == 1 else 's'} forgotten", err=True)
    return ExitCode.SUCCESS
