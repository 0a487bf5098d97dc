"""The page of the Python API: its blocks run, its tables name every option, argument and public name there is."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import inspect
import json
import re
import threading
from typing import TYPE_CHECKING, Any, Final

import httpx
import places
import pytest
import yaml
from cryptography.fernet import Fernet
from loopback import RecordingServer, Reply

import arazzo_engine
from arazzo_engine.cli.commands.access import auth
from arazzo_engine.cli.commands.running import rehearse, run
from arazzo_engine.cli.commands.writing import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAGE: Final = (places.ROOT / "docs" / "python.md").read_text()
_BLOCKS: Final = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
_ENGINE: Final = set(inspect.signature(arazzo_engine.Engine).parameters)
# what a command line asks for besides: what to run, its inputs, and how the result is written
# a process that keeps runs is started for it: docs/durability.md
_OF_KEPT_RUNS: Final = {"durable", "detach", "run_id", "database_url"}
_OF_A_RUN: Final = {
    "location",
    "locations",
    "base",
    "watches",
    "steps",
    "workflow_id",
    "every",
    "inputs_file",
    "pairs",
    "dry_run",
}
_OF_A_REHEARSAL: Final = {"failures", "answers", "all_paths"}
_OF_THE_TELLING: Final = {"verbosity", "is_quiet", "has_curl", "has_trace", "color", "reports"}
_OF_THE_RESULT: Final = {"format_", "output_file", "fail_on", "no_sources", "jobs", "is_verbose", *_OF_THE_TELLING}
_IN_PYTHON_ALONE: Final = {"auth", "on_event", "transport", "person", "clock", "seed"}

_API: Final = {
    "openapi": "3.1.0",
    "info": {"title": "Payments", "version": "1"},
    "servers": [{"url": "https://payments.example.com"}],
    "security": [{"bearer": []}],
    "paths": {
        "/charges": {
            "post": {
                "operationId": "charge",
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {
                    "201": {
                        "description": "Charged.",
                        "content": {"application/json": {"example": {"receipt": "receipt-1"}}},
                    }
                },
            }
        }
    },
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
}
_CHECKOUT: Final = {
    "arazzo": "1.0.1",
    "info": {"title": "Check out", "version": "1"},
    "sourceDescriptions": [{"name": "payments", "url": "payments.json", "type": "openapi"}],
    "workflows": [
        {
            "workflowId": "checkout",
            "inputs": {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}},
            "steps": [
                {
                    "stepId": "charge",
                    "operationId": "charge",
                    "requestBody": {"payload": {"sku": "$inputs.sku"}},
                    "successCriteria": [{"condition": "$statusCode == 201"}],
                    "outputs": {"receipt": "$response.body#/receipt"},
                }
            ],
            "outputs": {"receipt": "$steps.charge.outputs.receipt"},
        }
    ],
}


@pytest.fixture
def namespace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the blocks of the page take for granted: a document, a server, modules of the standard library."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARAZZO_STATE_KEY", Fernet.generate_key().decode())
    (tmp_path / "payments.json").write_text(json.dumps(_API))
    (tmp_path / "checkout.arazzo.yaml").write_text(yaml.safe_dump(_CHECKOUT))
    modules = {"arazzo_engine": arazzo_engine, "asyncio": asyncio, "httpx": httpx, "json": json, "yaml": yaml}
    modules |= {"hashlib": hashlib, "hmac": hmac}
    with RecordingServer() as server:
        server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
        report = arazzo_engine.rehearse("checkout.arazzo.yaml")
        given = {"token": "a-token", "url": server.url, "pathlib": __import__("pathlib"), "report": report}
        yield {**modules, **given, "server": server}


@pytest.mark.parametrize("block", _BLOCKS, ids=range(len(_BLOCKS)))
def test_a_block_of_the_page_runs(block: str, namespace: dict[str, Any]) -> None:
    released = threading.Event()
    if '"slow"' in block:
        namespace["server"].script("POST", "/charges", Reply(201, body={}).after(released))
    try:
        exec(compile(block, "python.md", "exec"), namespace)
    finally:
        released.set()


def test_no_option_is_missing_anywhere() -> None:
    table = _PAGE[_PAGE.index("## Options") : _PAGE.index("What one run may differ in")]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE))
    commands = (run.command, rehearse.command, validate.command, auth.command)
    options = {each.name: each.opts[0] for command in commands for each in command.params}
    assert set(rows) == _ENGINE
    asked = _OF_A_RUN | _OF_A_REHEARSAL | _OF_THE_RESULT | _OF_KEPT_RUNS
    assert options.keys() - asked == _ENGINE - _IN_PYTHON_ALONE
    flags = {name: re.findall(r"`(--[\w-]+)", written) for name, written in rows.items()}
    assert {name: found for name, found in flags.items() if name not in _IN_PYTHON_ALONE} == {
        name: [flag] for name, flag in options.items() if name in _ENGINE
    }


def test_the_arguments_of_a_run_are_all_told() -> None:
    table = _PAGE[_PAGE.index("What one run may differ in") : _PAGE.index("`rehearse` takes besides")]
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert told == [name for name in inspect.signature(arazzo_engine.Program.run).parameters if name != "self"]
    asynchronous = inspect.signature(arazzo_engine.Program.run_async).parameters
    assert list(asynchronous) == ["self", *told]
    table = _PAGE[_PAGE.index("`rehearse` takes besides") : _PAGE.index("## Names")]
    besides = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert set(inspect.signature(arazzo_engine.Program.rehearse).parameters) == {"self", *told, *besides}


def test_the_arguments_of_a_batch_are_all_told() -> None:
    table = _PAGE[_PAGE.index("## Many rows") : _PAGE.index("## Against an application")]
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    taken = inspect.signature(arazzo_engine.batch).parameters
    assert told == [name for name in taken if name not in {"document", "workflow", "options"}]


def test_the_public_names_are_all_told() -> None:
    names = _PAGE[_PAGE.index("## Names") :]
    first = re.findall(r"^\| (.*?) \|", names, re.MULTILINE)
    assert {name for cell in first for name in re.findall(r"`(\w+)`", cell)} == set(arazzo_engine.__all__)
