"""Each row of a batch has its recording, whoever runs it, and what cannot be recorded is told before it is sent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from loopback import Reply

import arazzo_engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import RecordingServer

_WAYS: Final = {"in process": (), "durable": ("--durable",)}
_TOKEN: Final = "secret-token-1"
_NAMES: Final = ["june-1.jsonl", "june-2.jsonl", "june-3.jsonl"]
# no file that the process writes can be larger: outcomes are not, recordings are, and bytecode would be cut off for
# whoever imports it after that
_LIMITED: Final = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000)); sys.dont_write_bytecode = True;"
    "from arazzo_engine.cli import run_command; sys.exit(run_command(sys.argv[1:]))"
)


@pytest.fixture(autouse=True)
def _rows(shop: RecordingServer) -> None:
    shop.script("GET", "/items/pen", Reply(404))
    rows = [{"item": "book", "amount": 1}, {"item": "pen", "amount": 2}, {"item": "book", "amount": 3}]
    Path("rows.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in rows))


def _command(server: RecordingServer, *options: str) -> list[str]:
    common = ["batch", "orders.arazzo.yaml", "--each", "rows.jsonl", "-i", f"token={_TOKEN}", "--server", server.url]
    return [*common, "--batch-id", "june", "--record", "recordings", *options]


def _recordings() -> list[str]:
    return sorted(each.name for each in Path("recordings").iterdir())


@pytest.mark.parametrize("way", _WAYS)
def test_each_row_has_a_recording_whose_replay_is_the_same(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    assert run_command(_command(server, *_WAYS[way])) == 1
    assert _recordings() == _NAMES
    assert _TOKEN not in "".join(each.read_text() for each in Path("recordings").iterdir())
    assert {each.stat().st_mode & 0o777 for each in Path("recordings").iterdir()} == {0o600}
    sent = len(server.requests)
    capsys.readouterr()
    assert run_command(["replay", "recordings"]) == 0
    assert "3 recordings: 3 the same, 0 not" in capsys.readouterr().out
    assert len(server.requests) == sent


def test_a_row_is_recorded_the_same_whoever_runs_it(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(_command(server)) == 1
    Path("recordings").rename("plain")
    assert run_command(_command(server, "--durable")) == 1
    for name in _NAMES:
        capsys.readouterr()
        assert run_command(["compare", f"plain/{name}", f"recordings/{name}"]) == 0, capsys.readouterr().out


def test_processes_share_the_rows_and_the_folder(server: RecordingServer) -> None:
    assert run_command(_command(server, "--output", "out.jsonl", "--processes", "2")) == 1
    assert _recordings() == _NAMES


def test_a_kept_row_that_was_over_before_keeps_its_recording(server: RecordingServer) -> None:
    for _ in range(2):
        assert run_command(_command(server, "--durable")) == 1
        assert _recordings() == _NAMES
    Path("recordings/june-2.jsonl").unlink()
    sent = len(server.requests)
    assert run_command(_command(server, "--durable")) == 1
    assert _recordings() == _NAMES
    assert len(server.requests) == sent


def test_a_row_that_is_run_again_gets_another_recording(server: RecordingServer) -> None:
    for _ in range(2):
        assert run_command(_command(server)) == 1
    names = _recordings()
    assert len(names) == 6
    assert {each[:6] for each in names} == {"june-1", "june-2", "june-3"}


@pytest.mark.parametrize("way", _WAYS)
def test_a_place_where_nothing_can_be_recorded_is_told_before_anything_is_sent(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    Path("recordings").write_text("a file of somebody")
    assert run_command(_command(server, *_WAYS[way])) == 2
    assert "`--record` cannot be written: " in capsys.readouterr().err
    assert Path("recordings").read_text() == "a file of somebody"
    assert server.requests == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told_before_anything_is_sent(server: RecordingServer) -> None:
    Path("recordings").mkdir(mode=0o500)
    assert run_command(_command(server)) == 2
    assert server.requests == []


def test_rows_that_are_left_to_workers_are_recorded_by_who_waits_for_them(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(_command(server, "--durable", "--detach")) == 2
    assert "without --detach, the same command does so" in capsys.readouterr().err
    assert not Path("recordings").exists()


def test_a_row_that_cannot_be_run_has_no_recording(server: RecordingServer) -> None:
    Path("rows.jsonl").write_text('{"item": "book"}\n{"item": "book", "amount": 3}\n')
    assert run_command(_command(server, "--no-check-rows")) == 1
    assert _recordings() == ["june-2.jsonl"]


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limits there")
def test_a_recording_that_there_is_no_room_for_is_told_and_its_row_is_none_the_worse(server: RecordingServer) -> None:
    Path("rows.jsonl").write_text('{"item": "book", "amount": 3}\n')
    command = [sys.executable, "-c", _LIMITED, *_command(server, "--output", "out.jsonl")]
    environment = {**os.environ, "PYTHONPATH": str(places.ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    (outcome,) = map(json.loads, Path("out.jsonl").read_text().splitlines())
    assert (outcome["status"], [each["code"] for each in outcome["diagnostics"]]) == ("succeeded", ["recording-lost"])
    assert "recordings that are not whole: 1; the outcomes of these rows say why" in done.stderr
    assert done.returncode == 74


def test_a_folder_that_goes_away_ends_the_batch_before_the_next_row_is_sent(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    class Removing(list[Any]):
        def append(self, each: Any) -> None:
            super().append(each)
            shutil.rmtree("recordings", ignore_errors=True)
            Path("recordings").write_text("")

    server.requests = Removing()
    assert run_command(_command(server, "--concurrency", "1", "--output", "out.jsonl")) == 74
    assert "row 2 was not sent: `--record` cannot be written: " in capsys.readouterr().err
    assert [json.loads(line)["row"] for line in Path("out.jsonl").read_text().splitlines()] == [1]


@pytest.mark.parametrize("durably", [None, arazzo_engine.Durably("june")])
def test_rows_of_python_are_recorded_in_a_folder_too(
    server: RecordingServer, durably: arazzo_engine.Durably | None
) -> None:
    rows = [{"amount": 1}, {"amount": 2}]
    given: dict[str, Any] = {"inputs": {"token": _TOKEN, "item": "book"}, "servers": server.url, "durably": durably}
    outcomes = list(arazzo_engine.batch("orders.arazzo.yaml", rows, record=Path("recordings"), **given))
    assert _recordings() == sorted(f"{each.run_id}.jsonl" for each in outcomes)
    assert run_command(["replay", "recordings"]) == 0
