"""What is kept of a run when it is ordered, files among its inputs too; and what cannot be, which is refused."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import ArazzoError, Durably, Engine, batch
from arazzo_engine.cli import run_command
from arazzo_engine.durability import orders
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.loading.library import Library

if TYPE_CHECKING:
    from forking import Forker
    from loopback import RecordingServer

_RUN: Final = ("run", "upload.arazzo.yaml", "--durable", "--run-id", "upload-1", "-i", "scan=@scan.png")
_CONTENT: Final = b"\x89PNG\r\n\x1a\n secret-of-the-scan \x00\xff"
_UPLOAD: Final = """
arazzo: 1.1.0
info: { title: Upload, version: 1.0.0 }
sourceDescriptions: [{ name: api, url: upload-api.yaml, type: openapi }]
workflows:
- workflowId: upload
  inputs: { type: object, properties: { scan: { type: string, format: binary } } }
  steps:
  - { stepId: ask, operationId: ask }
  - stepId: send
    operationId: send
    requestBody: { contentType: image/png, payload: $inputs.scan }
    successCriteria: [{ condition: $statusCode == 201 }]
"""
_API: Final = """
openapi: 3.1.0
info: { title: Upload, version: 1.0.0 }
paths:
  /ask: { get: { operationId: ask, responses: { '200': { description: ok } } } }
  /scans:
    post:
      operationId: send
      requestBody: { content: { image/png: { schema: { type: string, format: binary } } } }
      responses: { '201': { description: ok } }
"""


@pytest.fixture
def upload(shop: RecordingServer) -> RecordingServer:
    from loopback import Reply

    Path("upload.arazzo.yaml").write_text(_UPLOAD)
    Path("upload-api.yaml").write_text(_API)
    Path("scan.png").write_bytes(_CONTENT)
    shop.script("GET", "/ask", Reply(200))
    shop.script("POST", "/scans", Reply(201))
    return shop


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_file_among_the_inputs_is_kept_with_the_run(forker: Forker, upload: RecordingServer, tmp_path: Path) -> None:
    environment = {"TOLD": str(tmp_path / "told.txt")}
    command = (*_RUN, "--server", upload.url)
    assert forker.run(command, environment, dies_at=5) == -signal.SIGKILL
    Path("scan.png").unlink()
    assert run_command(["runs", "resume", "upload-1"]) == 0
    assert [each.method for each in upload.requests] == ["GET", "POST"]
    assert upload.requests[-1].body == _CONTENT
    kept = b"".join(each.read_bytes() for each in Path("state").iterdir())
    assert b"secret-of-the-scan" not in kept


def test_more_than_can_be_kept_is_refused_and_nothing_is_sent(
    upload: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(orders, "LARGEST_FILES", 10)
    assert run_command([*_RUN, "--server", upload.url]) == 2
    told = capsys.readouterr().err
    assert f"a durable run keeps files of 10 bytes at most, and its inputs hold {len(_CONTENT)}" in told
    assert "run it without `--durable`" in told
    assert upload.requests == []


def test_several_workflows_in_one_run_are_refused(upload: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", "upload.arazzo.yaml", "--all", "--durable", "--server", upload.url]) == 2
    told = capsys.readouterr().err
    assert "`--all` and `--durable` exclude each other: each run that is kept is one workflow" in told
    assert "name one with `--workflow`" in told
    assert upload.requests == []


def _sign(*_: Any) -> dict[str, str]:
    return {"X-Signature": "1"}


def test_functions_that_sign_are_refused_before_the_first_row(upload: RecordingServer) -> None:
    scheme = "{ type: apiKey, in: header, name: X-Signature }"
    secured = f"{_API}components: {{ securitySchemes: {{ key: {scheme} }} }}\nsecurity: [{{ key: [] }}]\n"
    Path("upload-api.yaml").write_text(secured)
    rows = batch("upload.arazzo.yaml", [{}], durably=Durably("june"), servers=upload.url, auth={"api.key": _sign})
    with pytest.raises(ArazzoError) as refused:
        next(rows)
    (problem,) = refused.value.diagnostics
    assert problem.message == "a durable run cannot go on with functions that sign: another process does not have it"
    assert problem.fix == "leave out `auth`"
    assert upload.requests == []


def test_an_input_that_only_looks_like_a_file_is_none(shop: RecordingServer) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().replace("note: { type: string }", "note: {}"))
    given = {"token": "secret-token-1", "item": "book", "amount": 1, "note": {"$file": {"data": "AAAA"}}}
    with Engine(servers=shop.url) as engine:
        kept = Library()
        program = engine.open(document, library=kept)
        order = orders.order_of(engine, program.prepare(("order",), GivenInputs(given)), kept, Texts())
    assert orders.read_order(order.to_json()).given() == given
