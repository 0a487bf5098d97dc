"""A queue that is full takes no more: a run is refused, a batch waits for room, a schedule keeps its run for later."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import places
import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.durability.runs import State, start_scheduled

if TYPE_CHECKING:
    from fleets import Fleet

_RUN = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable", "--detach")


def _rows(count: int) -> None:
    lines = (json.dumps({"item": "book", "amount": each}) for each in range(1, count + 1))
    Path("rows.jsonl").write_text("".join(f"{line}\n" for line in lines))


def _batch(fleet: Fleet, *options: str) -> list[str]:
    common = ["batch", "orders.arazzo.yaml", "--each", "rows.jsonl", "-i", "token=secret-token-1", "--durable"]
    return [*common, "--server", fleet.shop.url, "--batch-id", "june", *options]


def _started(fleet: Fleet, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "arazzo_engine", *_batch(fleet, *options)],
        env={**os.environ, "PYTHONPATH": str(places.ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _charged(fleet: Fleet) -> list[int]:
    return sorted(each.json["amount"] for each in fleet.shop.requests if each.method == "POST")


def _run_ids(fleet: Fleet) -> list[str]:
    return sorted(each.run_id for each in fleet.ledger.runs())


def test_a_run_is_refused_and_nothing_of_it_is_kept(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["limits", "set", "--waiting", "1"]) == 0
    fleet.order("order-1")
    capsys.readouterr()
    assert run_command([*_RUN, "--server", fleet.shop.url, "--run-id", "order-2"]) == 2
    told = capsys.readouterr().err
    assert "error[queue-full]: the queue is full: 1 run waits for a worker, and no more may" in told
    assert "`arazzo limits set --waiting N`" in told
    assert _run_ids(fleet) == ["order-1"]
    # what is in the queue is: the same id gives the same run
    fleet.order("order-1")
    assert run_command(["limits", "set", "api.example.com", "--rate", "1/s"]) == 0
    capsys.readouterr()
    assert run_command(["limits"]) == 0
    told = capsys.readouterr().out
    assert told == "the queue  1 runs wait at most  1 now\napi.example.com  1 in 1 s  any number at once\n"
    assert run_command(["limits", "--format", "json"]) == 0
    rows: list[Any] = json.loads(capsys.readouterr().out)
    assert [(each["host"], each["waiting"], each["waitingNow"]) for each in rows] == [
        (None, 1, 1),
        ("api.example.com", None, None),
    ]
    assert run_command(["limits", "remove", "--waiting"]) == 0
    fleet.order("order-2")
    fleet.worker()
    for run_id in ("order-1", "order-2"):
        fleet.until(run_id, State.SUCCEEDED)
    assert fleet.sent("POST") == 2


def test_a_batch_that_is_left_to_workers_waits_for_room_and_goes_on_when_it_was_killed(fleet: Fleet) -> None:
    _rows(5)
    assert run_command(["limits", "set", "--waiting", "2"]) == 0
    killed = _started(fleet, "--detach")
    fleet.until_true(lambda: _run_ids(fleet) == ["june-1", "june-2"])
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    waiting = _started(fleet, "--detach")
    assert waiting.stderr is not None
    line = (
        "the queue is full: 2 runs wait for a worker, and no more may, and the rows are put into it as there is room\n"
    )
    assert waiting.stderr.readline() == line
    assert _run_ids(fleet) == ["june-1", "june-2"]
    assert fleet.shop.requests == []
    fleet.worker()
    told, why = waiting.communicate(timeout=60)
    assert (waiting.returncode, told) == (0, "june\n"), why
    for number in range(1, 6):
        fleet.until(f"june-{number}", State.SUCCEEDED)
    assert _charged(fleet) == [1, 2, 3, 4, 5]


def test_a_batch_that_waits_for_its_rows_puts_them_in_as_there_is_room(fleet: Fleet) -> None:
    _rows(12)
    assert run_command(["limits", "set", "--waiting", "1"]) == 0
    fleet.worker("worker", "--concurrency", "1")
    batch = _started(fleet, "--concurrency", "6", "--output", "out.jsonl")
    _, why = batch.communicate(timeout=120)
    assert batch.returncode == 0, why
    assert _charged(fleet) == list(range(1, 13))


def test_a_batch_that_waits_for_room_can_be_interrupted(fleet: Fleet) -> None:
    _rows(3)
    assert run_command(["limits", "set", "--waiting", "1"]) == 0
    waiting = _started(fleet, "--detach")
    assert waiting.stderr is not None
    assert waiting.stderr.readline().startswith("the queue is full: 1 run waits")
    waiting.send_signal(signal.SIGINT)
    assert waiting.communicate(timeout=60)[1] == "1 rows wait for workers; the same command goes on with the others\n"
    assert waiting.returncode == 130


def test_the_run_of_a_schedule_is_kept_as_one_that_is_paused(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["schedule", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", fleet.shop.url]
    assert run_command([*command, "--cron", "0 2 * * *", "--name", "nightly"]) == 0
    assert run_command(["limits", "set", "--waiting", "1"]) == 0
    fleet.order("order-1")
    (schedule,) = fleet.ledger.schedules.all()
    context = {"schedule": "nightly", "order": schedule.order}
    at = datetime(2026, 12, 1, 2, tzinfo=UTC).isoformat()
    # whoever was to stop it may have died before
    with monkeypatch.context() as patched:
        patched.setattr(fleet.ledger, "stop", lambda _: None)
        start_scheduled(fleet.ledger, at, context)
    for limit in ("1", "9"):
        assert run_command(["limits", "set", "--waiting", limit]) == 0
        start_scheduled(fleet.ledger, at, context)
        assert fleet.state("nightly-20261201T020000Z") is State.PAUSED
    capsys.readouterr()
    assert run_command(["runs", "resume", "nightly-20261201T020000Z"]) == 0
    assert capsys.readouterr().out == "receipt: receipt-1\n"
    assert fleet.sent("POST") == 1


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    "command",
    [
        "limits set",
        "limits set host --waiting 3",
        "limits set --waiting 3 --rate 1/s",
        "limits remove",
        "limits remove host --waiting",
    ],
)
def test_what_is_to_be_limited_is_said_once(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(command.split()) == 2
    assert "give HOST" in capsys.readouterr().err
