"""What an editor and the adapter say to each other, word for word. `UPDATE_GOLDEN=1` writes the transcripts anew."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Final

import places
import pytest
from client import Client, client_in_the_shop
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from loopback import RecordingServer

_GOLDEN: Final = places.GOLDEN / "debug-adapter"
_OF_ANY_RUN: Final = [
    (r"\b\d+ ms\b", "0 ms"),
    (r"arazzo-engine/[\w.+-]+", "arazzo-engine/VERSION"),
    ("sesame-open-up", "TOKEN"),
]
_INPUTS: Final = {"item": "book", "amount": 3, "token": "sesame-open-up", "note": "none"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with client_in_the_shop(tmp_path) as started:
        yield started


@pytest.fixture
def compare(tmp_path: Path, client: Client) -> Callable[[str, list[tuple[str, str]]], None]:
    """Compare what was said with a transcript; what differs from machine to machine is replaced."""

    def compared(name: str, replaced: list[tuple[str, str]]) -> None:
        lines = [json.dumps(each, ensure_ascii=False) for each in client.log]
        text = "\n".join([*lines, ""]).replace(str(tmp_path.resolve()), "FOLDER")
        for found, instead in [*replaced, *_OF_ANY_RUN]:
            text = re.sub(found, instead, text)
        golden = _GOLDEN / f"{name}.jsonl"
        if "UPDATE_GOLDEN" in os.environ:
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(text, encoding="utf-8")
        assert text == golden.read_text(encoding="utf-8")
        said = [each for each in client.log if each["type"] != "request"]
        assert str(_INPUTS["token"]) not in json.dumps(said)

    return compared


def _shop(server: RecordingServer) -> None:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))


def test_a_rehearsal_is_debugged_forward_and_back(
    tmp_path: Path, client: Client, compare: Callable[[str, list[tuple[str, str]]], None]
) -> None:
    document = {"path": str(tmp_path / "orders.arazzo.yaml")}
    client.begin(program="orders.arazzo.yaml", inputs=_INPUTS, args=["--fail", "charge=503"])
    lines = [
        {"line": 33},
        {"line": 44, "condition": "$statusCode == 503"},
        {"line": 999},
        {"line": 20, "condition": "="},
    ]
    client.get("setBreakpoints", source=document, breakpoints=lines)
    client.get("setFunctionBreakpoints", breakpoints=[{"name": "order.find"}, {"name": "chrge"}])
    client.get("setExceptionBreakpoints", filters=["failure"])
    client.get("threads")
    client.go()
    client.go("continue")
    client.top()
    client.go("stepIn")
    client.go("next")
    client.top()
    for scope in client.get("scopes", frameId=1)["scopes"]:
        client.get("variables", variablesReference=scope["variablesReference"])
    assert client.value("$steps.find.outputs.price") == "3.5"
    client.go("stepBack")
    client.go("reverseContinue")
    client.get("setExceptionBreakpoints", filters=[])
    client.get("setBreakpoints", source=document, breakpoints=[])
    client.go("stepOut")
    client.get("continue", threadId=1)
    assert client.event("exited") == {"exitCode": 1}
    client.event("terminated")
    client.get("disconnect")
    assert client.end() == 0
    compare("rehearsal", [])


def test_a_real_run_stands_still_before_each_unsafe_request(
    server: RecordingServer, client: Client, compare: Callable[[str, list[tuple[str, str]]], None]
) -> None:
    _shop(server)
    arguments = ["--server", server.url, "--no-project"]
    client.begin(program="orders.arazzo.yaml", mode="run", inputs=_INPUTS, args=arguments, stopOnEntry=False)
    stopped = client.go()
    assert stopped["description"] == "what follows is a request that may change something"
    assert [each.method for each in server.requests] == ["GET"]
    client.go("reverseContinue")
    assert client.value("$inputs.item") == '"book"'
    client.go("continue")
    client.go("continue")
    assert [each.method for each in server.requests] == ["GET", "POST"]
    assert client.value("$outputs.receipt") == '"receipt-1"'
    client.get("continue", threadId=1)
    assert client.event("exited") == {"exitCode": 0}
    client.event("terminated")
    client.get("disconnect")
    assert client.end() == 0
    compare("run", [(re.escape(server.url), "SERVER"), (r"127\.0\.0\.1:\d+", "HOST")])


def test_a_replay_stops_where_it_differs_from_its_recording(
    server: RecordingServer,
    tmp_path: Path,
    client: Client,
    compare: Callable[[str, list[tuple[str, str]]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    _shop(server)
    document, recording = tmp_path / "orders.arazzo.yaml", tmp_path / "run.jsonl"
    given = [part for name, value in _INPUTS.items() for part in ("-i", f"{name}={value}")]
    command = ["run", str(document), "--no-project", "--server", server.url, "--record", str(recording), *given]
    assert run_command(command) == 0, capsys.readouterr().err
    edited = tmp_path / "edited.yaml"
    edited.write_text(document.read_text().replace("amount: $inputs.amount", "amount: 4"))
    client.begin(recording="run.jsonl", document="edited.yaml")
    client.get("setExceptionBreakpoints", filters=["difference"])
    client.go()
    client.go("continue")
    frame = client.top()
    assert (frame["source"]["path"], frame["line"]) == (str(edited.resolve()), 32)
    assert "difference: body/amount" in client.printed("console")
    assert client.value("$request.body#/amount") == "4"
    client.go("stepBack")
    client.go("continue")
    client.go("continue")
    client.get("continue", threadId=1)
    assert client.event("exited") == {"exitCode": 1}
    client.event("terminated")
    client.get("disconnect")
    assert client.end() == 0
    compare("replay", [(re.escape(server.url), "SERVER"), (r"127\.0\.0\.1:\d+", "HOST")])
