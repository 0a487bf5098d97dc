"""Replaying with a document that asks for other inputs: a run of it would not begin, or begin with other values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from recorded_runs import Script, opened, recorded
from scripted import document, step, workflow

from arazzo_engine.world.replaying.programs import Amended
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.recording.comparing.comparison import Comparison

_INPUTS: dict[str, Any] = {
    "type": "object",
    "required": ["report"],
    "properties": {
        "report": {"type": "string"},
        "form": {"type": "string", "default": "csv"},
        "key": {"type": "string", "format": "password", "pattern": "^k"},
    },
}


def _text(inputs: dict[str, Any]) -> str:
    body = {"payload": {"form": "$inputs.form"}, "contentType": "application/json"}
    return document(workflow(step("a", requestBody=body), inputs=inputs))


def _replayed(folder: Path, given: dict[str, Any], inputs: dict[str, Any]) -> Comparison:
    _, content = recorded(folder, _text(_INPUTS), Script(), inputs=given)
    (folder / "new.json").write_text(_text(inputs))
    return replay(opened(content), Amended(str(folder / "new.json"))).comparison


def _with(**properties: Any) -> dict[str, Any]:
    return {**_INPUTS, "properties": {**_INPUTS["properties"], **properties}}


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        (_INPUTS, None),
        ({**_INPUTS, "required": ["report", "more"], "properties": {**_INPUTS["properties"], "more": {}}}, "`more`"),
        (_with(report={"enum": ["costs"]}), "`report`"),
        (_with(key={"type": "string", "format": "password", "pattern": "^z"}), None),
    ],
)
def test_what_would_be_refused_is_no_same_run(inputs: dict[str, Any], told: str | None, tmp_path: Path) -> None:
    comparison = _replayed(tmp_path, {"report": "sales", "key": "k-secret-1"}, inputs)
    assert comparison.is_same == (told is None), comparison.to_text()
    if told is not None:
        assert comparison.summary().endswith(": its inputs would be refused")
        (found,) = comparison.to_json()["beginning"]
        assert told in found["now"]


def test_another_default_counts_unless_somebody_gave_the_old_one(tmp_path: Path) -> None:
    for name, given in (("without", {}), ("with", {"form": "csv"})):
        (tmp_path / name).mkdir()
        other = _with(form={"type": "string", "default": "xml"})
        comparison = _replayed(tmp_path / name, {"report": "sales", **given}, other)
        found = [each.difference for row in comparison.rows for each in row.differences]
        assert [json.loads(each.now) for each in found] == ([] if given else ["xml"])
