"""A document that was fixed says what it was read as: the same value, no repair left, and the same requests."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_texts import Scribe

import arazzo_engine
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.editing.differences import same
from arazzo_engine.documents.reading import read_document
from arazzo_engine.edits import Applicability
from arazzo_engine.language.repairs.repairing import read_repaired
from arazzo_engine.language.repairs.shapes.table import SHAPES
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.language.repairs.table import REPAIRS

if TYPE_CHECKING:
    from arazzo_engine.language.repairs.rows import Repair

_CORPUS: Final = os.environ.get("ARAZZO_CORPUS")
# what only this engine reads is written where it is asked for
_ROWS: Final = tuple(row for row in (*SHAPES, *REPAIRS) if row.applicability is Applicability.SAFE and not row.is_own)
_SHELVES: Final = ("parameters", "successActions", "failureActions")


def _found(row: Repair) -> Any:
    is_yaml = row.kinds[-1] in {Kind.CRITERION, Kind.MAPPING, Kind.REUSABLE} or ": " in row.found
    return read_document(row.found, "file:///a.yaml").value if is_yaml else row.found


def _step(number: int, row: Repair) -> dict[str, Any]:
    """Return a step that makes the mistake of a row."""
    step: dict[str, Any] = {"stepId": f"step-{number}", "operationId": "findItem"}
    found = _found(row)
    match row.kinds[-1]:
        case Kind.CRITERION:
            step["successCriteria"] = [{"condition": "$statusCode == 200"}, found]
        case Kind.REUSABLE | Kind.PARAMETER_OBJECT:
            step["parameters"] = [found]
        case Kind.ACTION:
            step["onFailure"] = [found]
        case Kind.CRITERION_OBJECT:
            step["successCriteria"] = [found]
        case Kind.DEPENDENCY:
            step["dependsOn"] = [found]
        case Kind.STEP:
            step |= {**found, "stepId": step["stepId"]}
        case Kind.OPERATION_PATH | Kind.OPERATION_ID | Kind.WORKFLOW_ID as kind:
            del step["operationId"]
            step[{Kind.OPERATION_PATH: "operationPath", Kind.OPERATION_ID: "operationId"}.get(kind, "workflowId")] = (
                found
            )
        case _:
            step["parameters"] = [{"name": "a", "in": "query", "value": found}]
    return step


def _document(draw: random.Random) -> dict[str, Any]:
    """Return a document with several mistakes, each of its rows at least as likely as any other."""
    steps = [_step(number, draw.choice(_ROWS)) for number in range(draw.randint(1, 6))]
    find = {
        "stepId": "find",
        "operationId": "findItem",
        "outputs": {"id": "$response.body#/id", "item": "$response.body"},
    }
    inputs = {"type": "object", "properties": {name: {"type": "string"} for name in ("token", "item")}}
    other = {"workflowId": "other", "inputs": {}, "steps": [find], "outputs": {"total": "$steps.find.outputs.id"}}
    order: dict[str, Any] = {"workflowId": "order", "inputs": inputs, "steps": [find, *steps]}
    if draw.random() < 0.3:
        del order["inputs"]
    if draw.random() < 0.5:
        order["failureActions"] = [{"type": "end"}, {"name": "again", "type": "retry"}]
    return {
        "arazzo": "1.1.0",
        "info": {"title": "Orders", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "shop.yaml", "type": "openapi"}],
        "workflows": [other, order],
        "components": {"parameters": {"item": {"name": "b", "in": "query", "value": 1}}},
    }


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_a_fixed_document_says_what_it_was_read_as(seed: int) -> None:
    draw = random.Random(seed)
    scribe = Scribe(draw)
    text = scribe.json(_document(draw)) if draw.random() < 0.2 else scribe.yaml(_document(draw))
    document = read_document(text, "file:///a.yaml")
    with arazzo_engine.Engine() as engine:
        fixed = engine.fix(text, with_sources=False)
        again = engine.fix(fixed.text, with_sources=False)
    assert again.text == fixed.text
    if fixed.refused:
        assert "*" in text
        return
    assert same(read_document(fixed.text, "file:///a.yaml").value, read_repaired(document)[0].value)
    assert not any("[repaired]" in remark.message for remark in again.for_a_person)
    assert fixed.is_changed or same(document.value, read_repaired(document)[0].value)


def _documents() -> list[tuple[Path, dict[str, str]]]:
    """Return the published documents, each with the sources that were found for it."""
    root = Path(_CORPUS or "")
    index = (root / "index.tsv").read_text().splitlines() if _CORPUS else []
    rows = (line.partition("\t") for line in index if line and not line.startswith("#"))
    found = (
        (root / name, [pair.partition("=") for pair in pairs.strip().split(";") if pair]) for name, _, pairs in rows
    )
    return [(path, {name: str(root / place) for name, _, place in pairs}) for path, pairs in found]


def _outcome(engine: arazzo_engine.Engine, text: str, base: Path) -> list[Any]:
    """Return what each workflow of a document sends and ends in, or which errors keep it from that."""
    found: list[Any] = []
    program = engine.open(text, base=base)
    for workflow in program.workflow_ids:
        try:
            report = program.rehearse(workflow, run_id="run").to_json()
        except ArazzoError as refused:
            found.append(sorted(each.code for each in refused.diagnostics if each.is_error))
            continue
        steps = [
            {name: step[name] for name in ("stepId", "request", "response", "outputs")} for step in report["steps"]
        ]
        found.append([report["status"], report["outputs"], steps])
    return found


@pytest.mark.parametrize(("document", "sources"), _documents(), ids=lambda each: getattr(each, "name", ""))
@pytest.mark.parametrize("rewrite", ["fix", "upgrade"])
def test_a_published_document_sends_the_same_when_it_is_rewritten(
    document: Path, sources: dict[str, str], rewrite: str
) -> None:
    with arazzo_engine.Engine(offline=True, sources=sources) as engine:
        rewritten = getattr(engine, rewrite)(document)
        if not rewritten.is_changed:
            return
        again = getattr(engine, rewrite)(rewritten.text, base=document)
        assert again.text == rewritten.text
        before, after = (_outcome(engine, text, document) for text in (document.read_text(), rewritten.text))
        assert json.dumps(before) == json.dumps(after)
