"""Whatever is given as a capture, each command that reads one explains it and ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from opened_proxy import opened_proxy

from arazzo_engine.cli import run_command
from arazzo_engine.recording.lines import Sealing, encode

if TYPE_CHECKING:
    from loopback import RecordingServer

_COMMANDS: Final = (
    "replay capture.jsonl --export har",
    "replay capture.jsonl --export curl",
    "new --from capture.jsonl api.json",
)
_API: Final = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": ""}}}}},
}


@pytest.fixture(autouse=True)
def _capture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordingServer) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("GET", f"{server.url}/a")
        proxy.ask("POST", f"{server.url}/b", b"{}")
    monkeypatch.chdir(tmp_path)
    Path("api.json").write_text(json.dumps(_API))


def _resealed(number: int, members: dict[str, Any]) -> None:
    lines = [json.loads(line) for line in Path("capture.jsonl").read_text().splitlines()]
    lines[number - 1] |= members
    sealing = Sealing()
    written = ({name: each for name, each in line.items() if name != "seal"} for line in lines)
    Path("capture.jsonl").write_bytes(b"".join(sealing.line(encode(line)) for line in written))


@pytest.mark.parametrize("command", _COMMANDS)
@pytest.mark.parametrize(
    ("number", "members", "told"),
    [
        (2, {"request": None}, "line 2: Expected `object`, got `null` - at `$.request`"),
        (3, {"request": {"method": "GET"}}, "line 3: Object missing required field `url` - at `$.request`"),
        (2, {"reply": {}}, "line 2: Object missing required field `startedAt` - at `$.reply`"),
        (2, {"effect": "emit"}, "line 2: Invalid enum value 'emit' - at `$.effect`"),
        (1, {"target": 1}, "Expected `str`, got `int` - at `$.target`"),
    ],
)
def test_a_sealed_line_that_no_proxy_writes_is_told_by_its_number(
    command: str, number: int, members: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _resealed(number, members)
    assert run_command(command.split()) == 3
    assert f"capture.jsonl is no capture of this engine: {told}" in capsys.readouterr().err


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_capture_that_was_cut_anywhere_is_told_or_read_so_far(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content = Path("capture.jsonl").read_bytes()
    for end in range(0, len(content), 97):
        Path("capture.jsonl").write_bytes(content[:end])
        assert run_command(command.split()) in {0, 1, 2, 3}
        assert "Traceback" not in capsys.readouterr().err
