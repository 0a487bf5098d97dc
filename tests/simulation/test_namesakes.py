"""A step that calls another document's workflow of the id of its own sees the outputs of the one it called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rehearsed import answers, thing, written

import arazzo_engine

if TYPE_CHECKING:
    from pathlib import Path


def _calling(folder: Path, named: str) -> Path:
    """Return a document whose workflow ``w`` calls the workflow ``w`` of another one, which has output ``name``."""
    called = folder / "called"
    called.mkdir()
    find = {"stepId": "find", "operationId": "find", "outputs": {"name": "$response.body#/name"}}
    written(
        called, [find], {"find": answers(thing(name={"const": "n-1"}))}, outputs={"name": "$steps.find.outputs.name"}
    )
    step: dict[str, Any] = {"stepId": "call", "workflowId": "$sourceDescriptions.child.w", "outputs": {"got": named}}
    path = written(folder, [step], {"ping": answers()}, outputs={"all": "$steps.call.outputs.got"})
    document = json.loads(path.read_text())
    document["sourceDescriptions"].append({"name": "child", "url": f"called/{path.name}", "type": "arazzo"})
    path.write_text(json.dumps(document))
    return path


def test_a_step_sees_the_outputs_of_the_namesake_that_it_called(tmp_path: Path) -> None:
    path = _calling(tmp_path, "$workflows.w.outputs.name")
    assert arazzo_engine.check(path) == ()
    report = arazzo_engine.rehearse(path, "w")
    assert report.outputs == {"all": "n-1"}
    assert [each.notes for each in report.steps if each.step_id == "call"] == [()]


def test_an_output_that_the_namesake_does_not_have_is_told(tmp_path: Path) -> None:
    (told, *_) = arazzo_engine.check(_calling(tmp_path, "$workflows.w.outputs.all"))
    assert told.code == "unknown-output"
