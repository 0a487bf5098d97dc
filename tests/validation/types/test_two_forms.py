"""Criteria of one step that ask one answer for XML and for JSON are told, and a rehearsal says so when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, rehearsed
from validated import validated

from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_XPATH: Final = {"context": "$response.body", "condition": "//tag", "type": "xpath"}
_OTHER: Final = {"context": "$response.body", "condition": "$.tags", "type": "jsonpath"}


def _told(*criteria: dict[str, Any], **operation: Any) -> list[tuple[str, str]]:
    found = validated({"successCriteria": list(criteria)}, operation)
    return [(each.severity.value, each.message) for each in found if each.code == "criteria-contradictory"]


@pytest.mark.parametrize(
    "other",
    [
        {"condition": "$response.body#/tags/0 != null"},
        {"condition": "$statusCode == 200 && $response.body#/tags/0"},
        {"condition": "$response.body.state == 'done'"},
        _OTHER,
    ],
)
def test_criteria_that_ask_for_xml_and_for_json_are_told(other: dict[str, Any]) -> None:
    message = f"`//tag` asks for XML, and `{other['condition']}` for JSON: one answer is not both"
    assert _told(_XPATH, other) == [("warning", message)]


@pytest.mark.parametrize(
    "others",
    [
        [{"condition": "$response.body#/tags/0 == null"}],
        [{"condition": "$response.body#/tags/0 != 'a'"}],
        [{"condition": "$response.body#/tags/0 || $statusCode == 200"}],
        [{"condition": "$response.body != null"}],
        [{**_XPATH, "condition": "//other"}],
        [],
    ],
)
def test_what_one_answer_may_be_is_not_told(others: list[dict[str, Any]]) -> None:
    assert _told(_XPATH, *others) == []


def test_where_the_media_type_is_described_what_does_not_fit_it_is_told_instead() -> None:
    content: dict[str, Any] = {"application/xml": {}}
    assert _told(_XPATH, _OTHER, responses={"200": {"description": "", "content": content}}) == []


def test_a_rehearsal_says_that_no_answer_is_both(tmp_path: Path) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [_XPATH, _OTHER]}
    report = rehearsed(tmp_path, [step], {"a": answers()})
    assert report.status is RunStatus.FAILED
    (note,) = (each for each in report.steps[0].notes if "no answer was found" in each)
    assert note.endswith("`//tag` asks for XML, and `$.tags` for JSON: one answer is not both")
