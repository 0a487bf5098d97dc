"""What is asked for in a way that cannot be done is refused before anything is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from arazzo_engine.cli import run_command

_RUN: Final = "run orders.arazzo.yaml --inputs inputs.yaml"
_SCHEDULE: Final = "schedule orders.arazzo.yaml --inputs inputs.yaml --cron 0_2_*_*_*"


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("command", "told"),
    [
        (f"{_RUN} --detach", "only one with --durable is kept"),
        (f"{_RUN} --durable --detach --timeout 5", "it does not stay with a run of --detach"),
        (f"{_RUN} --durable --detach --run-id a/b", "the id of a run is of letters, digits"),
        ("worker --name a:b", "the name of a worker is of letters, digits"),
        ("worker --name=", "the name of a worker is of letters, digits"),
        (f"{_SCHEDULE} --name a/b", "the name of a schedule is of letters, digits"),
        (f"{_SCHEDULE} --name=", "give another one with `--name`"),
        ("worker --database-url mysql://x", "`--database-url` names no database that runs can be kept in"),
        ("limits set api.example.com", "give --rate or --concurrency"),
        ("limits set api.example.com --rate 10", "--rate is a number of requests and a period: 10/s"),
        ("limits set https://api.example.com/ --rate 10/s", "HOST is a host with or without a port"),
        ("schedules pause nightly", "there is no schedule `nightly`"),
    ],
)
def test_it_is_told(command: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(command.split()) == 2
    assert told in capsys.readouterr().err
    assert not Path("state").exists()


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("workers", "there is no worker; `arazzo worker` starts one"),
        ("schedules", "there is no schedule; `arazzo schedule` makes one"),
        ("limits", "there is no limit; `arazzo limits set` sets one"),
        ("runs recover", "no run was interrupted"),
    ],
)
def test_what_is_not_there_is_said(command: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(command.split()) == 0
    assert told in capsys.readouterr().err
    assert not Path("state").exists()
