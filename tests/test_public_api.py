"""The public API: its names are pinned, and each does what it says."""

from __future__ import annotations

import asyncio
import doctest
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import places
import pytest
from loopback import RecordingServer, Reply

import arazzo_engine

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
        "Engine",
        "Location",
        "OAuthClient",
        "Program",
        "RunReport",
        "RunStatus",
        "Severity",
        "StepReport",
        "StepStatus",
        "check",
        "rehearse",
        "report_of",
        "run",
        "run_async",
    ]
    assert all(getattr(arazzo_engine, name).__name__ == name for name in arazzo_engine.__all__)
    assert set(arazzo_engine.__all__) == set(dir(arazzo_engine))
    with pytest.raises(AttributeError):
        _ = arazzo_engine.nothing


def test_importing_the_package_imports_nothing_of_it() -> None:
    script = "import sys, arazzo_engine; print(*[each for each in sys.modules if each.startswith('arazzo_engine.')])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "\n"


def test_the_example_in_the_package_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(places.ROOT)
    results = doctest.testmod(arazzo_engine)
    assert (results.attempted, results.failed) == (3, 0)


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
