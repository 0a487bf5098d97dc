"""Schedules: each time is run once, whichever workers there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arazzo_engine.cli import run_command
from arazzo_engine.durability.runs import State, state_of

if TYPE_CHECKING:
    import pytest
    from fleets import Fleet


def _schedule(fleet: Fleet, cron: str, *options: str) -> int:
    command = ["schedule", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", fleet.shop.url]
    return run_command([*command, "--cron", cron, *options])


def test_each_time_of_a_schedule_is_run_once(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert _schedule(fleet, "* * * * * *", "--name", "tick") == 0
    fleet.worker("one")
    fleet.worker("other")
    fleet.until_true(lambda: len(_succeeded(fleet)) >= 2)
    assert run_command(["schedules", "pause", "tick"]) == 0
    fleet.until_true(lambda: len(_succeeded(fleet)) == len(fleet.ledger.runs()))
    succeeded = _succeeded(fleet)
    assert len(succeeded) == fleet.sent("POST")
    assert all(each.startswith("tick-2") for each in succeeded)
    capsys.readouterr()
    assert run_command(["schedules", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["name"], row["state"], row["workflow"]) == ("tick", "paused", "order")
    assert run_command(["schedules", "remove", "tick"]) == 0
    assert run_command(["schedules", "remove", "tick"]) == 2
    assert "[schedule-not-found]" in capsys.readouterr().err


def _succeeded(fleet: Fleet) -> set[str]:
    return {each.run_id for each in fleet.ledger.runs() if state_of(each) is State.SUCCEEDED}


def test_what_is_no_time_is_refused(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert _schedule(fleet, "at noon") == 2
    assert "invalid cron schedule: 'at noon'" in capsys.readouterr().err
    assert _schedule(fleet, "0 2 * * *", "--zone", "Europe/Nowhere") == 2
    assert "invalid timezone: 'Europe/Nowhere'" in capsys.readouterr().err
    assert _schedule(fleet, "0 2 * * *") == 0
    assert _schedule(fleet, "0 3 * * *") == 2
    assert "there is a schedule `order` already" in capsys.readouterr().err
