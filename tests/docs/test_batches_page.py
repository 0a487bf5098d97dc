"""The page on batches is executed: its command gives the summary and the outcomes that it shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import places
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.cli.commands.running.batch import command
from arazzo_engine.cli.exit_codes import MEANINGS
from arazzo_engine.reporting.batches.outcomes import RowStatus

if TYPE_CHECKING:
    import pytest
    from loopback import RecordingServer

_PAGE: Final = (places.ROOT / "docs" / "batches.md").read_text(encoding="utf-8")
_CONSOLE: Final = re.findall(r"```console\n\$ arazzo (.+)\n((?:.*\n)*?)```", _PAGE)
_FILES: Final = dict(re.findall(r"```text\n# (\S+)\n(.*?)```", _PAGE, re.DOTALL))


def _without_times(text: str) -> str:
    text = re.sub(r"\d+\.\d( s,|(?: rows)?/s| rows/s|(?= |$))", r"0.0\1", text, flags=re.MULTILINE)
    text = re.sub(r"in \d+ ms,", "in 0 ms,", re.sub(r" +(\d)", r" \1", text))
    text = re.sub(r"(?<=//)127\.0\.0\.1:\d+", "SERVER", text)
    return re.sub(r'"tag":"\w+"', '"tag":"00000000"', re.sub(r'"elapsedMs":[\d.]+', '"elapsedMs":0.0', text))


def test_the_command_gives_what_is_shown(
    server: RecordingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOP_TOKEN", "secret-token-1")
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("GET", "/items/pen", Reply(404, body={"error": "no such item"}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
    Path("orders.csv").write_text(_FILES["orders.csv"])
    ((typed, shown),) = _CONSOLE
    assert run_command([*shlex.split(typed), "--server", server.url]) == 1
    assert _without_times(capsys.readouterr().err) == _without_times(shown)
    assert _without_times(Path("out.jsonl").read_text()) == _without_times(_FILES["out.jsonl"])


def test_the_tables_are_those_of_the_code() -> None:
    assert re.findall(r"^\| `([\w-]+)` \| (?=the|it|something|a req)", _PAGE, re.MULTILINE)[-4:] == list(RowStatus)
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", _PAGE, re.MULTILINE)]
    assert set(codes) == {int(code) for code in MEANINGS} - {70}


def test_every_option_of_batches_alone_is_told() -> None:
    own = {"--batch-id", "--run-id-from", "--failed-rows", "--summary", "--each", "--output", "--rate", "--concurrency"}
    own |= {"--fail-fast", "--max-failures", "--processes", "--durable", "--timeout", "--no-check-rows"}
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    assert own <= options
    assert not [name for name in own if name not in _PAGE]
