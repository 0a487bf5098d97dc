"""The examples of the codes on kept runs: the wrong command leads to the code, the right one in its place does not."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostic_codes.rule import Home

if TYPE_CHECKING:
    from loopback import RecordingServer

_EXAMPLES: Final = {
    code: page.example for code, page in CODES.items() if page.example and page.example.home is Home.KEPT
}
_START: Final = "run orders.arazzo.yaml --inputs inputs.yaml --durable --server {url}"


@pytest.fixture(autouse=True)
def _pen(shop: RecordingServer) -> None:
    shop.script("GET", "/items/pen", Reply(200, body={"id": "item-2", "price": 1}))


def _told(
    command: str, server: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    words = shlex.split(command.format(url=server.url))
    with monkeypatch.context() as patched:
        while "=" in words[0]:
            patched.setenv(*words.pop(0).split("=", 1))
        run_command([each for each in words if each != "arazzo"])
    told = capsys.readouterr()
    return told.out + told.err


def _command(part: str) -> str:
    return part if "arazzo " in part else f"{_START} {part}"


@pytest.mark.parametrize("code", _EXAMPLES)
def test_the_wrong_command_leads_to_the_code_and_the_right_one_does_not(
    code: str, server: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = _EXAMPLES[code]
    assert example is not None
    if code == "run-differs":
        # it is paused before its first answer
        server.script("GET", "/items/book", Reply.interrupt(), Reply(200, body={"id": "item-1", "price": 3.5}))
    if code == "answer-needed":
        # it is in doubt
        server.script("POST", "/charges", Reply.close())
    if code == "queue-full":
        _told("arazzo limits set --waiting 1", server, monkeypatch, capsys)
        _told(f"{_START} --detach --run-id order-9", server, monkeypatch, capsys)
    _told(f"{_START} --run-id order-1", server, monkeypatch, capsys)
    if code == "run-differs":
        document = Path("orders.arazzo.yaml")
        document.write_text(document.read_text() + "# edited")
    assert f"[{code}]" in _told(_command(example.wrong), server, monkeypatch, capsys)
    assert f"[{code}]" not in _told(_command(example.right), server, monkeypatch, capsys)
