"""A run that is held to contracts: what the check itself does wrong puts no request in doubt, and no answer is lost."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from loopback import Reply

from arazzo_engine import Engine
from arazzo_engine.cli import run_command
from arazzo_engine.machine.endings import report_of
from arazzo_engine.world.contracts.checking import Contract

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

    from arazzo_engine.reporting.run_report import RunReport

_DOCUMENT: dict[str, Any] = {
    "arazzo": "1.0.1",
    "info": {"title": "One", "version": "1"},
    "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
    "workflows": [
        {
            "workflowId": "main",
            "steps": [{"stepId": "one", "operationId": "op", "requestBody": {"payload": {"n": "x"}}}],
        }
    ],
}


@pytest.fixture
def folder(tmp_path: Path, server: RecordingServer) -> Path:
    schema = {"type": "object", "properties": {"n": {"type": "string"}}}
    content = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "op", "requestBody": content, "responses": {"200": content}}
    described = {"openapi": "3.1.0", "info": {}, "servers": [{"url": server.url}], "paths": {"/a": {"post": operation}}}
    (tmp_path / "api.json").write_text(json.dumps(described))
    (tmp_path / "doc.json").write_text(json.dumps(_DOCUMENT))
    server.script("POST", "/a", *[Reply(200, body={"n": 1})] * 3)
    return tmp_path


def _buggy(*_: object) -> Any:
    raise ZeroDivisionError("secret")


def _cut(folder: Path, *, in_a_loop: bool) -> RunReport:
    with Engine(check="warn") as engine:
        program = engine.load(_DOCUMENT, base=folder)
        with pytest.raises(ZeroDivisionError) as raised:
            asyncio.run(program.run_async()) if in_a_loop else program.run()
    report = report_of(raised.value)
    assert report is not None
    return report


@pytest.mark.parametrize("in_a_loop", [False, True])
def test_a_bug_of_the_check_of_an_answer_comes_after_the_answer(
    in_a_loop: Any, folder: Path, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Contract, "check_response", _buggy)
    report = _cut(folder, in_a_loop=in_a_loop)
    assert [each.code for each in report.diagnostics] == ["engine-bug"]
    assert [(each.status, getattr(each.response, "status", None)) for each in report.steps] == [("succeeded", 200)]
    assert report.status == "stopped"
    assert "secret" not in str(report.diagnostics)
    assert len(server.requests) == 1


@pytest.mark.parametrize("in_a_loop", [False, True])
def test_a_bug_of_the_check_of_a_request_sends_nothing_and_puts_nothing_in_doubt(
    in_a_loop: Any, folder: Path, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Contract, "check_request", _buggy)
    report = _cut(folder, in_a_loop=in_a_loop)
    assert [each.code for each in report.diagnostics] == ["engine-bug"]
    assert report.status == "stopped"
    assert server.requests == []


def test_schemas_are_compiled_once_for_all_runs_of_a_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import jsonschema_rs

    compiled: list[object] = []
    compile_one = jsonschema_rs.Draft202012Validator

    def counting(schema: Any, **options: Any) -> Any:
        compiled.append(schema)
        return compile_one(schema, **options)

    monkeypatch.setattr(jsonschema_rs, "Draft202012Validator", counting)
    with Engine(check="warn") as engine:
        program = engine.load(_DOCUMENT, base=folder)
        reports = [program.run(), program.run(), asyncio.run(program.run_async())]
    assert [[each.code for each in report.diagnostics] for report in reports] == [["response-contract"]] * 3
    # one for the request, one for the answer
    assert len([each for each in compiled if isinstance(each, dict)]) == 2


@pytest.mark.parametrize(("mode", "code"), [("warn", 0), ("error", 4)])
def test_a_dry_run_checks_its_first_request(
    mode: str, code: int, folder: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    written = (folder / "doc.json").read_text()
    (folder / "doc.json").write_text(written.replace('{"n": "x"}', '{"n": 1}'))
    assert run_command(["run", str(folder / "doc.json"), "--dry-run", "--check", mode]) == code
    said = capsys.readouterr()
    assert "[request-contract]: the request's body at `/n` must be a string, not an integer" in said.err
    assert ("first request:" in said.out) == (mode == "warn")
    assert server.requests == []


def test_a_rehearsal_is_held_to_the_contracts_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["rehearse", str(folder / "doc.json"), "--check", "error"]) == 0
    written = (folder / "doc.json").read_text()
    (folder / "doc.json").write_text(written.replace('{"n": "x"}', '{"n": 1}'))
    assert run_command(["rehearse", str(folder / "doc.json"), "--check", "error"]) == 4
    assert "request-contract" in capsys.readouterr().err
