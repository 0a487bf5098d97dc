"""What is told of each exchange: as much as was asked for, masked, and cut where it says so."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import jsonschema
import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

_SCHEMA = json.loads((places.ROOT / "arazzo_engine" / "reporting" / "report.schema.json").read_text())


@pytest.fixture(autouse=True)
def _documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("orders.arazzo.yaml", "shop-api.yaml", "inputs.yaml"):
        shutil.copy(places.SHOP / name, tmp_path)
    monkeypatch.chdir(tmp_path)


def _run(server: RecordingServer, *options: str, charge: Reply | None = None) -> int:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", charge or Reply(201, body={"receipt": "receipt-1"}))
    return run_command(["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url, *options])


def test_every_exchange_is_told_as_it_went(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(server, "-v") == 0
    told = capsys.readouterr().err
    assert f"> POST {server.url}/charges\n> Host: " in told
    assert "> Authorization: ***\n" in told
    assert '>\n> {"item":"item-1","amount":12.5}\n< 201 Created   ' in told
    assert '<\n< {"receipt": "receipt-1"}\n  ✓ charge ' in told
    assert "evaluated" not in told


def test_how_each_value_was_found_is_told_when_that_is_asked_for(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, "--trace") == 0
    told = capsys.readouterr().err
    assert "> POST" not in told
    lines = [re.split(r"  +", line.strip()) for line in told.splitlines()]
    assert ["body /item", "$steps.find.outputs.id", "'item-1'"] in lines
    assert ["criterion", "$statusCode == 201", "201 == 201", "✓"] in lines
    assert ["output receipt", "$response.body#/receipt", "'receipt-1'"] in lines
    assert ["evaluated", "header Authorization", "Bearer {$inputs.token}", "***"] in lines


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_programs_are_told_the_same(format_: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(server, "--trace", "--format", format_) == 0
    out = capsys.readouterr().out
    events = [json.loads(line) for line in out.splitlines()] if format_ == "jsonl" else []
    steps = [each["step"] for each in events if each["event"] == "step-finished"] or json.loads(out)["steps"]
    assert {"where": "path item", "expression": "$inputs.item", "value": "'book'"} in steps[0]["trace"]
    passed = {"where": "criterion", "expression": "$statusCode == 201", "value": "201 == 201", "passed": True}
    assert passed in steps[1]["trace"]
    if format_ == "json":
        jsonschema.validate(json.loads(out), _SCHEMA, format_checker=jsonschema.FormatChecker())


def test_the_failing_request_is_told_as_a_command(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(server, "--curl", charge=Reply(402, body={})) == 1
    told = capsys.readouterr().err
    assert f"# set AUTHORIZATION\ncurl -X POST '{server.url}/charges' \\\n" in told
    assert told.count("curl -X") == 1
    assert "  -H 'Authorization: '\"$AUTHORIZATION\" \\\n" in told


_BODIES: dict[str, tuple[Reply, str]] = {
    "long": (Reply(402, body="x" * 10_000_000), "… cut after 2,000 characters; the body has 10,000,000 bytes"),
    "binary": (Reply(402, (("Content-Type", "image/png"),), b"\x89PNG\xff\x00"), "<6 bytes of image/png, base64 "),
    "control": (Reply(402, body="a\x1b[2Jb\x07"), "a\\x1b[2Jb\\x07"),
    "script": (Reply(402, body={"a": "</script>"}), '{"a": "</script>"}'),
    "lines": (Reply(402, body="one\ntwo"), "< one\n< two\n"),
}


@pytest.mark.parametrize("name", _BODIES)
def test_any_body_can_be_told(name: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    answer, said = _BODIES[name]
    assert _run(server, "-v", "--max-response", "20000000", charge=answer) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "\x1b" not in told
    assert "\x07" not in told
    assert len(told) < 12_000


def test_a_long_request_is_cut_in_the_report_and_that_is_said(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, "-i", f"note={'n' * 100_000}", "--format", "json") == 0
    report: Any = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, _SCHEMA, format_checker=jsonschema.FormatChecker())
    sent = report["steps"][1]["request"]
    assert len(sent["body"]) <= 65_536
    assert sent["bodyBytes"]["length"] == len(server.requests[1].body) > 100_000


def test_a_run_in_doubt_says_once_that_it_could_have_been_kept(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, charge=Reply.close()) == 5
    told = capsys.readouterr().err
    assert told.count("with `--durable` this run would be kept, and could be settled and resumed") == 1
    # what may have been done is never offered to be done again
    assert "  again " not in told
    assert "pip install" not in told


def test_a_run_in_doubt_says_what_keeping_it_would_need(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arazzo_engine.durability.installed.find_spec", lambda _: None)
    assert _run(server, charge=Reply.close()) == 5
    assert "            `--durable` needs: pip install 'arazzo-engine[durable]'\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (["-i", "amount=13"], "-i amount=13"),
        (["-i", "note=two words"], "-i 'note=two words'"),
        (["-i", "token=secret-token-9"], '-i token="$TOKEN"'),
        (["--input=token=secret-token-9"], '--input=token="$TOKEN"'),
        (["-i", "token=@env:SHOP_TOKEN"], "-i token=@env:SHOP_TOKEN"),
        (["--auth", "token=secret-token-9"], '--auth token="$TOKEN"'),
        # a recording is not written over
        (["--record", "run.jsonl", "-i", "amount=13"], "-i amount=13"),
        (["--record=run.jsonl", "-i", "amount=13"], "-i amount=13"),
    ],
)
def test_the_command_is_told_again_without_a_secret(
    given: list[str],
    shown: str,
    server: RecordingServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "secret-token-9")
    assert _run(server, *given, charge=Reply(402, body={})) == 1
    again = next(line for line in capsys.readouterr().err.splitlines() if line.startswith("  again"))
    assert again.endswith(f"--server {server.url} {shown}")
    assert "secret-token" not in again
