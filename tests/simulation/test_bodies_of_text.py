"""A body of an answer that is text and no JSON is one that criteria and outputs take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rehearsed import rehearsed

from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path


def _answered(folder: Path, criterion: dict[str, Any], **response: Any) -> Response:
    operation = {"responses": {"202": {"description": "", **response}}}
    step = {"stepId": "eat", "operationId": "eat", "successCriteria": [criterion]}
    (told,) = rehearsed(folder, [step], {"eat": operation}).steps
    assert isinstance(told.response, Response)
    assert (told.status.value, told.notes) == ("succeeded", ())
    return told.response


def test_an_answer_of_text_that_nobody_describes_has_no_body(tmp_path: Path) -> None:
    response = _answered(tmp_path, {"condition": "$response.body == null"}, content={"text/plain": {}})
    assert response.content == b""


def test_an_answer_of_text_has_no_body_where_it_is_to_be_null(tmp_path: Path) -> None:
    content = {"text/plain": {"schema": {"type": "string"}}}
    assert _answered(tmp_path, {"condition": "$response.body == null"}, content=content).content == b""


def test_a_text_that_is_read_and_nobody_describes_is_any_text(tmp_path: Path) -> None:
    operation = {"responses": {"200": {"description": "", "content": {"text/plain": {}}}}}
    step = {"stepId": "get", "operationId": "get", "outputs": {"all": "$response.body"}}
    assert rehearsed(tmp_path, [step], {"get": operation}).steps[0].outputs == {"all": "sample"}
