"""A server may answer what it likes: the run ends with a report, and what cannot be held is not sent on."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

_SHOP = places.SHOP
_JSON = (("Content-Type", "application/json"),)
_DEEP = b"[" * 190 + b"]" * 190


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for document in _SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)


def _run(server: RecordingServer, find: Reply, charge: Reply, *options: str) -> int:
    server.script("GET", "/items/book", find)
    server.script("POST", "/charges", charge)
    return run_command(["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url, *options])


@pytest.mark.parametrize("body", [b'{"id": 1e400}', rb'{"id": "\ud800x"}', b'{"id": ' + b"[" * 900 + b"]" * 900 + b"}"])
def test_a_value_that_json_cannot_hold_is_not_sent_on(
    body: bytes, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, Reply(200, _JSON, body), Reply(201), "--format", "json") == 1
    assert [request.method for request in server.requests] == ["GET"]
    report = json.loads(capsys.readouterr().out)
    assert report["diagnostics"][0]["code"] == "value-missing"
    assert "is read without `/id`" in report["steps"][0]["notes"][0]


@pytest.mark.parametrize("options", [["--format", "json"], ["--format", "jsonl"], ["--output", "result.txt"], []])
@pytest.mark.parametrize(
    "reply",
    [
        Reply(201, (("Content-Type", "text/plain; charset=idna"),), b"\xff" * 80),
        Reply(201, (("Content-Type", "text/plain; charset=punycode"),), b"\xff" * 80),
        Reply(201, _JSON, b'{"receipt": ' + b"[" * 900 + b"]" * 900 + b"}"),
        Reply(201, _JSON, b'{"receipt": ' + _DEEP + b"}"),
        Reply(201, _JSON, rb'{"receipt": "\ud800"}'),
        Reply(201, _JSON, b'{"receipt": 1e999}'),
    ],
)
def test_the_last_answer_never_costs_the_report(
    reply: Reply, options: list[str], server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, Reply(200, body={"id": "item-1"}), reply, *options) == 0
    told = capsys.readouterr()
    assert "succeeded: order, 2 steps" in told.err
    if "--format" in options:
        assert json.loads(told.out if options[-1] == "json" else told.out.splitlines()[-1])


def test_an_input_that_no_text_can_hold_is_written_all_the_same(
    tmp_path: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "orders.arazzo.yaml"
    text = document.read_text().replace("receipt: $steps.charge.outputs.receipt", "receipt: $inputs.note")
    document.write_text(text.replace("        note: $inputs.note\n", ""))
    options = ("-i", "note=a\udc80", "--output", "result.txt")
    assert _run(server, Reply(200, body={"id": "1"}), Reply(201, body={"receipt": "r"}), *options) == 0
    assert (tmp_path / "result.txt").read_text() == "receipt: a\\udc80\n"
    assert "succeeded" in capsys.readouterr().err
