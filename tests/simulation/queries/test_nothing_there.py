"""What is read is not null where it may be more, and what must be nothing is left out where no null may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, bodies, rehearsed, thing

from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_NEXT: Final = "$response.body#/next"
_PATH: Final = {"parameters": [{"name": "id", "in": "query", "required": True, "schema": {"type": "string"}}]}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": ["string", "null"], "example": None}, "sample"),
        ({"type": ["string", "null"], "default": None}, "sample"),
        ({"type": "string", "nullable": True, "examples": [None, "b"]}, "b"),
        ({"enum": [None, "b"]}, "b"),
        ({"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]}, "2026-01-31"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}], "example": None}, 1),
    ],
)
def test_what_is_read_is_not_null_where_it_may_be_more(schema: Any, value: Any, tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [
        {"stepId": "a", "operationId": "a", "outputs": {"id": _NEXT}},
        {
            "stepId": "b",
            "operationId": "b",
            "parameters": [{"name": "id", "in": "query", "value": "$steps.a.outputs.id"}],
        },
    ]
    report = rehearsed(tmp_path, steps, {"a": answers(thing(next=schema)), "b": {**_PATH, **answers()}})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [{"next": value}]


def _paged(folder: Path, condition: str, schema: dict[str, Any]) -> Any:
    more = {"name": "more", "type": "goto", "stepId": "a", "criteria": [{"condition": condition}]}
    step = {"stepId": "a", "operationId": "a", "outputs": {"next": _NEXT}, "onSuccess": [more]}
    report = rehearsed(folder, [step], {"a": answers(schema)})
    assert report.status is RunStatus.SUCCEEDED
    assert not any("made up" in note or "fits" in note for each in report.steps for note in each.notes)
    return bodies(report)


@pytest.mark.parametrize("condition", [_NEXT, f"{_NEXT} != null", f"!(!{_NEXT})"])
@pytest.mark.parametrize(
    "schema", [{"type": "string"}, {"type": "string", "format": "uri"}, {"type": "object", "properties": {"x": {}}}]
)
def test_the_last_page_names_no_next_one(condition: str, schema: Any, tmp_path: Path) -> None:
    first, last = _paged(tmp_path, condition, thing(next=schema))
    assert first["next"]
    assert last == {}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": ["string", "null"]}, None),
        ({"type": "boolean"}, False),
        # what must be there is as little as it may be
        ({"type": "string"}, ""),
        ({"type": "integer"}, 0),
    ],
)
def test_what_does_not_pass_alone_fits_its_schema(schema: Any, value: Any, tmp_path: Path) -> None:
    assert _paged(tmp_path, _NEXT, {**thing(next=schema), "required": ["next"]})[1] == {"next": value}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "example": 0}, 1),
        ({"type": "string", "example": ""}, "sample"),
        ({"enum": ["", "yes"]}, "yes"),
        ({"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 3}]}, 3),
    ],
)
def test_what_passes_alone_fits_its_schema(schema: Any, value: Any, tmp_path: Path) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [{"condition": _NEXT}]}
    assert bodies(rehearsed(tmp_path, [step], {"a": answers(thing(next=schema))})) == [{"next": value}]
