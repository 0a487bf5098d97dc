"""Which errors stop a workflow: those that it can reach. Those of the other workflows of its document are warnings."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import ArazzoError, Engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Edit = Callable[[dict[str, Any]], object]

_STEP = {"stepId": "one", "operationId": "$sourceDescriptions.api.op"}


def _step(**fields: Any) -> Edit:
    """Change the step of the other workflow."""
    return lambda document: document["workflows"][1]["steps"][0].update(fields)


def _other(**fields: Any) -> Edit:
    return lambda document: document["workflows"][1].update(fields)


def _component(kind: str, component: Any, **use: Any) -> Edit:
    def edit(document: dict[str, Any]) -> None:
        document["components"] = {kind: {"it": component}}
        document["workflows"][1]["steps"][0].update(use)

    return edit


def _again(document: dict[str, Any]) -> None:
    document["workflows"].append(deepcopy(document["workflows"][1]))


def _gone(document: dict[str, Any]) -> None:
    document["sourceDescriptions"].append({"name": "gone", "url": "gone.json", "type": "arazzo"})
    document["workflows"][1]["steps"][0] = {"stepId": "one", "workflowId": "$sourceDescriptions.gone.main"}


_PARAMETER = {"name": "p", "in": "nowhere", "value": 1}
_EDITS: dict[str, tuple[str, Edit]] = {
    "an unknown field": ("field-unknown", _step(bogus=1)),
    "a condition": ("invalid-condition", _step(successCriteria=[{"condition": "$statusCode => 200"}])),
    "an operation": ("operation-not-found", _step(operationId="$sourceDescriptions.api.nothing")),
    "an output": ("unknown-step", _step(outputs={"o": "$steps.nobody.outputs.x"})),
    "a schema of inputs": ("input-schema-invalid", _other(inputs={"type": "objec"})),
    "two of one name": ("id-duplicate", _again),
    "a component": ("field-value", _component("parameters", _PARAMETER)),
    "a component that is used": (
        "field-value",
        _component("parameters", _PARAMETER, parameters=[{"reference": "$components.parameters.it"}]),
    ),
    "a source": ("source-not-found", _gone),
    "a malformed operation": ("api-malformed", _step(operationId="$sourceDescriptions.api.malformed")),
    "no object": ("field-type", lambda document: document["workflows"].append("no workflow")),
}
# nothing can lead to what is no workflow, or to a component that nothing names
_REACHED = {name: each for name, each in _EDITS.items() if name not in {"a component", "no object"}}


def _load(folder: Path, url: str, edit: Edit, *, leads: bool) -> Path:
    """Write a document with the workflows ``main`` and ``other``; ``main`` leads to the other one, or does not."""
    operation = {"operationId": "op", "responses": {"200": {"description": "ok"}}}
    paths = {"/a": {"get": operation}, "@b/c": {"get": {**operation, "operationId": "malformed"}}}
    api = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "servers": [{"url": url}], "paths": paths}
    (folder / "api.json").write_text(json.dumps(api))
    main = {"workflowId": "main", "steps": [_STEP]}
    document: dict[str, Any] = {
        "arazzo": "1.0.1",
        "info": {"title": "Two", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [main, {"workflowId": "other", "steps": [dict(_STEP)]}],
    }
    if leads:
        main["steps"] = [_STEP, {"stepId": "two", "workflowId": "other"}]
    edit(document)
    (folder / "main.json").write_text(json.dumps(document))
    return folder / "main.json"


@pytest.mark.parametrize(("code", "edit"), _EDITS.values(), ids=_EDITS)
def test_an_error_out_of_reach_is_a_warning(code: str, edit: Edit, tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/a", Reply(200))
    entry = _load(tmp_path, server.url, edit, leads=False)
    with Engine() as engine:
        report = engine.load(entry, workflow="main").run()
    assert report.succeeded
    assert [each.code for each in report.warnings] == [code]
    assert not report.warnings[0].is_error


@pytest.mark.parametrize(("code", "edit"), _REACHED.values(), ids=_REACHED)
def test_an_error_within_reach_stops_the_workflow(
    code: str, edit: Edit, tmp_path: Path, server: RecordingServer
) -> None:
    entry = _load(tmp_path, server.url, edit, leads=True)
    with Engine() as engine, pytest.raises(ArazzoError) as refused:
        engine.load(entry, workflow="main")
    assert code in [each.code for each in refused.value.diagnostics if each.is_error]
    assert server.requests == []


def test_an_action_reaches_a_workflow(tmp_path: Path, server: RecordingServer) -> None:
    def edit(document: dict[str, Any]) -> None:
        action = {"name": "undo", "type": "goto", "workflowId": "other"}
        document["workflows"][0]["steps"] = [{**_STEP, "onFailure": [action]}]
        document["workflows"][1]["steps"][0]["bogus"] = 1

    entry = _load(tmp_path, server.url, edit, leads=False)
    with Engine() as engine, pytest.raises(ArazzoError, match="field-unknown"):
        engine.load(entry, workflow="main")


def test_an_operation_without_its_source_reaches_every_source(tmp_path: Path, server: RecordingServer) -> None:
    def edit(document: dict[str, Any]) -> None:
        _gone(document)
        document["workflows"][0]["steps"] = [{"stepId": "one", "operationId": "op"}]

    entry = _load(tmp_path, server.url, edit, leads=False)
    with Engine() as engine, pytest.raises(ArazzoError, match="source-not-found"):
        engine.load(entry, workflow="main")


def test_a_source_that_no_workflow_needs_stops_nothing(tmp_path: Path, server: RecordingServer) -> None:
    def edit(document: dict[str, Any]) -> None:
        document["sourceDescriptions"].append({"name": "gone", "url": "gone.json", "type": "openapi"})

    server.script("GET", "/a", Reply(200), Reply(200))
    entry = _load(tmp_path, server.url, edit, leads=False)
    with Engine() as engine:
        assert [(each.code, each.is_error) for each in engine.validate(entry)] == [("source-not-found", False)]
        assert engine.load(entry).run("main").succeeded


def test_a_called_document_stops_by_what_is_reached_of_it(tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/a", *[Reply(200)] * 2)

    def edit(document: dict[str, Any]) -> None:
        _step(bogus=1)(document)
        called = deepcopy(document)
        (tmp_path / "called.json").write_text(json.dumps(called))
        document["sourceDescriptions"].append({"name": "called", "url": "called.json", "type": "arazzo"})
        document["workflows"][0]["steps"].append({"stepId": "two", "workflowId": "$sourceDescriptions.called.main"})
        document["workflows"][1] = {
            "workflowId": "bad",
            "steps": [{"stepId": "x", "workflowId": "$sourceDescriptions.called.other"}],
        }

    entry = _load(tmp_path, server.url, edit, leads=False)
    with Engine() as engine:
        report = engine.load(entry, workflow="main").run()
        with pytest.raises(ArazzoError, match="field-unknown"):
            engine.load(entry, workflow="bad")
    assert report.succeeded
    assert [each.code for each in report.warnings] == ["field-unknown"]


def test_what_a_workflow_writes_out_is_checked_beside_an_error_out_of_reach(tmp_path: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        document["workflows"][0]["steps"] = [
            {**_STEP, "parameters": [{"name": "X", "in": "header", "value": "a\r\nb"}]}
        ]
        document["workflows"][1]["steps"][0]["bogus"] = 1

    entry = _load(tmp_path, "https://api.example", edit, leads=False)
    with Engine() as engine, pytest.raises(ArazzoError, match="value-unsendable"):
        engine.load(entry, workflow="main")


@pytest.mark.parametrize(("leads", "codes"), [(False, []), (True, ["repaired"])])
def test_a_warning_out_of_reach_is_not_told(
    leads: bool,
    codes: list[str],
    tmp_path: Path,
    server: RecordingServer,
) -> None:
    server.script("GET", "/a", Reply(200))
    edit = _step(successCriteria=[{"condition": '$statusCode == "200"'}])
    with Engine() as engine:
        program = engine.load(_load(tmp_path, server.url, edit, leads=leads), workflow="main")
        report = program.run()
    assert [each.code for each in report.warnings] == codes


@pytest.mark.parametrize("field", ["workflow", "workflows"])
def test_a_document_without_a_workflow_that_could_be_run_is_told_by_what_is_wrong_with_it(field: str) -> None:
    sources = [{"name": "api", "url": "api.json", "type": "openapi"}]
    document = {"arazzo": "1.1.0", "info": {"title": "t", "version": "1"}, "sourceDescriptions": sources, field: []}
    for workflow in (None, "buy"):
        with Engine() as engine, pytest.raises(ArazzoError) as raised:
            engine.load(json.dumps(document), base="https://x.example/w.json", workflow=workflow)
        code = "empty-list" if field == "workflows" else "field-missing"
        assert [each.code for each in raised.value.diagnostics] == [code]
