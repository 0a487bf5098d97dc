"""The whole body of an answer is told where a text is, and where several outputs have the names of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from validated import validated

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

JSON: Final = "application/json"
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_WORD: Final = "$steps.find.outputs.word"


def _told(
    outputs: dict[str, Any], step: dict[str, Any], operation: dict[str, Any] | None = None, **rest: Any
) -> list[Diagnostic]:
    before = {"stepId": "find", "operationId": "op", "outputs": outputs}
    return [each for each in validated(step, operation, before=before, **rest) if each.code == "body-whole"]


def _answers(content: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", "content": content}}}


def _given(place: str, value: str = _WORD) -> dict[str, Any]:
    return {"parameters": [{"name": "word", "in": place, "value": value}]}


def _takes(place: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    required = {"required": True} if place == "path" else {}
    return {"parameters": [{"name": "word", "in": place, "schema": schema or _TEXT, **required}]}


@pytest.mark.parametrize("first", [{}, _answers({JSON: {}}), _answers({JSON: {"schema": {}}})])
def test_what_nobody_describes_is_told_in_a_path(first: dict[str, Any]) -> None:
    (told,) = _told({"word": "$response.body"}, _given("path"), _takes("path"), first=first, path="/tried/{word}")
    assert told.severity.value == "warning"
    assert told.message == (
        "`$steps.find.outputs.word` is the whole body of an answer that nobody describes, and goes to path parameter"
        " `word` of operation `tried`, which takes no object"
    )
    assert told.fix == (
        "name the part that is meant, such as `$steps.find.outputs.word#/word`; if the answer is a text, describe it as"
        " `text/plain`"
    )


@pytest.mark.parametrize(
    "workflow",
    [
        {"outputs": {"id": "$steps.find.outputs.hit#/id"}},
        {"outputs": {"id": "$steps.find.outputs.id"}},
    ],
)
@pytest.mark.parametrize("place", ["path", "query", "header"])
def test_a_whole_of_which_a_part_is_read_is_told_wherever_a_text_is(place: str, workflow: dict[str, Any]) -> None:
    outputs = {"word": "$response.body", "hit": "$response.body", "id": "$response.body#/id"}
    more = {"path": "/tried/{word}"} if place == "path" else {}
    (told,) = _told(outputs, _given(place), _takes(place), workflow=workflow, **more)
    assert told.fix == "name the part that is meant, such as `$steps.find.outputs.word#/word`"
    assert [each.message for each in told.related][1:] == ["a part of it is read here"]


def test_a_whole_of_which_a_part_is_read_is_told_as_a_member_of_a_payload() -> None:
    schema = {"type": "object", "properties": {"word": _TEXT}}
    step = {"requestBody": {"contentType": JSON, "payload": {"word": _WORD}}}
    operation = {"requestBody": {"content": {JSON: {"schema": schema}}}}
    outputs = {"word": "$response.body", "id": "$response.body#/id"}
    assert len(_told(outputs, step, operation)) == 1


@pytest.mark.parametrize(
    ("outputs", "place", "schema", "rest"),
    [
        # it may be a text
        ({"word": "$response.body"}, "query", _TEXT, {}),
        ({"word": "$response.body"}, "path", _TEXT, {"first": _answers({"text/plain": {}})}),
        # an object is taken, or a list
        ({"word": "$response.body", "id": "$response.body#/id"}, "query", {"type": "object"}, {}),
        ({"word": "$response.body", "id": "$response.body#/id"}, "query", {}, {}),
        # a part, and that of another answer
        ({"word": "$response.body#/word"}, "path", _TEXT, {}),
        (
            {"word": "$response.body"},
            "query",
            _TEXT,
            {"workflow": {"outputs": {"id": "$steps.tried.outputs.id"}}},
        ),
    ],
)
def test_what_may_be_meant_is_not_told(
    outputs: dict[str, Any], place: str, schema: dict[str, Any], rest: dict[str, Any]
) -> None:
    more = {"path": "/tried/{word}"} if place == "path" else {}
    step = {**_given(place), "outputs": {"id": "$response.body#/id"}}
    assert _told(outputs, step, _takes(place, schema or {"title": "any"}), **rest, **more) == []


_SINGER: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"name": _TEXT, "fans": {"type": "integer"}, "image": _TEXT},
}
_ALL: Final = {"name": "$response.body", "fans": "$response.body"}


def test_outputs_that_have_the_names_of_members_and_are_all_the_whole_are_told_once() -> None:
    (told,) = _told({**_ALL, "raw": "$response.body"}, {}, first=_answers({JSON: {"schema": _SINGER}}))
    assert (
        told.message
        == "outputs `name`, `fans` of step `find` are each the whole body, which has members of these names"
    )
    assert told.fix == "if the members are meant, write `name: $response.body#/name`, and so the others"


@pytest.mark.parametrize(
    ("outputs", "schema", "workflow"),
    [
        ({"name": "$response.body"}, _SINGER, {}),
        ({"name": "$response.body", "raw": "$response.body"}, _SINGER, {}),
        (_ALL, {"type": "array", "items": _SINGER}, {}),
        (_ALL, {"type": "object"}, {}),
        # one of which a part is read is meant as the whole
        (_ALL, _SINGER, {"outputs": {"image": "$steps.find.outputs.name#/image"}}),
    ],
)
def test_outputs_that_may_be_meant_as_the_whole_are_not_told(
    outputs: dict[str, Any], schema: dict[str, Any], workflow: dict[str, Any]
) -> None:
    assert _told(outputs, {}, first=_answers({JSON: {"schema": schema}}), workflow=workflow) == []
