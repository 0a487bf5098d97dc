"""A rehearsal lets a pattern be found in the JSON text of an object or a list, which stays one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rehearsed import answers, bodies, rehearsed, thing

from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = {"type": "string"}
_LOAN = {
    **thing(
        id={"type": "integer"},
        state={"type": "string", "enum": ["open", "closed"]},
        mail={"type": "string", "format": "email"},
        title={"type": "string", "pattern": "^L-[0-9]{2}$"},
        note=_TEXT,
    ),
    "required": ["id", "state", "mail", "title", "note"],
}

FOUND: tuple[tuple[Any, str, Any], ...] = (
    (_LOAN, "[0-9]+", {}),
    (_LOAN, r"^\{.*\}$", {}),
    (_LOAN, "closed", {"state": "closed"}),
    (_LOAN, r'"state":\s*"closed"', {"state": "closed"}),
    (_LOAN, '"title":"L-7[0-9]"', {"title": "L-70"}),
    (_LOAN, r'"fine":\s*(true|false)', {"fine": True}),
    (_LOAN, "overdue", {"note": "overdue"}),
)


def _passing(pattern: str) -> dict[str, Any]:
    criterion = {"type": "regex", "context": "$response.body", "condition": pattern}
    return {"stepId": "a", "operationId": "a", "successCriteria": [criterion], "outputs": {"id": "$response.body#/id"}}


@pytest.mark.parametrize(("schema", "pattern", "changed"), FOUND)
def test_the_answer_stays_the_object_that_is_described(
    schema: Any, pattern: str, changed: dict[str, Any], tmp_path: Path
) -> None:
    plain = rehearsed(tmp_path, [{"stepId": "a", "operationId": "a"}], {"a": answers(schema)})
    report = rehearsed(tmp_path, [_passing(pattern)], {"a": answers(schema)})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [{**bodies(plain)[0], **changed}]
    assert report.steps[0].outputs["id"] == bodies(plain)[0]["id"]


def test_an_element_of_a_list_has_what_is_searched(tmp_path: Path) -> None:
    report = rehearsed(
        tmp_path, [{**_passing('"note":"lost"'), "outputs": {}}], {"a": answers({"type": "array", "items": _LOAN})}
    )
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report)[0][0]["note"] == "lost"


def test_a_pattern_that_is_to_fail_is_not_found_in_the_object(tmp_path: Path) -> None:
    step = {
        **_passing("."),
        "successCriteria": [{"condition": "$statusCode == 200"}],
        "onSuccess": [
            {
                "name": "again",
                "type": "goto",
                "stepId": "a",
                "criteria": [{"type": "regex", "context": "$response.body", "condition": '"state":"open"'}],
            }
        ],
    }
    report = rehearsed(tmp_path, [step], {"a": answers(_LOAN)})
    assert report.status is RunStatus.SUCCEEDED
    assert [each["state"] for each in bodies(report)] == ["open", "closed"]
