"""A workflow that is named by its index in a list is the one that is there, and is told by its id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_STEP = {"stepId": "s", "operationId": "list"}
_API = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://x.example"}],
    "paths": {"/pets": {"get": {"operationId": "list", "responses": {"200": {"description": "ok"}}}}},
}
_INFO = {"title": "t", "version": "1"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("api.json").write_text(json.dumps(_API))


def _found(reference: str, *, ids: tuple[str, ...] = ("first", "second"), **step: Any) -> list[Diagnostic]:
    api = {"name": "api", "url": "api.json", "type": "openapi"}
    others = [{"workflowId": each, "steps": [_STEP]} for each in ids]
    trips = {"arazzo": "1.0.1", "info": _INFO, "sourceDescriptions": [api], "workflows": others}
    Path("trips.json").write_text(json.dumps(trips))
    calling = {"stepId": "call", "workflowId": reference, **step}
    own = [{"workflowId": "main", "steps": [calling]}, {"workflowId": "own", "steps": [_STEP]}]
    sources = [api, {"name": "trips", "url": "trips.json", "type": "arazzo"}]
    document = {"arazzo": "1.0.1", "info": _INFO, "sourceDescriptions": sources, "workflows": own}
    Path("w.json").write_text(json.dumps(document))
    with Engine() as engine:
        return list(engine.validate("w.json"))


@pytest.mark.parametrize(
    ("reference", "written"),
    [
        ("$sourceDescriptions.trips#/workflows/1", "$sourceDescriptions.trips.second"),
        ("{$sourceDescriptions.trips.url}#/workflows/0", "$sourceDescriptions.trips.first"),
        ("$sourceDescriptions.trips.workflows.0", "$sourceDescriptions.trips.first"),
        ("trips#/workflows/1", "$sourceDescriptions.trips.second"),
        ("#/workflows/1", "own"),
        ("$workflows.1", "own"),
    ],
)
def test_a_workflow_at_an_index_is_read_as_the_one_that_is_there(reference: str, written: str) -> None:
    (finding,) = _found(reference)
    assert (finding.code, finding.fix) == ("repaired", f"write `{written}`")
    assert run_command(["rehearse", "w.json", "--all"]) == 0
    assert run_command(["fix", "w.json", "--write"]) == 0
    with Engine() as engine:
        assert engine.validate("w.json") == ()


def test_what_a_step_leads_to_by_an_index_is_read_too() -> None:
    action = {"name": "go", "type": "goto", "workflowId": "#/workflows/1"}
    (finding,) = _found("own", onSuccess=[action])
    assert finding.fix == "write `own`"


@pytest.mark.parametrize("reference", ["$sourceDescriptions.trips#/workflows/2", "#/workflows/2"])
def test_an_index_that_a_list_does_not_have_is_told_with_the_ids_that_there_are(reference: str) -> None:
    (finding,) = _found(reference)
    assert (finding.code, finding.severity.value) == ("unknown-workflow", "error")
    assert finding.fix in {"use one of `first`, `second`", "use one of `main`, `own`"}


def test_an_index_of_what_has_no_workflows_is_refused() -> None:
    (finding,) = _found("$sourceDescriptions.api#/workflows/0")
    assert finding.message.endswith("names a workflow in source description `api`, which is openapi")
    (finding,) = _found("$sourceDescriptions.gone#/workflows/0")
    assert finding.code == "unknown-source"


def test_an_id_that_is_a_number_is_meant_before_an_index() -> None:
    assert [each.fix for each in _found("$sourceDescriptions.trips#/workflows/1", ids=("1", "a"))] == [
        "write `$sourceDescriptions.trips.1`",
    ]
