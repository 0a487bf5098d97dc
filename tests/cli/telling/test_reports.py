"""`--report KIND=FILE`: every kind can be read by what reads such files, holds no secret, and is refused in time."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import junitparser
import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.reporting.kinds.table import KINDS

if TYPE_CHECKING:
    from loopback import RecordingServer

_SECRET: Final = "secret-token-1"
_BROWSER: Final = shutil.which("chromium") or shutil.which("google-chrome")
_HOSTILE: Final = "</script><script>alert(1)</script><img src=x onerror=alert(1)> `|*_ \x1b[2J"


@pytest.fixture(autouse=True)
def _documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("orders.arazzo.yaml", "shop-api.yaml", "inputs.yaml"):
        shutil.copy(places.SHOP / name, tmp_path)
    monkeypatch.chdir(tmp_path)


def _run(server: RecordingServer, *options: str, charges: tuple[Reply, ...] = ()) -> int:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", *(charges or (Reply(201, body={"receipt": "receipt-1"}),)))
    return run_command(["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url, *options])


def _every_kind() -> list[str]:
    return [part for kind in KINDS for part in ("--report", f"{kind}=reports/{kind}")]


def _written() -> dict[str, str]:
    return {kind: Path("reports", kind).read_text() for kind in KINDS}


_DECLINED: Final = (Reply(503, body={}), Reply(402, body={"error": _HOSTILE, "for": _SECRET}))


def test_every_kind_is_written_at_once_and_none_holds_a_secret(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, *_every_kind(), charges=_DECLINED) == 1
    assert _SECRET in dict(server.requests[1].headers)["Authorization"]
    texts = _written()
    encoded = base64.b64encode(_SECRET.encode()).decode().rstrip("=")
    for kind, text in texts.items():
        assert text, kind
        assert _SECRET not in text, kind
        assert encoded not in text, kind
        assert "\x1b" not in text, kind
    assert json.loads(texts["json"])["status"] == "failed"
    assert re.search(r"Order a thing · orders\.arazzo\.yaml · 2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d UTC", texts["html"])
    events = [json.loads(line)["event"] for line in texts["jsonl"].splitlines()]
    assert (events[0], events[-1]) == ("run-started", "run-finished")
    at = "file=orders.arazzo.yaml,line=44,col=18"
    annotation = f"::error {at},title=arazzo%3A order::order failed at charge: 402 is not 201"
    assert annotation in capsys.readouterr().err


def test_a_test_report_has_a_suite_for_a_workflow_and_a_case_for_a_step(server: RecordingServer) -> None:
    _run(server, "--report", "junit=report.xml", charges=_DECLINED)
    (suite,) = junitparser.JUnitXml.fromfile("report.xml")
    assert (suite.name, suite.tests, suite.failures, suite.errors) == ("order", 2, 1, 0)
    find, charge = list(suite)
    assert (find.name, find.is_passed) == ("find", True)
    assert charge.result[0].message == "402 is not 201"
    assert "2 attempts" in charge.result[0].text


def test_a_test_report_has_a_case_for_each_step_whether_a_run_came_to_it_or_not(server: RecordingServer) -> None:
    assert _run(server, "--report", "junit=report.xml", "--server", "http://127.0.0.1:9") == 1
    (suite,) = junitparser.JUnitXml.fromfile("report.xml")
    assert [(case.name, case.is_skipped) for case in suite] == [("find", False), ("charge", True)]
    assert str(suite.timestamp).startswith("20")
    assert Path("report.xml").read_text().count("\n") > 8


def test_a_test_report_says_where_the_value_was_lost_that_a_step_needs(server: RecordingServer) -> None:
    server.script("GET", "/items/book", Reply(200, body={"price": 3.5}))
    command = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url]
    assert run_command([*command, "--report", "junit=report.xml"]) == 1
    (suite,) = junitparser.JUnitXml.fromfile("report.xml")
    _, charge = list(suite)
    assert "lost      in find: output `id` is absent: `$response.body#/id` names nothing" in charge.result[0].text


def test_a_test_report_does_not_call_sent_what_never_left() -> None:
    command = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", "http://127.0.0.1:9"]
    assert run_command([*command, "--report", "junit=report.xml"]) == 1
    (suite,) = junitparser.JUnitXml.fromfile("report.xml")
    (find, *_) = list(suite)
    assert "not sent  GET http://127.0.0.1:9/items/book" in find.result[0].text


@pytest.mark.parametrize(
    ("charges", "options", "errors"),
    [((Reply.close(),), (), 1), ((), ("--max-steps", "1"), 1), ((), (), 0)],
    ids=["in doubt", "stopped", "succeeded"],
)
def test_a_run_that_did_not_end_by_itself_is_an_error_in_a_test_report(
    charges: tuple[Reply, ...], options: tuple[str, ...], errors: int, server: RecordingServer
) -> None:
    _run(server, "--report", "junit=report.xml", *options, charges=charges)
    (suite,) = junitparser.JUnitXml.fromfile("report.xml")
    assert suite.errors == errors


def test_a_request_in_doubt_is_one_error_at_its_step(server: RecordingServer) -> None:
    assert _run(server, "--report", "junit=report.xml", charges=(Reply.close(),)) == 5
    (suite,) = junitparser.JUnitXml.fromfile("report.xml")
    assert (suite.tests, suite.failures, suite.errors) == (2, 0, 1)
    (error,) = list(suite)[1].result
    assert error.type == "request-in-doubt"
    assert "= fix: " in error.text


# HAR 1.2: the members that each object must have
_MUST: Final = {
    "log": {"version", "creator", "entries"},
    "creator": {"name", "version"},
    "entries": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
    "response": {
        *("status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL"),
        *("headersSize", "bodySize"),
    },
    "content": {"size", "mimeType"},
    "postData": {"mimeType"},
    "timings": {"send", "wait", "receive"},
    "headers": {"name", "value"},
    "queryString": {"name", "value"},
}


def _check_archive(name: str, value: Any) -> None:
    if isinstance(value, list):
        for each in value:
            _check_archive(name, each)
    elif isinstance(value, dict):
        assert _MUST.get(name, set()) <= value.keys(), name
        for member, each in value.items():
            _check_archive(member, each)


def test_an_archive_has_every_exchange_with_its_time(server: RecordingServer) -> None:
    answers = (Reply(503, body={}), Reply(201, (("Content-Type", "image/png"),), b"\x89PNG\xff"))
    _run(server, "--report", "har=run.har", charges=answers)
    archive = json.loads(Path("run.har").read_text())
    _check_archive("", archive)
    log = archive["log"]
    assert log["version"] == "1.2"
    assert [each["response"]["status"] for each in log["entries"]] == [200, 503, 201]
    entry = log["entries"][2]
    assert entry["comment"] == "order.charge, attempt 2"
    assert entry["timings"]["wait"] == entry["time"] > 0
    assert base64.b64decode(entry["response"]["content"]["text"]) == b"\x89PNG\xff"
    assert json.loads(entry["request"]["postData"]["text"])["item"] == "item-1"
    assert {"name": "Authorization", "value": "***"} in entry["request"]["headers"]


def test_an_archive_says_why_there_was_no_answer(server: RecordingServer) -> None:
    _run(server, "--report", "har=run.har", charges=(Reply.close(),))
    last = json.loads(Path("run.har").read_text())["log"]["entries"][-1]["response"]
    assert last["status"] == 0
    assert "broke off the exchange" in last["comment"]


def test_markup_of_a_server_is_none_in_a_report(server: RecordingServer) -> None:
    _run(server, *_every_kind(), charges=_DECLINED)
    texts = _written()
    assert re.findall(r"<script", texts["html"]) == ["<script"]
    assert "<img" not in texts["html"]
    assert "http-equiv" in texts["html"]
    # what the fences of Markdown hold is no markup
    outside = re.sub(r"(`{3,})text\n.*?\n\1\n", "", texts["markdown"], flags=re.DOTALL)
    assert "<" not in outside
    assert texts["github"] == texts["markdown"]


@pytest.mark.skipif(_BROWSER is None, reason="there is no browser")
def test_a_browser_shows_the_page_and_runs_only_the_search(server: RecordingServer, tmp_path: Path) -> None:
    _run(server, "--report", "html=run.html", charges=_DECLINED)
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", f"--user-data-dir={tmp_path / 'profile'}"]
    command = [str(_BROWSER), *options, (tmp_path / "run.html").as_uri()]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    # the script has shown the field that it needs, which the page alone does not
    assert '<p class="found"><input id="search"' in shown
    assert "<img" not in shown
    assert shown.count('<details class="visit"') == 2
    assert 'class="taken bad" href="#step-order-charge"' in shown


def test_a_summary_is_added_to_what_is_there(server: RecordingServer) -> None:
    Path("summary.md").write_text("before\n")
    Path("report.md").write_text("before\n")
    _run(server, "--report", "github=summary.md", "--report", "markdown=report.md")
    assert Path("summary.md").read_text().startswith("before\n## ✓ order: succeeded\n")
    assert Path("report.md").read_text().startswith("## ✓ order: succeeded\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--report", "junit"], "`--report` needs the form KIND=FILE"),
        (["--report", "=x"], "knows no kind ``"),
        (["--report", "junti=x"], "did you mean `junit`?"),
        (["--report", "pdf=x"], "there are json, jsonl, junit, har, html, markdown, github"),
        (["--report", "json=x", "--report", "html=./x"], "`--report` and `--report` write to the same file: ./x"),
        (["--report", "json=x", "--output", "x"], "`--report` and `--output` write to the same file: x"),
        (["--report", "json=inputs.yaml/x"], "`--report json=…` cannot be written: "),
        (["--report", "html=."], "`--report html=…` cannot be written: Is a directory"),
        (["--report", "html=x", "--dry-run"], "`--report` and `--dry-run` exclude each other"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_sent(
    options: list[str], said: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, *options) == 2
    assert said in capsys.readouterr().err
    assert server.requests == []


def test_nothing_is_left_behind_when_nothing_was_run(server: RecordingServer) -> None:
    assert _run(server, "--report", "json=new.json", "-i", "amount=-1") == 2
    assert not Path("new.json").exists()


def test_the_report_of_an_earlier_run_is_not_taken_for_one_of_a_run_that_was_refused(server: RecordingServer) -> None:
    Path("old.xml").write_text('<testsuites failures="0"/>')
    Path("summary.md").write_text("what another step of the job wrote\n")
    told = ["--report", "junit=old.xml", "--report", "github=summary.md"]
    assert _run(server, *told, "-i", "amount=-1") == 2
    assert Path("old.xml").read_text() == ""
    assert Path("summary.md").read_text() == "what another step of the job wrote\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
def test_a_report_that_is_lost_is_told_at_the_end(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(server, "--report", "json=/dev/full", "--report", "html=run.html") == 74
    assert "could not be written to a file of `--report`: no space left on device" in capsys.readouterr().err
    assert len(server.requests) == 2
    assert Path("run.html").read_text().startswith("<!doctype html>")


def test_several_runs_are_in_one_report(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = ["--report", "json=r.json", "--report", "junit=r.xml", "--report", "html=r.html"]
    trip = str(places.ROOT / "specs" / "travel" / "arazzo" / "travel-book-trip-workflow.yml")
    assert run_command(["rehearse", trip, "--all", *kinds]) == 0
    capsys.readouterr()
    count = len(json.loads(Path("r.json").read_text())["runs"])
    assert Path("r.html").read_text().count('<section class="run">') == count >= 1


@pytest.mark.parametrize("command", ["rehearse", "run"])
def test_the_reports_of_a_rehearsal_say_that_it_is_none_of_a_run(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    said = "Rehearsed: nothing was sent, and the answers were made up"
    forms = ("junit", "html", "markdown", "github")
    options = [*(part for form in forms for part in ("--report", f"{form}=r.{form}")), "--format", "json"]
    rehearsal = ["rehearse", "orders.arazzo.yaml", "--inputs", "inputs.yaml", *options]
    assert (_run(server, *options) if command == "run" else run_command(rehearsal)) == 0
    is_rehearsal = command == "rehearse"
    assert {form: said in Path(f"r.{form}").read_text() for form in forms} == dict.fromkeys(forms, is_rehearsal)
    assert f'<testsuites name="arazzo {command}" ' in Path("r.junit").read_text()
    assert json.loads(capsys.readouterr().out).get("rehearsed", False) is is_rehearsal


def test_a_run_that_was_kept_has_its_reports_afterwards_too(
    server: RecordingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARAZZO_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert _run(server, "--durable", "--run-id", "r1", "--report", "har=one.har") == 0
    assert run_command(["runs", "show", "r1", "--report", "har=two.har"]) == 0
    one, two = (json.loads(Path(name).read_text())["log"]["entries"] for name in ("one.har", "two.har"))
    assert [each["request"] for each in one] == [each["request"] for each in two]
    assert [each["time"] for each in one] == [each["time"] for each in two]
    assert len(server.requests) == len(one) == 2
