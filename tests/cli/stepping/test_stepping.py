"""Stepping through runs with commands from a pipe: what is told, what is sent, and how it ends."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from loopback import RecordingServer

    Step: TypeAlias = Callable[[list[str], list[str]], tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("shop_documents")

_TOKEN: Final = "sesame-open-up"
_GIVEN: Final = ("orders.arazzo.yaml", "--no-project", "-i", "item=book", "-i", "amount=3", "-i", f"token={_TOKEN}")


@pytest.fixture
def shop(server: RecordingServer) -> RecordingServer:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", Reply(503), Reply(201, body={"receipt": "receipt-1"}))
    return server


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Step:
    """Run a command with the commands of a session, and return its exit code, its result, and what it told."""

    def run(arguments: list[str], commands: list[str]) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{each}\n" for each in commands)))
        code = run_command([*arguments, "--step"])
        captured = capsys.readouterr()
        assert _TOKEN not in captured.out + captured.err
        return code, captured.out, captured.err

    return run


def _live(server: RecordingServer, *more: str) -> list[str]:
    return ["run", *_GIVEN, "--server", server.url, *more]


def _sent(server: RecordingServer) -> list[str]:
    return [each.method for each in server.requests]


def test_a_rehearsal_is_stepped_through_forward_and_back(step: Step) -> None:
    commands = ["break charge", "continue", "w", "$inputs", "b", "p $response.body#/id", "c", "c", "q"]
    code, out, told = step(["rehearse", *_GIVEN], commands)
    assert (code, out) == (0, "receipt: receipt-1\n")
    assert "breakpoint 1 at order.charge: charge" in told
    assert (
        "breakpoint 1 (charge)\n[4/7] order.charge begins   orders.arazzo.yaml:31:5\n→ 31 |   - stepId: charge" in told
    )
    assert "#0 order.charge   orders.arazzo.yaml:31:5" in told
    assert '"token": "***"' in told
    assert "[3/7] order.find succeeded" in told
    assert '(arazzo) p $response.body#/id\n"item-1"\n' in told
    assert "[7/7] the run of order has ended: succeeded" in told


def test_an_unsafe_request_leaves_only_after_a_word_and_a_safe_one_by_itself(shop: RecordingServer, step: Step) -> None:
    code, out, told = step(_live(shop), ["c", "c", "y", "c", "yes", "c"])
    assert (code, out) == (0, "receipt: receipt-1\n")
    assert _sent(shop) == ["GET", "POST", "POST"]
    assert told.count("what follows is a request that may change something") == 2
    assert f"send POST {shop.url}/charges now? [y/N] y\n" in told
    assert "order.charge (attempt 2) is about to send its request" in told


def test_a_request_that_is_not_agreed_to_is_not_sent(shop: RecordingServer, step: Step) -> None:
    code, _, told = step(_live(shop), ["c", "c", "no", "s", "", "q"])
    assert (code, _sent(shop)) == (130, ["GET"])
    assert told.count("not sent\n") == 2
    assert "error[interrupted]" in told


def test_the_end_of_the_input_ends_a_run_before_what_is_next_is_sent(shop: RecordingServer, step: Step) -> None:
    code, out, told = step(_live(shop), ["c"])
    assert (code, out, _sent(shop)) == (130, "", ["GET"])
    assert "the input has ended: the run ends here, and what is next is not sent" in told
    assert "done      find (200)" in told


def test_the_end_of_the_input_is_no_word(shop: RecordingServer, step: Step) -> None:
    code, _, told = step(_live(shop), ["c", "c"])
    assert (code, _sent(shop)) == (130, ["GET"])
    assert "now? [y/N] \nnot sent" in told


def test_going_back_in_a_real_run_looks_at_the_past_and_sends_nothing_again(shop: RecordingServer, step: Step) -> None:
    commands = [
        "c",
        "c",
        "y",
        "start",
        "s",
        "s",
        "p $response.body#/price",
        "s",
        "s",
        "s",
        "c",
        "c",
        "y",
        "start",
        "end",
    ]
    code, _, told = step(_live(shop), [*commands, "c"])
    assert (code, _sent(shop)) == (0, ["GET", "POST", "POST"])
    assert "(arazzo) p $response.body#/price\n3.5\n" in told
    assert "this is the beginning\n[1] order.find begins" in told


def test_a_run_that_is_over_ends_as_it_did_whatever_ends_the_input(shop: RecordingServer, step: Step) -> None:
    code, out, told = step(_live(shop), ["c", "c", "y", "c", "y", "b", "c"])
    assert (code, out) == (0, "receipt: receipt-1\n")
    assert told.rstrip().split("\n")[-1].startswith("✓ order succeeded")


def test_a_stepped_run_is_recorded_and_its_replay_is_stepped_through(shop: RecordingServer, step: Step) -> None:
    assert step(_live(shop, "--record", "run.jsonl"), ["c", "c", "y", "c", "y"])[0] == 0
    code, out, told = step(["replay", "run.jsonl"], ["difference", "end", "b", "$statusCode", "r"])
    assert (code, out) == (0, "run.jsonl: same: 3 attempts\n")
    assert "nothing differs behind this moment" in told
    assert "(arazzo) $statusCode\n201\n" in told
    assert _sent(shop) == ["GET", "POST", "POST"]


def test_a_replay_of_an_edited_document_jumps_to_the_first_difference(
    shop: RecordingServer, step: Step, tmp_path: Path
) -> None:
    step(_live(shop, "--record", "run.jsonl"), ["c", "c", "y", "c", "y"])
    document = (tmp_path / "orders.arazzo.yaml").read_text()
    (tmp_path / "edited.yaml").write_text(document.replace("amount: $inputs.amount", "amount: 4"))
    code, out, told = step(
        ["replay", "run.jsonl", "--document", "edited.yaml"], ["d", "b", "break difference", "c", "d"]
    )
    assert code == 1
    assert out.startswith("run.jsonl: differs: at order.charge, after 1 that is the same")
    assert "here the run differs from its recording\n[5/10] order.charge sends its request   edited.yaml:32:5\n" in told
    assert "difference: body/amount:  (edited.yaml:" in told
    assert "breakpoint 1 (difference)\n[5/10]" in told
    assert "[8/10] order.charge (attempt 2) sends its request" in told


def test_a_finding_is_stopped_at(shop: RecordingServer, step: Step, tmp_path: Path) -> None:
    description, example = tmp_path / "shop-api.yaml", "              example: { id: item-1, price: 3.5 }\n"
    schema = "              schema: { properties: { id: { type: string } } }\n"
    description.write_text(description.read_text().replace(example, example + schema))
    shop.script("GET", "/items/book", Reply(200, body={"id": 7, "price": 3.5}))
    code, _, told = step(_live(shop, "--check", "warn"), ["break finding", "c", "q"])
    assert (code, _sent(shop)) == (130, ["GET"])
    assert "breakpoint 1 (finding)\n[3] order.find succeeded" in told
    assert "response-contract: " in told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("stp", "there is no command `stp`: did you mean `step`?"),
        ("frobnicate", "there is no command `frobnicate`: `help` lists them"),
        ("step twice", "`step` takes nothing behind it: write `step` alone"),
        ("break chrge", "there is no step `chrge`: did you mean `charge`?"),
        ("break nowhere", "there is no step `nowhere`: there are `order.find`, `order.charge`"),
        ("break if $statusCode", "breakpoint 1: if $statusCode"),
        ("break if ==", "`==` is no condition: "),
        ("delete 3", "there is no breakpoint 3"),
        ("delete x", "`delete` needs the number of a breakpoint: `break` alone lists them"),
        ("break", "there are no breakpoints"),
        ("print", "nothing was asked: write an expression, such as `$response.body#/id`"),
        (
            "$respons.body",
            "`$respons.body` is no runtime expression: `$respons` is not known: did you mean `$response`?",
        ),
        ("$response.body", "absent: there is no answer at this moment"),
        ("$response", "there is nothing in `$response` at this moment"),
        ("difference", "there is no recording to compare this run with: `arazzo replay --step` has one"),
        ("help", "s  step "),
    ],
)
def test_what_is_typed_wrongly_is_told_and_the_session_goes_on(step: Step, command: str, told: str) -> None:
    code, out, everything = step(["rehearse", *_GIVEN], [command, "end"])
    assert f"(arazzo) {command}\n{told}" in everything
    assert (code, out) == (0, "receipt: receipt-1\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "orders.arazzo.yaml", "--dry-run"], "--step and --dry-run exclude each other: nothing is run with it"),
        (["run", "orders.arazzo.yaml", "--durable"], "--step and --durable exclude each other"),
        (["run", "orders.arazzo.yaml", "--timeout", "3"], "--step and --timeout exclude each other"),
        (["rehearse", "orders.arazzo.yaml", "--all-paths"], "--step and --all-paths exclude each other"),
        (["rehearse", "orders.arazzo.yaml", "--watch"], "--step and --watch exclude each other"),
        (["run", "orders.arazzo.yaml", "--inputs", "-"], "commands are read from stdin: name a file for the inputs"),
        (["rehearse", "-"], "commands are read from stdin: name a file for the document"),
        (["replay", "a.jsonl", "b.jsonl"], "--step is for one recording, and 2 are named"),
        (["replay", "a.jsonl", "--export", "har"], "--step and --export exclude each other"),
    ],
)
def test_what_cannot_be_stepped_through_is_refused(step: Step, arguments: list[str], told: str) -> None:
    code, _, everything = step(arguments, ["c"])
    assert code == 2
    assert told in " ".join(everything.split())


def test_empty_lines_go_on_to_the_end_and_do_not_leave(step: Step) -> None:
    code, _, told = step(["rehearse", *_GIVEN], ["n", *[""] * 9, "b", "q"])
    assert code == 0
    assert "[6/7] order.charge succeeded" in told.rpartition("[7/7]")[2]


def test_a_secret_that_is_typed_is_not_told_again(step: Step) -> None:
    typed = [f"break if $inputs.token == '{_TOKEN}'", f"$inputs.token == '{_TOKEN}'", f"break {_TOKEN}", "break", "c"]
    code, _, told = step(["rehearse", *_GIVEN], typed)
    assert code == 0
    assert "breakpoint 1: if $inputs.token == '***'" in told
    assert "true: '***' == '***'" in told
    assert "there is no step `***`" in told


def test_several_runs_are_stepped_through_one_after_the_other(tmp_path: Path, step: Step) -> None:
    text = (tmp_path / "orders.arazzo.yaml").read_text()
    (tmp_path / "two.yaml").write_text(
        text + text[text.index("- workflowId") :].replace("workflowId: order", "workflowId: more")
    )
    given = ["two.yaml", *_GIVEN[1:], "--all"]
    code, out, told = step(["rehearse", *given], ["end", "s", "p $inputs.item", "$steps", "end"])
    assert code == 0
    assert "there is nothing in `$steps` at this moment" in told
    assert "[7/14] the run of order has ended: succeeded" in told
    assert "[8/14] more.find begins" in told
    assert '(arazzo) p $inputs.item\n"book"' in told
    assert "order:\nreceipt: receipt-1\nmore:\nreceipt: receipt-1\n" in out


def test_a_request_that_breaks_its_contract_is_stopped_at_before_it_leaves(
    shop: RecordingServer, step: Step, tmp_path: Path
) -> None:
    description = tmp_path / "shop-api.yaml"
    described = description.read_text()
    limited = "schema: { type: object, properties: { amount: { maximum: 2 } } }"
    description.write_text(described.replace("schema: { type: object }", limited))
    code, _, told = step(_live(shop, "--check", "warn"), ["break finding request-contract", "c", "q"])
    assert (code, _sent(shop)) == (130, ["GET"])
    assert "breakpoint 1 (finding request-contract)\n[5] order.charge is about to send its request" in told


def test_bytes_that_are_no_text_and_endless_lines_are_no_commands(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "arazzo_engine", "rehearse", *_GIVEN, "--step"]
    typed = b"\xff\xfe\n" + b"y" * 1_000_000 + b"\nend\n"
    ended = subprocess.run(command, input=typed, capture_output=True, cwd=tmp_path, check=False)
    told = ended.stderr.decode()
    assert (ended.returncode, len(told) < 100_000) == (0, True)
    assert "there is no command `\\xff\\xfe`" in told
    assert told.count("there is no command `yyyy") == 1


def test_a_real_process_reads_its_commands_from_a_pipe(shop: RecordingServer, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "arazzo_engine", *_live(shop), "--step"]
    ended = subprocess.run(command, input="c\nc\ny\nc\n", capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (ended.returncode, ended.stdout, _sent(shop)) == (130, "", ["GET", "POST"])
    assert "the input has ended: the run ends here, and what is next is not sent" in ended.stderr
