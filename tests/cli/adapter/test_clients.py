"""Clients that say what cannot be meant, say it at the wrong time, or go away: told, bounded, and nothing is sent."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Final

import pytest
from client import Client, client_in_the_shop, framed
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loopback import RecordingServer

_INPUTS: Final = {"item": "book", "amount": 3, "token": "sesame-open-up", "note": "none"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with client_in_the_shop(tmp_path) as started:
        yield started


def _rehearse(client: Client, **more: Any) -> None:
    client.begin(program="orders.arazzo.yaml", inputs=_INPUTS, **more)


def _run(client: Client, server: RecordingServer) -> None:
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
    arguments = ["--server", server.url, "--no-project"]
    client.begin(program="orders.arazzo.yaml", mode="run", inputs=_INPUTS, args=arguments)


def test_a_stream_that_cannot_be_read_any_further_ends_the_adapter(client: Client) -> None:
    client.write(b"Content-Length: many\r\n\r\n")
    assert client.end() == 2
    assert client.process.stderr is not None
    why = "the `Content-Length` of a message is no number up to 10,000,000"
    assert client.process.stderr.read().decode() == f"the messages of the client cannot be read: {why}\n"


def test_what_is_no_message_is_left_out_and_told_and_what_cannot_be_done_is_refused(client: Client) -> None:
    for content in (b"{", b"[" * 100_000):
        client.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        assert client.event("output")["output"] == "a message is no JSON: it was left out\n"
    for no_command in ("[]", "{}", "null"):
        content = f'{{"seq": 9, "type": "request", "command": {no_command}}}'.encode()
        client.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        assert client.next()["message"] == "a request names no command"
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("stackTrase", {}, "there is no request `stackTrase`: did you mean `stackTrace`?"),
        ("attach", {}, "`attach` is not supported: use a launch configuration"),
        ("stackTrace", {"threadId": 1}, "nothing stands still that could be looked at"),
        ("next", {"threadId": 1}, "nothing stands still that could be looked at"),
        ("setBreakpoints", {"source": {}, "breakpoints": []}, "nothing was launched yet"),
        ("launch", {"program": 7}, "the arguments of `launch` cannot be read: Expected `str`, got `int`"),
    ]
    for command, arguments, told in refused:
        answer = client.ask(command, **arguments)
        assert (answer["success"], answer["message"][: len(told)]) == (False, told)
    assert client.ask("initialize", adapterID="x")["success"]


@pytest.mark.parametrize(
    ("launch", "told"),
    [
        ({"program": "nowhere.yaml"}, "error[source-not-found]"),
        ({"program": "orders.arazzo.yaml", "inputs": {"item": "book"}, "mode": "run"}, "error[input-missing]"),
        ({"program": "orders.arazzo.yaml", "args": ["--frobnicate"]}, "No such option"),
        ({"program": "orders.arazzo.yaml", "mode": "reherse"}, "there is no mode `reherse`: did you mean `rehearse`?"),
        ({}, "there is no document to run"),
        ({"mode": "replay"}, "there is nothing to replay"),
        ({"recording": "orders.arazzo.yaml"}, "error[recording-"),
    ],
)
def test_what_cannot_be_launched_is_told_and_ends(client: Client, launch: dict[str, Any], told: str) -> None:
    client.get("initialize", adapterID="x")
    answer = client.ask("launch", **launch)
    assert (answer["success"], answer["message"]) == (False, "the run has not begun: the debug console says why")
    assert told in client.printed("stderr")
    assert client.event("exited")["exitCode"] in {2, 3}
    client.event("terminated")
    client.close()
    assert client.end() == 0


def test_values_and_frames_of_another_moment_are_refused(client: Client) -> None:
    _rehearse(client)
    client.go()
    for command, arguments, told in (
        ("variables", {"variablesReference": 99}, "there is no value 99 at this moment"),
        ("scopes", {"frameId": 7}, "there is no frame 7 at this moment"),
        ("evaluate", {"expression": "$inputs.", "frameId": 1}, "`$inputs.` is no runtime expression"),
        ("evaluate", {"expression": "$inputs.item"}, ""),
        ("source", {"sourceReference": 9}, "there is no document 9"),
    ):
        answer = client.ask(command, **arguments)
        assert (answer["success"], answer.get("message", "")[: len(told)]) == (not told, told)


def test_a_secret_that_a_client_says_is_not_said_again(client: Client) -> None:
    _rehearse(client)
    known = f"$inputs.token == '{_INPUTS['token']}'"
    client.get("setFunctionBreakpoints", breakpoints=[{"name": "charge", "condition": known}])
    client.go()
    client.go("continue")
    assert client.value(known) == "true: '***' == '***'"
    assert not client.ask("evaluate", expression=f"{_INPUTS['token']} ==", frameId=1)["success"]
    said = [each for each in client.log if each["type"] != "request"]
    assert str(_INPUTS["token"]) not in json.dumps(said)


def test_a_breakpoint_in_another_document_is_not_verified(client: Client, tmp_path: Path) -> None:
    _rehearse(client)
    source = {"path": str(tmp_path / "shop-api.yaml")}
    (told,) = client.get("setBreakpoints", source=source, breakpoints=[{"line": 1}])["breakpoints"]
    assert told == {"verified": False, "message": "nothing that runs here comes to this document"}


def test_lines_are_counted_as_the_client_counts_them(client: Client, tmp_path: Path) -> None:
    client.get("initialize", adapterID="x", linesStartAt1=False, columnsStartAt1=False)
    client.get("launch", program="orders.arazzo.yaml", inputs=_INPUTS)
    client.event("initialized")
    source = {"path": str(tmp_path / "orders.arazzo.yaml")}
    (told,) = client.get("setBreakpoints", source=source, breakpoints=[{"line": 32}])["breakpoints"]
    assert (told["verified"], told["line"]) == (True, 32)
    client.go()
    client.go("continue")
    frame = client.top()
    assert (frame["line"], frame["column"]) == (30, 4)


def test_breakpoints_that_are_set_again_replace_those_before(client: Client) -> None:
    _rehearse(client)
    client.get("setFunctionBreakpoints", breakpoints=[{"name": "charge"}])
    client.get("setFunctionBreakpoints", breakpoints=[])
    client.go()
    assert "has ended" in client.go("continue")["description"]


def test_a_called_workflow_is_in_the_stack_and_its_caller_can_be_looked_at(client: Client, tmp_path: Path) -> None:
    text = (tmp_path / "orders.arazzo.yaml").read_text()
    caller = """- workflowId: outer
  steps:
  - stepId: call
    workflowId: order
    parameters:
    - { name: token, value: sesame-open-up }
    - { name: item, value: book }
    - { name: amount, value: 3 }
"""
    (tmp_path / "outer.yaml").write_text(text + caller)
    client.begin(program="outer.yaml", workflow="outer")
    client.get("setFunctionBreakpoints", breakpoints=[{"name": "order.charge"}])
    client.go()
    client.go("continue")
    trace = client.get("stackTrace", threadId=1)
    assert [each["name"] for each in trace["stackFrames"]] == ["order.charge", "outer.call"]
    assert client.get("evaluate", expression="$inputs.item", frameId=1)["result"] == '"book"'
    assert "there is no input" in client.get("evaluate", expression="$inputs.item", frameId=2)["result"]


def test_a_client_that_goes_while_a_run_stands_still_ends_it_there(client: Client, server: RecordingServer) -> None:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    _run(client, server)
    client.go()
    client.go("continue")
    client.close()
    assert client.end() == 0
    assert [each.method for each in server.requests] == ["GET"]


@pytest.mark.parametrize("command", ["disconnect", "terminate"])
def test_a_client_that_ends_a_run_is_told_how_it_ended(client: Client, server: RecordingServer, command: str) -> None:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    _run(client, server)
    client.go()
    client.go("continue")
    client.get(command)
    assert client.event("exited") == {"exitCode": 130}
    client.event("terminated")
    assert "the run was interrupted, and nothing more was sent" in client.printed("stderr")
    assert client.end() == 0
    assert [each.method for each in server.requests] == ["GET"]


def _amid_a_request(client: Client, server: RecordingServer) -> threading.Event:
    """Go on until a request has arrived; its answer is held back until the event is set."""
    arrived, released = threading.Event(), threading.Event()
    found = Reply(200, body={"id": "item-1", "price": 3.5})
    server.script("GET", "/items/book", found.telling(arrived).after(released))
    _run(client, server)
    client.go()
    client.get("continue", threadId=1)
    assert arrived.wait(30)
    return released


def test_a_client_that_goes_amid_a_request_ends_the_run_before_the_next(
    client: Client, server: RecordingServer
) -> None:
    released = _amid_a_request(client, server)
    client.close()
    released.set()
    assert client.end() == 0
    assert [each.method for each in server.requests] == ["GET"]


def test_a_client_that_goes_while_a_run_waits_ends_it(client: Client, server: RecordingServer) -> None:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    _run(client, server)
    busy = Reply(503, headers=(("Retry-After", "250"),))
    server.script("POST", "/charges", busy)
    client.get("setFunctionBreakpoints", breakpoints=[{"name": "charge", "condition": "$statusCode == 503"}])
    client.go()
    for _ in range(2):
        client.go("continue")
    client.get("continue", threadId=1)
    client.get("disconnect")
    assert client.event("exited") == {"exitCode": 130}
    assert client.end() == 0
    assert [each.method for each in server.requests] == ["GET", "POST"]


def test_a_run_is_paused_at_its_next_moment_and_is_not_looked_at_before(
    client: Client, server: RecordingServer
) -> None:
    released = _amid_a_request(client, server)
    number = client.send("stackTrace", threadId=1)
    client.send("pause", threadId=1)
    client.until_read()
    released.set()
    stopped = client.event("stopped")
    assert (stopped["reason"], client.top()["name"]) == ("pause", "order.find")
    (refused,) = [each for each in client.log if each.get("request_seq") == number]
    assert refused["message"].startswith("nothing stands still that could be looked at")


def test_a_document_that_is_not_as_it_was_is_shown_as_it_was(
    client: Client, server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
    document, recording = tmp_path / "orders.arazzo.yaml", tmp_path / "run.jsonl"
    given = [part for name, value in _INPUTS.items() for part in ("-i", f"{name}={value}")]
    assert run_command(["run", str(document), "--server", server.url, "--record", str(recording), *given]) == 0
    capsys.readouterr()
    text = document.read_text()
    document.write_text("# a line more\n" + text)
    client.begin(recording="run.jsonl")
    client.go()
    source = client.top()["source"]
    assert "path" not in source
    assert client.get("source", sourceReference=source["sourceReference"])["content"] == text


def test_many_messages_at_once_are_all_answered(client: Client) -> None:
    _rehearse(client)
    client.go()
    asked = {"command": "evaluate", "type": "request", "arguments": {"expression": "$inputs.item", "frameId": 1}}
    client.write(b"".join(framed({"seq": 1_000 + number, **asked}) for number in range(3_000)))
    answers = [client.next() for _ in range(3_000)]
    assert {each["body"]["result"] for each in answers} == {json.dumps("book")}
