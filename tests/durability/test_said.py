"""What a person says of a request in doubt stands in the report: what was sent, when, and who says what came of it."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from cryptography.fernet import Fernet
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.durability.ledger import open_ledger
from arazzo_engine.durability.places import find_place

if TYPE_CHECKING:
    from loopback import RecordingServer

pytestmark = pytest.mark.usefixtures("shop")

_TIME: Final = r"2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d UTC"


def _in_doubt(server: RecordingServer) -> None:
    server.script("POST", "/charges", Reply.close())
    command = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url]
    assert run_command([*command, "--durable", "--run-id", "order-1"]) == 5


def _shown(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    run_command(["runs", "show", "order-1", "--format", "json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_a_request_that_is_sent_again_is_counted_each_time(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _in_doubt(server)
    assert run_command(["runs", "resolve", "order-1", "--send-again"]) == 5
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
    capsys.readouterr()
    assert run_command(["runs", "resolve", "order-1", "--send-again"]) == 0
    assert "2 steps, 4 requests, " in capsys.readouterr().err
    assert [each.method for each in server.requests] == ["GET", "POST", "POST", "POST"]
    charge = _shown(capsys)["steps"][1]
    assert charge["sentBefore"] == 2
    told = rf"it was sent at {_TIME} without an answer, and is sent again, as a person said at {_TIME}"
    assert [bool(re.fullmatch(told, note)) for note in charge["notes"]] == [True, True]


def test_what_did_not_happen_was_sent_all_the_same(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _in_doubt(server)
    capsys.readouterr()
    assert run_command(["runs", "resolve", "order-1", "--did-not-happen"]) == 1
    told = capsys.readouterr().err
    assert re.search(rf"the request did not happen, as a person said at {_TIME}", told)
    assert f"  sent      POST {server.url}/charges\n" in told
    assert "2 steps, 2 requests, " in told
    assert _shown(capsys)["steps"][1]["response"] | {"reason": ""} == {
        "status": None, "failure": "interrupted", "reason": "", "sent": True, "processed": False,
    }  # fmt: skip


@pytest.mark.parametrize("body", [{"receit": "receipt-1"}, {}, None])
def test_an_answer_without_what_the_step_gives_is_refused_before_it_stands_for_good(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], body: object
) -> None:
    _in_doubt(server)
    given = {"status": 201, "body": body}
    Path("answer.json").write_text(json.dumps(given if body is not None else {"status": 201}))
    capsys.readouterr()
    happened = ["runs", "resolve", "order-1", "--happened", "--response", "answer.json"]
    assert run_command(happened) == 2
    assert "the answer lacks `$response.body#/receipt`, of which the step makes its outputs" in capsys.readouterr().err
    Path("answer.json").write_text(json.dumps({"status": 201, "body": {"receipt": "receipt-1"}}))
    assert run_command(happened) == 0
    assert capsys.readouterr().out == "receipt: receipt-1\n"
    (note,) = _shown(capsys)["steps"][1]["notes"]
    assert re.fullmatch(rf"taken as answered, as a person said at {_TIME}", note)


@pytest.mark.parametrize("words", [("--happened", "--send-again"), ("--send-again", "--did-not-happen")])
def test_two_words_of_one_request_are_refused(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    _in_doubt(server)
    capsys.readouterr()
    assert run_command(["runs", "resolve", "order-1", *words]) == 2
    assert "exclude each other" in capsys.readouterr().err
    assert [each.method for each in server.requests] == ["GET", "POST"]


def test_an_answer_of_a_failure_needs_none_of_it(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _in_doubt(server)
    Path("answer.json").write_text(json.dumps({"status": 402, "body": {"problem": "declined"}}))
    assert run_command(["runs", "resolve", "order-1", "--happened", "--response", "answer.json"]) == 1
    assert "charge: 402 is not 201" in capsys.readouterr().err


def test_a_run_in_doubt_is_not_given_up_before_it_is_settled(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _in_doubt(server)
    assert run_command(["runs", "cancel", "order-1"]) == 2
    assert (
        "say what became of it first: `arazzo runs resume order-1` sends nothing, and tells how"
        in capsys.readouterr().err
    )
    assert run_command(["runs", "resolve", "order-1", "--did-not-happen"]) == 1


def test_what_was_kept_with_another_key_is_told_as_that(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_doubt(server)
    monkeypatch.setenv("ARAZZO_STATE_KEY", Fernet.generate_key().decode())
    capsys.readouterr()
    assert run_command(["runs", "list"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error[state-key-wrong]")
    assert told.count("state-key-wrong") == 1


@pytest.mark.parametrize("value", ["{0};{0}", "'{0}'", "{0}{0}", ",", "key={0}"])
def test_what_is_no_key_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    monkeypatch.setenv("ARAZZO_STATE_KEY", value.format(Fernet.generate_key().decode()))
    command = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable"]
    assert run_command(command) == 2
    assert "`ARAZZO_STATE_KEY` holds no key" in capsys.readouterr().err


def test_of_two_that_go_on_with_a_run_at_once_one_is_told_so(server: RecordingServer) -> None:
    _in_doubt(server)
    with closing(open_ledger(find_place())) as ledger:
        run = ledger.run("order-1")
        ledger.go_on(run)
        with pytest.raises(ArazzoError, match="somebody else has gone on with run `order-1` at the same time"):
            ledger.go_on(run)


def test_a_recording_that_cannot_be_is_told_before_anything_is_sent(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url, "--durable"]
    assert run_command([*command, "--record", "inputs.yaml/run.jsonl"]) == 2
    assert "`--record` cannot be written" in capsys.readouterr().err
    assert server.requests == []
