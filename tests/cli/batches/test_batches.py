"""A batch from the command line: what becomes of each row, what is told, and that it goes on where it was stopped."""

from __future__ import annotations

import fcntl
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from loopback import Reply
from pseudo_terminal import Terminal

from arazzo_engine.cli import run_command
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.reporting.lines.widths import width_of

if TYPE_CHECKING:
    from loopback import RecordingServer

_FOUND: Final = Reply(200, body={"id": "item-1", "price": 3.5})
_CHARGED: Final = Reply(201, body={"receipt": "receipt-1"})
_DECLINED: Final = Reply(402, body={"problem": "secret-token-1 was declined"})
_CHILDREN: Final = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
_OUT: Final = Path("out.jsonl")


@pytest.fixture(autouse=True)
def _shop(shop_documents: None, server: RecordingServer) -> None:  # noqa: ARG001 - the folder
    server.script("GET", "/items/book", _FOUND)
    server.script("GET", "/items/pen", Reply(404))
    server.script("POST", "/charges", _CHARGED)


def _rows(*amounts: object, item: str = "book") -> None:
    lines = (json.dumps({"item": item, "amount": each}) for each in amounts)
    Path("rows.jsonl").write_text("".join(f"{line}\n" for line in lines))


def _command(server: RecordingServer, *options: str, output: str | None = "out.jsonl") -> list[str]:
    common = ["batch", "orders.arazzo.yaml", "-i", "token=secret-token-1", "--server", server.url]
    to = [] if output is None else ["--output", output]
    each = [] if "--each" in options else ["--each", "rows.jsonl"]
    return [*common, *each, *to, *options]


def _outcomes(text: str | None = None) -> list[dict[str, Any]]:
    lines = (_OUT.read_text() if text is None else text).splitlines()
    return sorted(map(json.loads, lines), key=lambda each: int(each["row"]))


def _charges(server: RecordingServer) -> list[Any]:
    return [each.json["amount"] for each in server.requests if each.method == "POST"]


def test_each_row_is_run_and_told_in_a_line(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _rows(1, 2, 3)
    assert run_command(_command(server, "--batch-id", "june")) == 0
    first, *_ = outcomes = _outcomes()
    assert {name: value for name, value in first.items() if name not in {"tag", "elapsedMs"}} == {
        "row": 1,
        "line": 1,
        "runId": "june-1",
        "status": "succeeded",
        "outputs": {"receipt": "receipt-1"},
        "failedSteps": [],
        "reasons": [],
        "diagnostics": [],
    }
    assert [each["runId"] for each in outcomes] == ["june-1", "june-2", "june-3"]
    assert sorted(_charges(server)) == [1, 2, 3]
    told = capsys.readouterr()
    assert told.out == ""
    assert "batch june: 3 rows: 3 succeeded, in " in told.err
    assert [line.split()[:3] for line in told.err.splitlines()[2:]] == [["find", "3", "0"], ["charge", "3", "0"]]


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(
    "line", [b"", b"{}", b"garbage", b"\xff", b'{"row":"x","step":"a"}', b'{"batch":"x","workflow":"order","key":"zz"}']
)
def test_a_journal_that_cannot_be_read_sends_nothing(
    number: int, line: bytes, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/charges", Reply.close())
    _rows(1)
    assert run_command(_command(server)) == 5
    journal = Path("out.jsonl.journal")
    lines = journal.read_bytes().splitlines()
    lines[number] = line
    journal.write_bytes(b"".join(each + b"\n" for each in lines))
    _OUT.write_bytes(b"")
    server.requests.clear()
    assert run_command(_command(server)) == 2
    assert f"line {number + 1} of `out.jsonl.journal` says nothing that can be read" in capsys.readouterr().err
    assert server.requests == []


def test_a_row_that_fails_stops_no_other_and_can_be_run_again(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("rows.csv").write_text("item,amount\npen,1\nbook,2\n")
    assert run_command(_command(server, "--each", "rows.csv")) == 1
    failed, succeeded = _outcomes()
    assert failed["reasons"] == ["find: 404 is not 200"]
    assert f"  sent      GET {server.url}/items/pen" in failed["evidence"]
    assert failed["failedSteps"] == ["find"]
    assert succeeded["status"] == "succeeded"
    assert Path("out.failed.jsonl").read_text() == '{"item": "pen", "amount": 1}\n'
    told = capsys.readouterr().err
    assert "\n  row 1  find: 404 is not 200\n" in told
    again = "`--each out.failed.jsonl` with another `--output` runs them again"
    assert f"\nrows that failed: out.failed.jsonl; {again}\n" in told
    server.script("GET", "/items/pen", _FOUND)
    assert run_command(_command(server, "--each", "out.failed.jsonl", output="again.jsonl")) == 0
    assert _charges(server) == [2, 1]


def test_the_same_command_goes_on_with_the_rows_that_have_no_outcome(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/charges", _CHARGED, _DECLINED, _CHARGED)
    _rows(1, 2, 3)
    command = _command(server, "--concurrency", "1", "--fail-fast")
    assert run_command(command) == 1
    assert "no more rows were taken, because of those that did not succeed" in capsys.readouterr().err
    assert [each["status"] for each in _outcomes()] == ["succeeded", "failed"]
    assert run_command(command) == 1
    assert "3 rows: 2 succeeded, 1 failed (2 of them before)" in capsys.readouterr().err
    assert run_command(command) == 1
    assert _charges(server) == [1, 2, 3]
    assert [each["row"] for each in _outcomes()] == [1, 2, 3]
    assert Path("out.failed.jsonl").read_text() == '{"item": "book", "amount": 2}\n'


def test_a_last_line_that_is_torn_was_never_written(server: RecordingServer) -> None:
    _rows(1, 2, item="pen")
    assert run_command(_command(server, "--concurrency", "1")) == 1
    whole = _OUT.read_bytes()
    for cut in (10, 1):
        _OUT.write_bytes(whole[:-cut])
        assert run_command(_command(server)) == 1
        assert [each["row"] for each in _outcomes()] == [1, 2]
        # a line without its end alone is whole
        assert sum(each.path == "/items/pen" for each in server.requests) == 3
    assert _OUT.read_bytes().count(b"\n") == 2


def test_a_request_in_doubt_is_never_sent_again(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.script("POST", "/charges", Reply.close(), _CHARGED)
    _rows(1, 2)
    assert run_command(_command(server, "--concurrency", "1")) == 5
    assert run_command(_command(server, "--concurrency", "1")) == 5
    assert _charges(server) == [1, 2]
    assert [each["status"] for each in _outcomes()] == ["in-doubt", "succeeded"]
    assert Path("out.in-doubt.jsonl").read_text() == '{"item": "book", "amount": 1}\n'
    assert not Path("out.failed.jsonl").exists()
    assert "2 rows: 1 succeeded, 1 in doubt" in capsys.readouterr().err


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "arazzo_engine", *command],
        env={**os.environ, "PYTHONPATH": str(places.ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def test_a_row_that_was_sent_by_a_process_that_was_killed_is_in_doubt(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    arrived, never = threading.Event(), threading.Event()
    server.script("POST", "/charges", _CHARGED, _CHARGED.telling(arrived).after(never), _CHARGED)
    _rows(1, 2, 3)
    command = _command(server, "--concurrency", "1")
    started = _started(command)
    assert arrived.wait(60)
    started.send_signal(signal.SIGKILL)
    started.communicate()
    never.set()
    assert run_command(command) == 5
    assert _charges(server) == [1, 2, 3]
    assert [each["status"] for each in _outcomes()] == ["succeeded", "in-doubt", "succeeded"]
    (doubt,) = _outcomes()[1]["diagnostics"]
    assert doubt["code"] == "request-in-doubt"
    assert doubt["message"] == (
        "row 2 was at step `charge` when its process ended, and nobody knows what became of the request"
    )
    assert "3 rows: 2 succeeded, 1 in doubt (1 of them before)" in capsys.readouterr().err
    assert run_command(command) == 5
    assert _charges(server) == [1, 2, 3]


def _interrupted(started: subprocess.Popen[bytes], arrived: threading.Event, released: threading.Event) -> bytes:
    """Interrupt a batch once a row is under way, let it finish, and return what it said then."""
    assert arrived.wait(60)
    started.send_signal(signal.SIGINT)
    assert started.stderr is not None
    assert started.stderr.readline().startswith(b"finishing the rows that are under way")
    released.set()
    _, told = started.communicate()
    assert started.returncode == 130
    return told


def test_an_interruption_finishes_the_rows_that_are_under_way(server: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    server.script("POST", "/charges", _CHARGED.telling(arrived).after(released))
    _rows(1, 2, 3)
    command = _command(server, "--concurrency", "1")
    told = _interrupted(_started(command), arrived, released)
    assert b"1 row: 1 succeeded" in told
    assert b"the same command goes on with the rows that have no outcome\n" in told
    assert run_command(command) == 0
    assert _charges(server) == [1, 2, 3]


_LEFT: Final = b"1 row was left in doubt: 1; find out what became of each before anything runs it again\n"


def _interrupted_twice(server: RecordingServer, command: list[str]) -> bytes:
    """Interrupt a batch of two rows twice when the first is under way, and return what it said then."""
    arrived, never = threading.Event(), threading.Event()
    server.script("POST", "/charges", _CHARGED.telling(arrived).after(never))
    _rows(1, 2)
    started = _started(command)
    assert arrived.wait(60)
    started.send_signal(signal.SIGINT)
    assert started.stderr is not None
    assert started.stderr.readline().startswith(b"finishing the rows that are under way")
    started.send_signal(signal.SIGINT)
    _, told = started.communicate()
    never.set()
    assert started.returncode == 5
    assert b"Traceback" not in told
    return told


def test_a_second_interruption_tells_what_is_in_doubt_though_nothing_is_kept(server: RecordingServer) -> None:
    told = _interrupted_twice(server, _command(server, "--concurrency", "1", output=None))
    assert told.endswith(_LEFT + b"without `--output`, the batch cannot go on where it was stopped\n")


def test_a_second_interruption_leaves_them_in_doubt(server: RecordingServer) -> None:
    command = _command(server, "--concurrency", "1")
    assert _LEFT in _interrupted_twice(server, command)
    assert run_command(command) == 5
    assert [each["status"] for each in _outcomes()] == ["in-doubt", "succeeded"]


def test_two_processes_are_never_at_one_batch(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _rows(1)
    example = CODES["batch-running"].example
    assert example is not None
    assert f"--output {_OUT}" == example.wrong
    with Path("out.jsonl.journal").open("a") as journal:
        fcntl.flock(journal, fcntl.LOCK_EX)
        assert run_command(_command(server)) == 2
        assert "error[batch-running]: another process is at the batch" in capsys.readouterr().err
        assert server.requests == []
        assert run_command(_command(server, output=example.right.removeprefix("--output "))) == 0


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ("rows", (), "row 1 is not the row whose outcome stands in `out.jsonl`"),
        ("outcomes", (), "line 1 of `out.jsonl` is no outcome of a row"),
        ("", ("--batch-id", "other"), "`out.jsonl` has the outcomes of batch `june`"),
    ],
)
def test_a_batch_goes_on_as_what_it_was_only(
    change: str,
    options: tuple[str, ...],
    message: str,
    server: RecordingServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _rows(1, 2)
    assert run_command(_command(server, "--batch-id", "june")) == 0
    if change == "rows":
        _rows(3, 2)
    if change == "outcomes":
        _OUT.write_text(_OUT.read_text().replace('"row"', '"rows"'))
    capsys.readouterr()
    assert run_command(_command(server, *options)) == 2
    assert f"error[batch-differs]: {message}" in capsys.readouterr().err
    assert len(_charges(server)) == 2


def test_more_rows_may_be_added_to_a_batch(server: RecordingServer) -> None:
    _rows(1)
    assert run_command(_command(server)) == 0
    _rows(1, 2)
    assert run_command(_command(server)) == 0
    assert _charges(server) == [1, 2]


def test_no_more_rows_are_taken_after_so_many_failures(server: RecordingServer) -> None:
    _rows(*range(1, 9), item="pen")
    assert run_command(_command(server, "--max-failures", "2", "--concurrency", "1")) == 1
    assert len(_outcomes()) == 2


def test_rows_of_a_stream_are_run_as_they_come(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '{"item": "book", "amount": 1}\n{"item": \n{"item": "book", "amount": "secret-token-1"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    command = _command(server, "--each", "-", "--failed-rows", "failed.jsonl", output=None)
    assert run_command(command) == 1
    told = capsys.readouterr()
    outcomes = _outcomes(told.out)
    codes = [[each["code"] for each in outcome["diagnostics"]] for outcome in outcomes]
    assert codes == [[], ["row-malformed"], ["input-invalid"]]
    at = outcomes[2]["diagnostics"][0]["location"]
    assert (at["uri"], at["line"], at["column"]) == ("<stdin>", 3, 29)
    assert "secret-token-1" not in told.out + told.err
    # what cannot be read cannot be run again
    assert Path("failed.jsonl").read_text().count("\n") == 1
    assert run_command([*command, "--check-rows"]) == 2
    assert "--check-rows` needs a file" in capsys.readouterr().err


def test_runs_may_be_named_by_an_input(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"item": "book", "amount": 1, "note": each} for each in ("a", "b", "a", "c c", 7)]
    Path("rows.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    command = _command(server, "--run-id-from", "note", "--batch-id", "june", "--no-check-rows")
    assert run_command(command) == 1
    outcomes = _outcomes()
    assert [each["runId"] for each in outcomes] == ["june-a", "june-b", "", "", "june-7"]
    messages = [each["diagnostics"][0]["message"] for each in outcomes[2:4]]
    assert messages[0] == "row 3 has the same `note` as row 1, and it names the run"
    assert messages[1] == "row 4 has no `note` that could name its run"
    capsys.readouterr()
    assert run_command([*command[:-1], "--output", "checked.jsonl"]) == 2
    told = capsys.readouterr().err
    assert "3 of 5 rows cannot be run, and nothing was sent;\n" in told
    assert "run the others with `--no-check-rows`\n\n" in told


def test_what_a_row_says_wins_over_what_all_have_in_common(server: RecordingServer) -> None:
    Path("rows.jsonl").write_text('{"amount": 1}\n{"amount": 2, "item": "pen"}\n')
    run_command(_command(server, "-i", "item=book"))
    assert [each["status"] for each in _outcomes()] == ["succeeded", "failed"]


def test_no_secret_shows_anywhere(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.script("POST", "/charges", _DECLINED)
    Path("rows.jsonl").write_text(
        '{"item": "book", "amount": 1, "token": "secret-token-9", "note": "secret-token-9"}\n'
    )
    server.script("GET", "/items/book", Reply(200, body={"id": "secret-token-9"}))
    assert run_command(_command(server)) == 1
    told = capsys.readouterr()
    kept = _OUT.read_text() + Path("out.jsonl.journal").read_text()
    assert "secret-token" not in told.out + told.err + kept
    # the rows that can be run again must have them, for their user alone
    for path in ("out.failed.jsonl", "out.jsonl", "out.jsonl.journal"):
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


def test_rows_are_never_read_from_where_they_would_be_written(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _rows(1)
    Path("rows.jsonl").rename("out.failed.jsonl")
    assert run_command(_command(server, "--each", "out.failed.jsonl")) == 2
    assert "would be written over `--each`: `out.failed.jsonl`" in capsys.readouterr().err
    assert server.requests == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--failed-rows", "rows.jsonl"), "`--failed-rows` would be written over `--each`"),
        (("--failed-rows", "out.jsonl"), "`--failed-rows` would be written over `--output`"),
        (("--failed-rows", "out.jsonl.journal"), "`--failed-rows` would be written over the journal of `--output`"),
        (("--failed-rows", "orders.arazzo.yaml"), "`--failed-rows` would be written over the document"),
        (("--failed-rows", "./out.in-doubt.jsonl"), "would be written over"),
        (("--summary", "rows.jsonl"), "`--summary` would be written over `--each`"),
        (("--summary", "out.jsonl"), "`--summary` would be written over `--output`"),
        (("--summary", "failed", "--failed-rows", "failed"), "`--summary` would be written over `--failed-rows`"),
        (("--output", "rows.jsonl"), "`--output` would be written over `--each`"),
        (("--failed-rows", ""), "`--failed-rows` cannot be written: Is a directory"),
        (("--failed-rows", "no/such/folder"), "`--failed-rows` cannot be written: No such file or directory"),
        (("--summary", "."), "`--summary` cannot be written: Is a directory"),
        (("--output", "/dev/full"), "`--output` names no file that a batch could go on with: /dev/full"),
        (("--output", "."), "`--output` names no file that a batch could go on with: ."),
    ],
)
def test_files_that_cannot_be_written_or_have_something_else_are_told_before_anything_is_sent(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], problem: str
) -> None:
    _rows(1)
    rows = Path("rows.jsonl").read_text()
    assert run_command(_command(server, *options)) == 2
    assert problem in capsys.readouterr().err
    assert server.requests == []
    assert Path("rows.jsonl").read_text() == rows
    assert Path("orders.arazzo.yaml").is_file()


def test_the_summary_is_written_as_json(server: RecordingServer) -> None:
    _rows(1, 2)
    assert run_command(_command(server, "--summary", "summary.json")) == 0
    summary = json.loads(Path("summary.json").read_text())
    assert summary["byStatus"] == {"succeeded": 2, "failed": 0, "stopped": 0, "in-doubt": 0}
    assert [(each["stepId"], each["attempts"], each["failed"]) for each in summary["steps"]] == [
        ("find", 2, 0),
        ("charge", 2, 0),
    ]
    assert all(0 < each["p50Ms"] <= each["p99Ms"] <= each["maxMs"] for each in summary["steps"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_summary_that_could_not_be_written_is_told(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _rows(1)
    assert run_command(_command(server, "--summary", "/dev/full")) == 74
    assert "the summary could not be written: No space left on device" in capsys.readouterr().err


def test_a_batch_ends_when_an_outcome_cannot_be_kept(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _rows(1, 2, 3)
    full = OSError(28, "No space left on device")

    def lose(*_: object) -> None:
        raise full

    monkeypatch.setattr("arazzo_engine.world.batches.journal.Journal.write", lose)
    # as far as anybody will know, the row is in doubt
    assert run_command(_command(server, "--concurrency", "1")) == 5
    told = capsys.readouterr().err
    assert "outcomes that could not be written (No space left on device):\n" in told
    assert '"row":1' in told
    assert _charges(server) == [1]


def test_nothing_is_sent_that_cannot_be_noted(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    _rows(1)

    def lose(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("arazzo_engine.world.batches.journal.Journal.note", lose)
    assert run_command(_command(server)) == 4
    assert _charges(server) == []
    (outcome,) = _outcomes()
    assert [each["code"] for each in outcome["diagnostics"]] == ["result-unwritten"]


def test_usage_that_contradicts_itself_is_refused(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _rows(1)
    assert run_command(_command(server, "--fail-fast", "--max-failures", "2")) == 2
    assert run_command(_command(server, "--batch-id", "a b")) == 2
    assert run_command(_command(server, "--concurrency", "0")) == 2
    assert server.requests == []
    capsys.readouterr()


@pytest.mark.parametrize(
    ("columns", "locale", "bar"),
    [
        (100, "C.UTF-8", "━{8}─{16} "),
        (72, "C.UTF-8", "━+─+ "),
        (100, "C", "#{8}-{16} "),
        (40, "C.UTF-8", ""),
    ],
)
def test_a_terminal_shows_how_far_it_is(server: RecordingServer, columns: int, locale: str, bar: str) -> None:
    arrived, released = threading.Event(), threading.Event()
    server.script("POST", "/charges", _CHARGED, _CHARGED.telling(arrived).after(released))
    _rows(1, 2, 3)
    terminal = Terminal(_command(server, "--concurrency", "1"), (columns, 24), {"LC_ALL": locale})
    assert arrived.wait(60)
    line = re.compile(rf"\r{bar}1 of 3 done, 0 failed, 0 in doubt")
    painted = re.sub(r"\x1b\[[KJ]", "", terminal.until(lambda shown: line.search(shown) is not None))
    assert all(width_of(each) < columns for each in painted.split("\r"))
    released.set()
    shown = terminal.shown()
    assert terminal.process.returncode == 0
    # the bar is gone when the batch is over
    assert shown.startswith("batch ")
    assert ": 3 rows: 3 succeeded" in " ".join(shown.split())
    # the columns that say least give way
    percentiles = "" if columns == 40 else "p50 ms    p90 ms    p99 ms    "
    heads = f"attempts    failed    {percentiles}max ms"
    assert f"  step    {heads}\n" in shown


def test_several_processes_share_the_rows(server: RecordingServer) -> None:
    _rows(*range(1, 13))
    command = _command(server, "--processes", "3", "--summary", "summary.json")
    started = _started(command)
    _, told = started.communicate()
    assert started.returncode == 0
    assert b"12 rows: 12 succeeded" in told
    assert sorted(_charges(server)) == list(range(1, 13))
    assert [each["row"] for each in _outcomes()] == list(range(1, 13))
    steps = json.loads(Path("summary.json").read_text())["steps"]
    assert {each["stepId"]: each["attempts"] for each in steps} == {"find": 12, "charge": 12}
    assert run_command(_command(server)) == 0
    assert len(_charges(server)) == 12


def test_one_interruption_is_one_to_each_process(server: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    server.script("POST", "/charges", _CHARGED, _CHARGED.telling(arrived).after(released))
    _rows(*range(1, 9))
    told = _interrupted(_started(_command(server, "--processes", "2", "--concurrency", "2")), arrived, released)
    assert b"Traceback" not in told
    done = len(_outcomes())
    assert done < 8
    assert all(each["status"] == "succeeded" for each in _outcomes())
    assert run_command(_command(server)) == 0
    assert sorted(_charges(server)) == list(range(1, 9))


def test_failures_of_several_processes_are_counted_together(server: RecordingServer) -> None:
    _rows(*range(1, 101), item="pen")
    started = _started(_command(server, "--processes", "2", "--fail-fast", "--concurrency", "2"))
    _, told = started.communicate()
    assert started.returncode == 1
    assert b"no more rows were taken" in told
    assert len(_outcomes()) < 100


@pytest.mark.skipif(not _CHILDREN.exists(), reason="only Linux says which processes a process has started")
def test_a_process_that_is_killed_leaves_its_row_in_doubt(server: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    server.script("POST", "/charges", _CHARGED.telling(arrived).after(released))
    _rows(1, 2)
    started = _started(_command(server, "--processes", "2", "--concurrency", "2"))
    assert arrived.wait(60)
    (first, *_) = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
    os.kill(int(first), signal.SIGKILL)
    released.set()
    _, told = started.communicate()
    assert started.returncode == 5
    assert b"a process of the batch was ended by signal 9" in told
    assert run_command(_command(server)) in {0, 5}
    assert {each["row"] for each in _outcomes()} == {1, 2}
    assert sorted(_charges(server)) in ([1], [2], [1, 2])


@pytest.mark.parametrize(
    ("options", "output", "reason"),
    [
        ((), None, "needs `--output`, where all of them write"),
        (("--each", "-"), "out.jsonl", "needs a file of rows, which each of them reads"),
        (("--durable",), "out.jsonl", "excludes `--durable`"),
    ],
)
def test_what_several_processes_cannot_share_is_refused(
    options: tuple[str, ...],
    output: str | None,
    reason: str,
    server: RecordingServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _rows(1)
    assert run_command(_command(server, "--processes", "2", *options, output=output)) == 2
    assert f"`--processes` {reason}" in capsys.readouterr().err


def test_rows_that_are_not_there_are_told_alone(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--check-rows", "--no-check-rows"):
        assert run_command(_command(server, "--each", "nowhere.csv", option)) == 2
        assert capsys.readouterr().err.startswith("error[rows-unreadable]: the rows cannot be read: nowhere.csv")


def test_what_a_row_lacks_is_told_where_the_row_stands(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("rows.csv").write_text("item,amount\nbook,1\nbook,\npen,3\n")
    Path("common.json").write_text('{"note": "for all"}')
    assert run_command(_command(server, "--each", "rows.csv", "--inputs", "common.json")) == 2
    told = capsys.readouterr().err
    assert "--> rows.csv:3" in told
    assert "give it in the row, or to all rows with `-i amount=…`" in told
    assert server.requests == []


def test_a_row_of_a_number_that_no_file_has_costs_no_memory(server: RecordingServer) -> None:
    _rows(1, 2)
    assert run_command(_command(server)) == 0
    far = json.loads(_OUT.read_text().splitlines()[0]) | {"row": 999_999_999}
    with _OUT.open("a") as file:
        file.write(f"{json.dumps(far)}\n")
    tracemalloc.start()
    assert run_command(_command(server, "--report", "junit=rows.xml")) == 0
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50_000_000
    assert len(server.requests) == 4
