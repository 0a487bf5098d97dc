"""The test report of a batch: a case for each row, with its values and without secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import RecordingServer

_ROWS: Final = (
    {"item": "book", "amount": 1, "token": "secret-token-9", "note": "a <b> & \x01 secret-token-9"},
    {"item": "pen", "amount": 2, "note": 'two "lines"\nand\ta tab'},
    {"item": "book", "amount": 3},
)


@pytest.fixture(autouse=True)
def _rows(shop: RecordingServer) -> None:
    shop.script("GET", "/items/pen", Reply(404))
    _write(_ROWS)


def _write(rows: tuple[dict[str, object], ...]) -> None:
    Path("rows.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in rows))


def _run(server: RecordingServer, *options: str, output: tuple[str, ...] = ("--output", "out.jsonl")) -> int:
    common = ["batch", "orders.arazzo.yaml", "-i", "token=secret-token-1", "--server", server.url]
    return run_command([*common, "--each", "rows.jsonl", *output, *options])


def _suite() -> ET.Element:
    suite = ET.parse("rows.xml").getroot().find("testsuite")
    assert suite is not None
    return suite


def test_each_row_is_a_case_with_its_values(server: RecordingServer) -> None:
    assert _run(server, "--report", "junit=rows.xml", "--batch-id", "june") == 1
    suite = _suite()
    assert {key: suite.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "0",
    }
    assert [(each.get("classname"), each.get("name")) for each in suite.findall("testcase")] == [
        ("order", "row 1"),
        ("order", "row 2"),
        ("order", "row 3"),
    ]
    first, second, _ = ({each.get("name"): each.get("value") for each in case.iter("property")} for case in suite)
    assert first["item"] == "book"
    assert first["amount"] == "1"
    assert first["run"] == "june-1"
    assert second == {"run": "june-2", "item": "pen", "amount": "2", "note": 'two "lines"\nand\ta tab'}
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "find: 404 is not 200"
    assert failure.text is not None
    assert failure.text.startswith("find: 404 is not 200\n")
    assert f"  sent      GET {server.url}/items/pen\n" in failure.text
    assert "  answered  404 Not Found" in failure.text


def test_no_secret_of_any_row_is_in_it(server: RecordingServer) -> None:
    _run(server, "--report", "junit=rows.xml")
    assert "secret-token" not in Path("rows.xml").read_text()


def test_it_holds_the_rows_of_earlier_times_too(server: RecordingServer) -> None:
    _write(_ROWS[:1])
    assert _run(server, "--batch-id", "june") == 0
    _write(_ROWS)
    assert _run(server, "--batch-id", "june", "--report", "junit=rows.xml") == 1
    suite = _suite()
    assert suite.get("tests") == str(len(suite.findall("testcase"))) == "3"


def test_a_row_that_is_in_doubt_is_an_error(server: RecordingServer) -> None:
    server.script("POST", "/charges", Reply.close())
    _write(_ROWS[2:])
    assert _run(server, "--report", "junit=rows.xml") != 0
    (error,) = _suite().iter("error")
    assert error.get("type") == "in-doubt"
    assert error.text is not None
    assert "\nerror[request-in-doubt]: step `charge` sent POST " in error.text
    assert "\n  fix: find out whether it happened before anything sends it again" in error.text


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ("html=rows.html", "--report of a batch is junit=FILE"),
        ("junit=", "--report of a batch is junit=FILE"),
        ("junit=rows.jsonl", "--report names a file that the batch needs for itself"),
        ("junit=out.jsonl", "--report names a file that the batch needs for itself"),
        ("junit=./out.failed.jsonl", "--report names a file that the batch needs for itself"),
        ("junit=folder/../rows.jsonl", "--report names a file that the batch needs for itself"),
        ("junit=link.xml", "--report names a file that the batch needs for itself"),
        ("junit=nowhere/rows.xml", "`--report` cannot be written: No such file or directory"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_the_first_request(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], report: str, told: str
) -> None:
    rows = Path("rows.jsonl").read_text()
    Path("folder").mkdir()
    Path("link.xml").symlink_to("rows.jsonl")
    assert _run(server, "--report", report) == 2
    assert told in capsys.readouterr().err
    assert server.requests == []
    assert Path("rows.jsonl").read_text() == rows


def test_the_report_of_an_earlier_batch_is_not_taken_for_one_that_was_refused(server: RecordingServer) -> None:
    Path("rows.xml").write_text('<testsuites failures="0"/>')
    _write(({"item": "book"},))
    assert _run(server, "--report", "junit=rows.xml") == 2
    assert Path("rows.xml").read_text() == ""


def test_it_is_made_of_the_outcomes_that_are_written(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(server, "--report", "junit=rows.xml", output=()) == 2
    assert "--report needs --output: it is made of the outcomes" in capsys.readouterr().err
    assert not Path("rows.xml").exists()
