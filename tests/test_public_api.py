"""The public API: its names are pinned, and each does what it says."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, get_type_hints

import places
import pytest
from loopback import RecordingServer, Reply

import arazzo_engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator

if TYPE_CHECKING:
    from pathlib import Path

_SHOP = places.SHOP / "orders.arazzo.yaml"
_INPUTS = {"token": "t", "item": "book", "amount": 2}


def test_the_public_names_are_these() -> None:
    assert list(arazzo_engine.__all__) == [
        "ArazzoError",
        "Credential",
        "Credentials",
        "Diagnostic",
        "Durably",
        "Engine",
        "Location",
        "OAuthClient",
        "Outcome",
        "Plan",
        "Program",
        "Reference",
        "Rewriting",
        "RowStatus",
        "RunFailed",
        "RunFinished",
        "RunReport",
        "RunStarted",
        "RunStatus",
        "Severity",
        "StepFinished",
        "StepReport",
        "StepStarted",
        "StepStatus",
        "Stopping",
        "Waiting",
        "batch",
        "check",
        "document_schema",
        "fix",
        "rehearse",
        "report_of",
        "run",
        "run_async",
        "upgrade",
        "write_back",
    ]
    assert all(getattr(arazzo_engine, name).__name__ == name for name in arazzo_engine.__all__)
    assert set(arazzo_engine.__all__) == set(dir(arazzo_engine))
    with pytest.raises(AttributeError):
        _ = arazzo_engine.nothing


def _callables(name: str) -> Iterator[Any]:
    """Yield what a public name stands for, and the methods and properties of a class."""
    public = getattr(arazzo_engine, name)
    yield public
    for name_, member in vars(public).items() if inspect.isclass(public) else ():
        if name_.startswith("_") and name_ != "__init__":
            continue
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if inspect.isfunction(function) and function.__module__ == public.__module__:
            yield function


@pytest.mark.parametrize("name", arazzo_engine.__all__)
def test_the_types_of_a_public_name_can_be_read(name: str) -> None:
    for each in _callables(name):
        signature = inspect.signature(each)
        hints = get_type_hints(each)
        assert all(not isinstance(hint, str) for hint in hints.values())
        if inspect.isfunction(each):
            assert set(signature.parameters) - {"self", "cls"} <= set(hints)


def test_an_error_says_what_validate_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "broken.arazzo.yaml"
    document.write_text(_SHOP.read_text().replace("$statusCode == 200", "$statusCode => 200"))
    (tmp_path / "shop-api.yaml").write_text((_SHOP.parent / "shop-api.yaml").read_text())
    with pytest.raises(arazzo_engine.ArazzoError) as refused:
        arazzo_engine.run(str(document), inputs=_INPUTS)
    assert run_command(["validate", str(document)]) == 3
    assert f"{refused.value}\n" == capsys.readouterr().out
    assert repr(refused.value).startswith("ArazzoError(Diagnostic(error[invalid-condition] at ")


def test_a_run_that_failed_says_what_the_command_line_prints_of_it(
    server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("GET", "/items/book", Reply(404, body={"asked with": "a-long-secret"}))
    inputs = {**_INPUTS, "token": "a-long-secret"}
    report = arazzo_engine.run(_SHOP, inputs=inputs, servers=server.url)
    with pytest.raises(arazzo_engine.RunFailed) as failed:
        report.raise_for_failure()
    (tmp_path / "inputs.json").write_text(json.dumps(inputs))
    assert run_command(["run", str(_SHOP), "--inputs", str(tmp_path / "inputs.json"), "--server", server.url]) == 1
    told = capsys.readouterr().err
    # the command line says besides how it was called
    assert _without_time(told).partition("\n  again ")[0].endswith(_without_time(str(failed.value)))
    assert '{"asked with": "***"}' in str(failed.value)
    assert report.to_json()["steps"][0]["response"]["body"] == '{"asked with": "***"}'


def test_a_credential_that_an_answer_repeats_is_masked(server: RecordingServer, tmp_path: Path) -> None:
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": server.url}],
        "security": [{"key": []}],
        "paths": {"/x": {"get": {"operationId": "x", "responses": {}}}},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "key"}}},
    }
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {"workflowId": "w", "steps": [{"stepId": "s", "operationId": "x", "outputs": {"all": "$response.body"}}]}
        ],
    }
    (tmp_path / "api.json").write_text(json.dumps(api))
    (tmp_path / "w.json").write_text(json.dumps(document))
    server.script("GET", "/x?key=a-long-secret", Reply(200, body={"you": "a-long-secret"}))
    report = arazzo_engine.run(tmp_path / "w.json", credentials={"key": "a-long-secret"})
    assert report.step("s").outputs == {"all": {"you": "a-long-secret"}}
    written = report.to_json()["steps"][0]
    assert (written["request"]["url"], written["outputs"]) == (f"{server.url}/x?key=***", {"all": {"you": "***"}})
    assert "a-long-secret" not in f"{report!r} {report.steps!r} {report.steps[0].request!r}"


def _without_time(text: str) -> str:
    return re.sub(r"\d+ ms", "N ms", text)


def test_importing_the_package_imports_nothing_of_it() -> None:
    script = "import sys, arazzo_engine; print(*[each for each in sys.modules if each.startswith('arazzo_engine.')])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize("is_async", [False, True])
def test_a_run_gives_a_report(server: RecordingServer, is_async: bool) -> None:
    server.script("GET", "/items/book", Reply(200, body={"id": 1}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "r"}))
    arguments: dict[str, Any] = {"inputs": _INPUTS, "servers": {"shopApi": server.url}}
    if is_async:
        report = asyncio.run(arazzo_engine.run_async(str(_SHOP), **arguments))
    else:
        report = arazzo_engine.run(str(_SHOP), **arguments)
    assert report.status is arazzo_engine.RunStatus.SUCCEEDED
    assert report.outputs == {"receipt": "r"}
    assert [step.request.method for step in report.steps if step.request] == ["GET", "POST"]


def test_what_is_wrong_before_the_first_request_is_raised() -> None:
    with pytest.raises(arazzo_engine.ArazzoError) as refused:
        arazzo_engine.run(str(_SHOP), inputs={"item": "book"})
    assert [each.code for each in refused.value.diagnostics] == ["input-missing", "input-missing"]


def test_a_check_gives_the_findings(tmp_path: Path) -> None:
    assert arazzo_engine.check(str(_SHOP)) == ()
    assert [each.code for each in arazzo_engine.check(str(tmp_path / "nowhere.yaml"))] == ["source-not-found"]


def test_no_secret_is_in_the_representation_of_a_report(server: RecordingServer) -> None:
    server.script("GET", "/items/book", Reply(200, body={"id": 1}))
    report = arazzo_engine.run(str(_SHOP), inputs={**_INPUTS, "token": "a-long-secret"}, servers=server.url)
    assert "a-long-secret" not in repr(report)
    assert "a-long-secret" not in repr(arazzo_engine.Credential("a-long-secret", "--auth"))


def test_an_event_loop_goes_on_while_a_document_is_loaded() -> None:
    released = threading.Event()

    async def load(url: str) -> bool:
        try:
            await arazzo_engine.run_async(f"{url}/doc.json")
        except arazzo_engine.ArazzoError:
            return released.is_set()
        return False

    async def release() -> None:
        # the server holds its answer until the loop, which must not be blocked, comes here
        released.set()

    async def both(url: str) -> bool:
        return (await asyncio.gather(load(url), release()))[0]

    with RecordingServer({("GET", "/doc.json"): [Reply(200, body={"no": "arazzo"}).after(released)]}) as server:
        assert asyncio.run(both(server.url))
