"""The ids of kept runs that a shell is offered: quickly, and nothing when there are none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import places

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    import pytest
    from loopback import RecordingServer
    from postgres_server import Postgres

_RUN: Final = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable")


def _offered(*words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with monkeypatch.context() as patched:
        patched.setenv("_ARAZZO_COMPLETE", "bash_complete")
        patched.setenv("COMP_WORDS", " ".join(("arazzo", *words)))
        patched.setenv("COMP_CWORD", str(len(words)))
        capsys.readouterr()
        assert run_command([]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out.split()


def test_ids_of_kept_runs_are_offered(
    shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _offered("runs", "show", "order", monkeypatch=monkeypatch, capsys=capsys) == ["file,order"]
    assert not Path("state").exists()
    for run_id in ("order-1", "order_2", "other"):
        assert run_command([*_RUN, "--server", shop.url, "--run-id", run_id]) == 0
    for command in ("show", "resume", "resolve", "pause", "cancel", "nudge"):
        offered = _offered("runs", command, "order", monkeypatch=monkeypatch, capsys=capsys)
        assert offered == ["plain,order_2", "plain,order-1"]
    # `_` stands for itself
    assert _offered("runs", "show", "order_", monkeypatch=monkeypatch, capsys=capsys) == ["plain,order_2"]
    url = f"sqlite:///{Path('state').resolve()}/runs.sqlite"
    monkeypatch.setenv("ARAZZO_STATE_DIR", "elsewhere")
    assert _offered("runs", "show", "ot", monkeypatch=monkeypatch, capsys=capsys) == ["file,ot"]
    named = ("runs", "show", "--database-url", url, "ot")
    assert _offered(*named, monkeypatch=monkeypatch, capsys=capsys) == ["plain,other"]


def test_ids_of_a_server_are_offered_and_none_when_it_cannot_be_reached(
    shop: RecordingServer, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgres.database()
    assert run_command([*_RUN, "--server", shop.url, "--run-id", "order-1", "--database-url", url]) == 0
    monkeypatch.setenv("ARAZZO_DATABASE_URL", url)
    assert _offered("runs", "show", "o", monkeypatch=monkeypatch, capsys=capsys) == ["plain,order-1"]
    for nowhere in ("postgresql://127.0.0.1:1/runs", "mysql://x"):
        monkeypatch.setenv("ARAZZO_DATABASE_URL", nowhere)
        assert _offered("runs", "show", "o", monkeypatch=monkeypatch, capsys=capsys) == ["file,o"]


def test_nothing_of_what_keeps_runs_is_imported_for_it(shop: RecordingServer) -> None:
    assert run_command([*_RUN, "--server", shop.url, "--run-id", "order-1"]) == 0
    code = (
        "import sys; from arazzo_engine.durability.kept.ids import ids_beginning_with; "
        "print(ids_beginning_with('o'), {'dbos', 'sqlalchemy', 'psycopg'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(places.ROOT)}
    said = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    assert said.stdout == "['order-1'] set()\n"
