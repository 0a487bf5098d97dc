"""Recordings of runs that are kept: made of what is kept of them, and the same again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    import pytest
    from loopback import RecordingServer


def _run(server: RecordingServer, *options: str) -> int:
    common = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url, "--durable"]
    return run_command([*common, "--run-id", "order-1", *options])


def test_a_kept_run_is_recorded_and_the_same_again(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(shop, "--record", "run.jsonl") == 0
    assert run_command(["runs", "show", "order-1", "--record", "later.jsonl"]) == 0
    sent = len(shop.requests)
    capsys.readouterr()
    assert run_command(["replay", "run.jsonl", "later.jsonl"]) == 0
    assert "2 recordings: 2 the same, 0 not" in capsys.readouterr().out
    assert run_command(["replay", "run.jsonl", "-v"]) == 0
    told = capsys.readouterr().err
    assert f"> POST {shop.url}/charges\n" in told
    assert "✓ order succeeded   2 steps, 2 requests, " in told
    assert len(shop.requests) == sent
    assert Path("run.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_kept_run_that_failed_is_recorded_too(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    shop.script("POST", "/charges", Reply(402, body={"problem": "declined"}))
    assert _run(shop, "--record", "runs/") == 1
    capsys.readouterr()
    assert run_command(["replay", "runs"]) == 0
    assert capsys.readouterr().out.startswith("runs/order-1.jsonl: same")


def test_nothing_is_sent_when_the_recording_is_there_already(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("run.jsonl").write_text("")
    assert _run(shop, "--record", "run.jsonl") == 2
    assert "`--record` names a file that is there already: run.jsonl" in capsys.readouterr().err
    assert not shop.requests
