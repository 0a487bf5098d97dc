"""A body of an answer that is text and no JSON is one that criteria and outputs take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
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


@pytest.mark.parametrize(
    ("media", "payload"),
    [
        ("multipart/form-data", {"file": "$steps.get.outputs.all"}),
        ("application/json", {"file": "$steps.get.outputs.all"}),
        ("application/pdf", "$steps.get.outputs.all"),
    ],
)
def test_bytes_of_an_answer_are_sent_on(media: str, payload: Any, tmp_path: Path) -> None:
    pdf = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
    member = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    body = {"content": {media: {"schema": pdf["application/pdf"]["schema"] if isinstance(payload, str) else member}}}
    steps: list[dict[str, Any]] = [
        {"stepId": "get", "operationId": "get", "outputs": {"all": "$response.body"}},
        {"stepId": "put", "operationId": "put", "requestBody": {"contentType": media, "payload": payload}},
    ]
    answer = {"responses": {"200": {"description": "", "content": pdf}}}
    report = rehearsed(
        tmp_path, steps, {"get": answer, "put": {"requestBody": body, "responses": {"204": {"description": ""}}}}
    )
    assert [(step.status.value, step.notes) for step in report.steps] == [("succeeded", ())] * 2


@pytest.mark.parametrize("payload", ["name=hi&n=1", "name={$inputs.x}&n=1"])
def test_a_form_that_is_written_as_a_text_is_judged_as_no_object(tmp_path: Path, payload: str) -> None:
    form = "application/x-www-form-urlencoded"
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    operation = {"requestBody": {"content": {form: {"schema": schema}}}, "responses": {"200": {"description": ""}}}
    step = {"stepId": "put", "operationId": "put", "requestBody": {"contentType": form, "payload": payload}}
    inputs = {"type": "object", "properties": {"x": {"type": "string"}}}
    (told,) = rehearsed(tmp_path, [step], {"put": operation}, inputs=inputs).steps
    assert told.notes == ()
