"""A retry whose criterion asks for what only an error is described to have: no success has it made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import rehearsed, thing

from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_ERROR: Final = {"application/json": {"schema": {**thing(error=_TEXT), "required": ["error"]}}}
_OF_SUCCESS: Final = (
    ({"text/markdown": {"schema": _TEXT}}, b"sample"),
    ({"application/json": {"schema": thing(id={"type": "integer"})}}, b'{"id": 1}'),
)


def _step(condition: str, **fields: Any) -> dict[str, Any]:
    again = {"name": "again", "type": "retry", "retryLimit": 3, "criteria": [{"condition": condition}]}
    accepted = [{"condition": "$statusCode == 200"}]
    return {"stepId": "read", "operationId": "read", "successCriteria": accepted, "onFailure": [again], **fields}


def _answered(folder: Path, step: dict[str, Any], content: Any) -> list[tuple[int, bytes]]:
    described = {"200": content, "404": _ERROR}
    responses = {status: {"description": "", "content": each} for status, each in described.items()}
    report = rehearsed(folder, [step], {"read": {"responses": responses}})
    assert report.succeeded
    assert not [note for each in report.steps for note in each.notes if "made up" in note]
    found = (each.response for each in report.steps)
    return [(each.status, each.content) for each in found if isinstance(each, Response)]


@pytest.mark.parametrize(("content", "success"), _OF_SUCCESS)
def test_the_error_that_has_what_a_retry_asks_for_keeps_it_going(content: Any, success: bytes, tmp_path: Path) -> None:
    step = _step("$response.body#/error == 'not yet'", outputs={"body": "$response.body"})
    assert _answered(tmp_path, step, content) == [(404, b'{"error": "not yet"}'), (200, success)]


def test_a_success_that_is_described_with_what_a_retry_asks_for_keeps_it_going(tmp_path: Path) -> None:
    content = {"application/json": {"schema": thing(error=_TEXT)}}
    step = _step("$response.body#/error == 'not yet'")
    step["successCriteria"].append({"condition": "$response.body#/error != 'not yet'"})
    assert [status for status, _ in _answered(tmp_path, step, content)] == [200, 200]


def test_an_error_of_which_only_the_status_is_asked_is_no_poll(tmp_path: Path) -> None:
    assert [status for status, _ in _answered(tmp_path, _step("$statusCode == 404"), _OF_SUCCESS[0][0])] == [200]
