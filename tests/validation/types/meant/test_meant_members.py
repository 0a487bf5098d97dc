"""A whole value where one of its members is meant: the member is named by what the output, or its place, is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from validated import validated

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

JSON: Final = "application/json"
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_PAGE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"cursor": _TEXT, "count": {"type": "integer"}, "shelves": {"type": "array", "items": _TEXT}},
}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _answers(schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", "content": {JSON: {"schema": schema}}}}}


def _takes(name: str, schema: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "query", "schema": schema or _TEXT, **more}]}


def _refused(
    outputs: dict[str, Any], answer: dict[str, Any], step: dict[str, Any], operation: dict[str, Any], **rest: Any
) -> list[Diagnostic]:
    before = {"stepId": "find", "operationId": "op", "outputs": outputs}
    found = validated(step, operation, before=before, first=_answers(answer), **rest)
    return [each for each in found if each.code == "type-refused"]


def _given(value: str, name: str = "at") -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "query", "value": value}]}


NAMED: Final[tuple[tuple[dict[str, Any], dict[str, Any], str, str], ...]] = (
    # by the name of the output
    (
        {"count": "$response.body"},
        _object(count=_object(cursor=_TEXT), data=_object(count=_TEXT)),
        "at",
        "write `count: $response.body#/data/count` for the output, or `$steps.find.outputs.count#/data/count` here",
    ),
    (
        {"cursor": "$response.body"},
        {"type": "array", "items": _PAGE},
        "at",
        "write `cursor: $response.body#/0/cursor` for the output, or `$steps.find.outputs.cursor#/0/cursor` here",
    ),
    (
        {"cursor": "$response.body#/page"},
        _object(page=_PAGE, other=_PAGE),
        "at",
        "write `cursor: $response.body#/page/cursor` for the output, or `$steps.find.outputs.cursor#/cursor` here",
    ),
    # by the name of the place
    ({"all": "$response.body"}, _PAGE, "cursor", "did you mean `$steps.find.outputs.all#/cursor`?"),
    ({"all": "$response.body"}, _object(only=_PAGE), "cursor", "did you mean `$steps.find.outputs.all#/only/cursor`?"),
    (
        {"all": "$response.body"},
        _object(data={"type": "array", "items": _PAGE}, meta=_PAGE),
        "cursor",
        "did you mean `$steps.find.outputs.all#/data/0/cursor`?",
    ),
    (
        {"file": "$response.body"},
        _object(data=_object(id=_TEXT)),
        "fileId",
        "did you mean `$steps.find.outputs.file#/data/id`?",
    ),
    # nothing that is taken, or several that can be
    ({"shelves": "$response.body"}, _PAGE, "at", "give a text"),
    ({"all": "$response.body"}, _object(a=_PAGE, b=_PAGE), "cursor", "give a text"),
    ({"all": "$response.body"}, _object(data=_PAGE, result=_PAGE), "cursor", "give a text"),
    ({"cursor": "$response.body"}, {**_object(a=_TEXT), "additionalProperties": _TEXT}, "at", "give a text"),
)


@pytest.mark.parametrize(("outputs", "answer", "name", "fix"), NAMED)
def test_the_fix_of_a_refused_whole_names_the_member(
    outputs: dict[str, Any], answer: dict[str, Any], name: str, fix: str
) -> None:
    (value,) = outputs
    (found,) = _refused(outputs, answer, _given(f"$steps.find.outputs.{value}", name), _takes(name))
    assert found.fix == fix


def test_an_output_of_which_another_reads_a_part_stays_the_whole() -> None:
    outputs, answer = {"cursor": "$response.body"}, {"type": "array", "items": _PAGE}
    step = {**_given("$steps.find.outputs.cursor"), "outputs": {"count": "$steps.find.outputs.cursor#/0/count"}}
    (found,) = _refused(outputs, answer, step, _takes("at"))
    assert found.fix == "write `$steps.find.outputs.cursor#/0/cursor`"


def test_the_member_is_named_by_a_member_of_the_payload_too() -> None:
    operation = {"requestBody": {"content": {JSON: {"schema": _object(page=_object(cursor=_TEXT))}}}}
    step = {"requestBody": {"contentType": JSON, "payload": {"page": {"cursor": "$steps.find.outputs.all"}}}}
    (found,) = _refused({"all": "$response.body"}, _PAGE, step, operation)
    assert found.fix == "did you mean `$steps.find.outputs.all#/cursor`?"


def test_the_member_is_named_where_a_workflow_is_called() -> None:
    called = {
        "workflowId": "called",
        "inputs": _object(cursor=_TEXT),
        "steps": [{"stepId": "only", "operationId": "op"}],
    }
    given = [{"name": "cursor", "value": "$steps.find.outputs.all"}]
    step = {"stepId": "tried", "workflowId": "called", "parameters": given}
    workflow = {"steps": [{"stepId": "find", "operationId": "op", "outputs": {"all": "$response.body"}}, step]}
    found = validated({}, first=_answers(_PAGE), workflow=workflow, others=[called])
    assert [each.fix for each in found if each.code == "type-refused"] == [
        "did you mean `$steps.find.outputs.all#/cursor`?"
    ]


_READ: Final = (
    "is read as `$response.body#/cursor`: it has the name of that member, and goes where only the member is taken"
)
_CURSOR: Final = "$steps.find.outputs.cursor"
_BODY: Final[dict[str, Any]] = {"requestBody": {"content": {JSON: {"schema": _object(at=_TEXT)}}}}


def _read(step: dict[str, Any], operation: dict[str, Any], **rest: Any) -> list[Diagnostic]:
    before = {"stepId": "find", "operationId": "op", "outputs": {"cursor": "$response.body"}}
    return list(validated(step, operation, **{"before": before, "first": _answers(_PAGE), **rest}))


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0"])
@pytest.mark.parametrize(
    ("step", "operation"),
    [
        (_given(_CURSOR), _takes("at")),
        (_given(_CURSOR), _takes("at", required=True)),
        (_given(_CURSOR), _takes("at", {"type": "string", "enum": ["a"]})),
        ({"requestBody": {"contentType": JSON, "payload": {"at": _CURSOR}}}, _BODY),
        (
            {
                "requestBody": {
                    "contentType": JSON,
                    "payload": {"at": "a"},
                    "replacements": [{"target": "/at", "value": _CURSOR}],
                }
            },
            _BODY,
        ),
    ],
)
def test_an_output_that_is_named_as_a_member_and_goes_where_only_that_fits_is_read_as_it(
    step: dict[str, Any], operation: dict[str, Any], version: str
) -> None:
    (found,) = _read(step, operation, arazzo=version)
    assert (found.severity.value, found.code) == ("warning", "repaired")
    assert found.message == f"output `cursor`, `$response.body`, {_READ}"
    assert found.fix == "write `cursor: $response.body#/cursor`"
    assert [each.value for each in found.edits] == ["$response.body#/cursor"]


@pytest.mark.parametrize(
    ("step", "operation", "rest"),
    [
        # somebody reads a part of the whole
        (_given(_CURSOR), _takes("at"), {"workflow": {"outputs": {"of": f"{_CURSOR}#/shelves"}}}),
        ({**_given(_CURSOR), "successCriteria": [{"condition": f"{_CURSOR}.count > 0"}]}, _takes("at"), {}),
        (
            {
                **_given(_CURSOR),
                "successCriteria": [{"context": _CURSOR, "condition": "$.shelves[0]", "type": "jsonpath"}],
            },
            _takes("at"),
            {},
        ),
        # the member is refused elsewhere, where the whole is taken
        (
            {**_given(_CURSOR), "requestBody": {"contentType": JSON, "payload": _CURSOR}},
            {**_takes("at"), "requestBody": {"content": {JSON: {"schema": _PAGE}}}},
            {},
        ),
        # where nobody describes what is taken
        (
            {**_given(_CURSOR), "requestBody": {"contentType": JSON, "payload": _CURSOR}},
            {**_takes("at"), "requestBody": {"content": {JSON: {}}}},
            {},
        ),
        # or only a part of it, which may well be an object
        (
            {**_given(_CURSOR), "requestBody": {"contentType": JSON, "payload": {"seen": _CURSOR}}},
            {**_takes("at"), "requestBody": {"content": {JSON: {"schema": _object(seen={})}}}},
            {},
        ),
        (
            {
                **_given(_CURSOR),
                "requestBody": {
                    "contentType": JSON,
                    "payload": {"seen": 1},
                    "replacements": [{"target": "/seen", "value": _CURSOR}],
                },
            },
            {**_takes("at"), "requestBody": {"content": {JSON: {}}}},
            {},
        ),
        # a form may well have the text of an object
        (
            {"requestBody": {"contentType": "multipart/form-data", "payload": {"at": _CURSOR}}},
            {"requestBody": {"content": {"multipart/form-data": {"schema": _object(at=_TEXT)}}}},
            {},
        ),
        # of several elements only the author knows which is meant, and so of a member in another one
        (_given(_CURSOR), _takes("at"), {"first": _answers({"type": "array", "items": _PAGE})}),
        (_given(_CURSOR), _takes("at"), {"first": _answers(_object(data=_PAGE))}),
        (_given(_CURSOR), _takes("at"), {"first": _answers({"oneOf": [_PAGE, _object(id=_TEXT)]})}),
    ],
)
def test_an_output_of_which_the_whole_may_be_meant_stays_the_whole(
    step: dict[str, Any], operation: dict[str, Any], rest: dict[str, Any]
) -> None:
    found = {each.code for each in _read(step, operation, **rest)}
    assert "type-refused" in found
    assert "repaired" not in found


def test_an_output_that_nothing_refuses_stays_the_whole() -> None:
    assert _read({}, {}, workflow={"outputs": {"cursor": _CURSOR}}) == []
