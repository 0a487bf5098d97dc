"""A server may answer what it likes: the run ends with a report, and what cannot be held is not sent on."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import brotli
import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.world.http import content_codings

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

pytestmark = pytest.mark.usefixtures("shop_documents")

_SHOP = places.SHOP
_JSON = (("Content-Type", "application/json"),)
_DEEP = b"[" * 190 + b"]" * 190


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


_PACKED = gzip.compress('{"receipt": "é"}'.encode(), mtime=0)
_ODD = {
    "two like content types": Reply(201, (*_JSON, *_JSON), '{"receipt": "é"}'.encode()),
    "an empty content type": Reply(201, (("Content-Type", ""),), '{"receipt": "é"}'.encode()),
    "two content types in one": Reply(
        201, (("Content-Type", "application/json, text/plain"),), '{"receipt": "é"}'.encode()
    ),
    "a charset that it is not in": Reply(
        201, (("Content-Type", "application/json; charset=iso-8859-1"),), '{"receipt": "é"}'.encode()
    ),
    "half a character beside it": Reply(201, _JSON, '{"receipt": "é", "x": "\\ud800"}'.encode()),
    "a number beside it that is not finite": Reply(201, _JSON, '{"receipt": "é", "x": [1e400]}'.encode()),
    "bytes beside it that are no text": Reply(201, _JSON, '{"receipt": "é", "x": "'.encode() + b'\xff"}'),
    "zeros behind what is packed": Reply(201, (*_JSON, ("Content-Encoding", "gzip")), _PACKED + bytes(7)),
    "packed twice": Reply(201, (*_JSON, ("Content-Encoding", "gzip, gzip")), gzip.compress(_PACKED, mtime=0)),
    "not packed as it claims": Reply(201, (*_JSON, ("Content-Encoding", "gzip")), '{"receipt": "é"}'.encode()),
}


@pytest.mark.parametrize("odd", _ODD)
def test_what_can_be_read_of_the_answer_to_a_charge_is_read(
    odd: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, Reply(200, body={"id": "item-1", "price": 1}), _ODD[odd], "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["steps"][1]["outputs"]["receipt"] == "é"


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_an_answer_that_cannot_be_unpacked_is_an_answer_without_a_body(
    coding: str, server: RecordingServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = _PACKED[:-3] if coding == "gzip" else brotli.compress(b'{"receipt": "r"}')
    # as it is where the extra is not installed
    monkeypatch.delitem(content_codings._UNPACKERS, "br")
    charged = Reply(201, (*_JSON, ("Content-Encoding", coding)), packed)
    _run(server, Reply(200, body={"id": "item-1", "price": 1}), charged, "--format", "json")
    report = json.loads(capsys.readouterr().out)
    assert report["status"] != "in-doubt"
    charge = report["steps"][1]
    assert (charge["response"]["status"], charge["outputs"]) == (201, {})
    assert charge["notes"][0].startswith(f"the body is encoded as `{coding}` and cannot be unpacked: it is left out")
    assert ("arazzo-engine[compression]" in charge["notes"][0]) == (coding == "br")


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
    assert "order succeeded   2 steps" in told.err
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
