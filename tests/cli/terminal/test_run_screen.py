"""The run screen in a real pseudo-terminal, as a whole: every width, every kind of terminal, meanwhile and after.

`UPDATE_GOLDEN=1` writes the screens anew; look at each of them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from loopback import Reply
from pseudo_terminal import Screen, Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from loopback import RecordingServer

_SCREENS: Final = places.GOLDEN / "screens"
_TRIP: Final = (
    *("rehearse", "specs/travel/arazzo/travel-book-trip-workflow.yml", "--workflow", "book-trip"),
    *("--inputs", "specs/travel/inputs.example.json"),
)
_FAILING: Final = (*_TRIP, "--fail", "announceArrival=503")
_EXPORT: Final = (
    *("rehearse", "specs/reports/arazzo/reports-export-workflow.yml", "--inputs", "specs/reports/inputs.example.json"),
)
_INFO: Final = {"title": "An API", "version": "1"}
_MARKS: Final = "✓✗▸·…│→"
_COLOUR: Final = re.compile(r"\x1b\[[0-9]+m")
# ECMA-48: what moves the cursor or erases
_PAINTED: Final = re.compile(r"\x1b\[[0-9]*[AKJ]")


def _without_times(text: str) -> str:
    """Return a screen with the same times in it, wherever it was made."""

    def same(found: re.Match[str]) -> str:
        return f"{'0 ms':>{len(found[0])}}" if found[0][:2] == "  " else " 0 ms"

    return re.sub(r" +\d+ ms\b", same, text)


def _compare(name: str, text: str) -> None:
    golden = _SCREENS / f"{name}.txt"
    text = _without_times(text)
    if "UPDATE_GOLDEN" in os.environ:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [30, 45, 60, 100, 200])
def test_a_run_that_failed_fits_the_terminal(columns: int) -> None:
    terminal = Terminal(_FAILING, (columns, 24), cwd=places.ROOT)
    shown = terminal.shown()
    _compare(f"failed-{columns}", shown)
    assert all(len(line) <= columns for line in shown.splitlines())


@pytest.mark.parametrize("columns", [30, 80, 120])
def test_a_run_that_succeeded_fits_the_terminal(columns: int) -> None:
    _compare(f"succeeded-{columns}", Terminal(_TRIP, (columns, 24), cwd=places.ROOT).shown())


def test_a_poll_is_one_line_and_nothing_of_it_is_red() -> None:
    terminal = Terminal(_EXPORT, (100, 24), cwd=places.ROOT)
    _compare("poll", terminal.shown())
    assert "\x1b[31m" not in terminal.text
    assert "\x1b[32m" in terminal.text


def test_exchanges_stand_between_the_lines_of_the_table() -> None:
    _compare("exchanges", Terminal((*_EXPORT, "-vv", "--curl"), (100, 24), cwd=places.ROOT).shown())


def _document(title: str, workflow: dict[str, Any]) -> dict[str, Any]:
    source = {"name": "orders", "url": "api.json", "type": "openapi"}
    info = {"title": title, "version": "1"}
    return {"arazzo": "1.0.1", "info": info, "sourceDescriptions": [source], "workflows": [workflow]}


def _many(folder: Path, count: int) -> None:
    outputs = {"n": "$response.body#/n"}
    steps = [{"stepId": f"step{index}", "operationId": "one", "outputs": outputs} for index in range(count)]
    document = _document("Many", {"workflowId": "many", "steps": steps})
    content = {"application/json": {"example": {"n": 1}}}
    answer = {"200": {"description": "ok", "content": content}}
    api = {
        "openapi": "3.1.0", "info": _INFO, "servers": [{"url": "https://many.example.com"}],
        "paths": {"/one": {"get": {"operationId": "one", "responses": answer}}},
    }  # fmt: skip
    (folder / "many.json").write_text(json.dumps(document))
    (folder / "api.json").write_text(json.dumps(api))


def test_many_steps_show_progress_and_do_not_scroll(tmp_path: Path) -> None:
    _many(tmp_path, 200)
    shown = Terminal(["rehearse", "many.json"], (80, 16), cwd=tmp_path).shown()
    _compare("many", re.sub(r"\d+ ms", "0 ms", shown))
    assert len(shown.splitlines()) < 20


def _piped(arguments: Sequence[str], given: dict[str, str] | None = None) -> tuple[str, str]:
    environment = {name: value for name, value in os.environ.items() if "COLOR" not in name and name != "LC_ALL"}
    done = subprocess.run(
        [sys.executable, "-m", "arazzo_engine", *arguments],
        capture_output=True, cwd=places.ROOT, env={**environment, **(given or {})}, check=False,
    )  # fmt: skip
    return done.stdout.decode("latin-1" if given and "latin" in str(given) else "utf-8"), done.stderr.decode()


def test_a_pipe_gets_the_same_columns_each_line_once_and_nothing_else() -> None:
    out, err = _piped(_FAILING)
    _compare("pipe", err)
    assert out == ""
    assert "\x1b" not in err
    assert "\r" not in err


_WITHOUT_MARKS: Final = [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}]


@pytest.mark.parametrize("given", _WITHOUT_MARKS, ids=str)
def test_where_only_ascii_can_be_shown_marks_are_ascii(given: dict[str, str]) -> None:
    _, err = _piped(_FAILING, given)
    assert err.isascii()
    assert not [each for each in _MARKS if each in err or ascii(each)[1:-1] in err]
    _compare("ascii", err)


def test_a_terminal_that_shows_only_ascii_is_painted_in_ascii() -> None:
    terminal = Terminal(_EXPORT, (100, 24), {"LC_ALL": "C"}, cwd=places.ROOT)
    assert "+ startExport" in terminal.shown()
    assert terminal.text.isascii()


def test_a_dumb_terminal_gets_what_a_pipe_gets() -> None:
    terminal = Terminal(_FAILING, (500, 24), {"TERM": "dumb"}, cwd=places.ROOT)
    terminal.end()
    assert "\x1b" not in terminal.text
    assert _without_times(terminal.text.replace("\r\n", "\n")) == (_SCREENS / "pipe.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "options", "is_coloured"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "0"}, [], False),
        ({"CLICOLOR_FORCE": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
        ({"FORCE_COLOR": "1"}, ["--color", "auto"], True),
    ],
    ids=str,
)
def test_a_pipe_is_coloured_only_when_that_is_asked_for(
    given: dict[str, str], options: list[str], is_coloured: bool
) -> None:
    _, err = _piped((*_EXPORT, *options), given)
    assert bool(_COLOUR.search(err)) is is_coloured
    assert not _PAINTED.search(err)


@pytest.mark.parametrize("given", [{"NO_COLOR": "1"}, {"CLICOLOR": "0"}], ids=str)
def test_a_terminal_without_colours_is_painted_all_the_same(given: dict[str, str]) -> None:
    terminal = Terminal(_EXPORT, (100, 24), given, cwd=places.ROOT)
    _compare("poll", terminal.shown())
    assert not _COLOUR.search(terminal.text)
    assert _PAINTED.search(terminal.text)


# --- while it goes on ---


def _checkout(folder: Path, server: RecordingServer) -> list[str]:
    """Write a workflow that polls a job, and return the command that runs it."""
    responses = {"default": {"description": "any"}}
    api: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": server.url}],
        "paths": {
            "/orders": {"post": {"operationId": "create", "responses": responses}},
            "/job": {"get": {"operationId": "look", "responses": responses}},
        },
    }
    poll = {"name": "poll", "type": "retry", "retryAfter": 0.2, "retryLimit": 199}
    done = [{"condition": "$statusCode == 200"}, {"condition": "$response.body#/status == 'done'"}]
    steps = [
        {"stepId": "createOrder", "operationId": "create", "outputs": {"orderId": "$response.body#/id"}},
        {"stepId": "wait", "operationId": "look", "successCriteria": done, "onFailure": [poll]},
    ]
    outputs = {"orderId": "$steps.createOrder.outputs.orderId"}
    document = _document("Checkout", {"workflowId": "checkout", "steps": steps, "outputs": outputs})
    (folder / "checkout.json").write_text(json.dumps(document))
    (folder / "api.json").write_text(json.dumps(api))
    return ["run", "checkout.json"]


def _so_far(terminal: Terminal, size: tuple[int, int]) -> str:
    screen = Screen(*size)
    screen.write(terminal.text)
    return screen.text


def test_one_line_says_what_is_done_now(server: RecordingServer, tmp_path: Path) -> None:
    released = threading.Event()
    running, done = Reply(200, body={"status": "running"}), Reply(200, body={"status": "done"})
    server.script("POST", "/orders", Reply(201, body={"id": "ord_1"}))
    server.script("GET", "/job", running, running.after(released), done)
    terminal = Terminal(_checkout(tmp_path, server), (90, 16), cwd=tmp_path)
    terminal.until(lambda text: "next in" in text)
    shown = _so_far(terminal, (90, 16)).splitlines()
    assert re.fullmatch(r"  ✓ createOrder  POST  /orders +201 +\d+ ms  orderId ord_1", shown[2]), shown
    assert re.fullmatch(r"  \S wait +GET   /job +200  attempt 2 of 200 · status 'running' · next in 1 s", shown[3]), (
        shown
    )
    assert re.fullmatch(r" +1 of 2 · [\d.]+ m?s", shown[4]), shown
    released.set()
    assert "  ✓ wait         GET   /job" in terminal.shown()
    # the same once more: nothing of what was painted in between is left
    screen = _so_far(terminal, (90, 16))
    assert "next in" not in screen
    assert "3 attempts" in screen


def test_a_terminal_may_become_narrower_meanwhile(server: RecordingServer, tmp_path: Path) -> None:
    released = threading.Event()
    server.script("POST", "/orders", Reply(201, body={"id": "ord_1"}))
    server.script("GET", "/job", Reply(200, body={"status": "done"}).after(released))
    terminal = Terminal(_checkout(tmp_path, server), (90, 16), cwd=tmp_path)
    before = terminal.until(lambda text: "1 of 2" in text)
    terminal.resize(40, 12)
    terminal.until(lambda text: text.endswith("\x1b[J\r") and len(text) > len(before) + 100)
    released.set()
    text = terminal.end()
    screen = Screen(90, 16)
    screen.write(text[: len(before)])
    screen.resize(40, 12)
    screen.write(text[len(before) :])
    lines = screen.text.splitlines()
    assert [line for line in lines if "wait" in line][-1].startswith("  ✓ wait") or "✓ wait" in screen.text
    assert sum("createOrder" in line for line in lines) == 1, screen.text
    assert all(len(line) <= 40 for line in lines[2:])


def test_what_a_person_types_meanwhile_spoils_nothing(server: RecordingServer, tmp_path: Path) -> None:
    released = threading.Event()
    server.script("POST", "/orders", Reply(201, body={"id": "ord_1"}))
    server.script("GET", "/job", Reply(200, body={"status": "done"}).after(released))
    terminal = Terminal(_checkout(tmp_path, server), (90, 16), cwd=tmp_path)
    terminal.until(lambda text: "1 of 2" in text)
    terminal.type("^C^C^C")
    terminal.until(lambda text: "^C^C^C" in text)
    released.set()
    lines = terminal.shown().splitlines()
    assert [line[:16].rstrip() for line in lines[2:5]] == ["  ✓ createOrder", "  ✓ wait", ""]
    assert not [line for line in lines if "^C" in line]


def test_nothing_but_results_and_failures_is_told_when_that_is_asked_for() -> None:
    assert _piped((*_EXPORT, "-q"))[1] == ""
    out, err = _piped((*_FAILING, "-q"))
    assert (out, err[:1]) == ("", "✗")
    assert "searchFlights  GET" not in err


def test_quiet_and_verbose_exclude_each_other() -> None:
    assert "-q and -v exclude each other" in _piped((*_EXPORT, "-q", "-v"))[1]


def test_no_secret_is_painted_at_any_time(server: RecordingServer, tmp_path: Path) -> None:
    secret = "s3cret-of-the-run"
    hidden = {"type": "object", "properties": {"key": {"type": "string", "format": "password"}}}
    given = {"name": "key", "in": "path", "value": "$inputs.key"}
    outputs = {"seen": "$response.body#/seen", "token": "$response.body#/token"}
    item = {"stepId": "item", "operationId": "get", "parameters": [given], "outputs": outputs}
    document = _document("Secrets", {"workflowId": "main", "inputs": hidden, "steps": [item]})
    parameter = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = {"operationId": "get", "parameters": [parameter], "responses": {"default": {"description": "any"}}}
    api = {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": server.url}],
        "paths": {"/items/{key}": {"get": operation}},
    }
    (tmp_path / "main.json").write_text(json.dumps(document))
    (tmp_path / "api.json").write_text(json.dumps(api))
    server.script("GET", f"/items/{secret}", Reply(200, body={"seen": f"of {secret}", "token": "granted-token-1"}))
    for options in ([], ["-vv", "--curl"]):
        terminal = Terminal(["run", "main.json", "-i", f"key={secret}", *options], (100, 24), cwd=tmp_path)
        shown = terminal.shown()
        assert "✓ item" in shown
        assert secret not in terminal.text
        assert "granted-token-1" not in terminal.text
