"""A step without a body, where what its operation describes has required members, is told what to write."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import validated

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_PARTS: Final = "multipart/form-data"
_FILE: Final = {"type": "string", "format": "binary"}
_OBJECT: Final = {
    "type": "object",
    "required": ["id", "place", "file name"],
    "properties": {"id": {"readOnly": True}, "place": {"type": "integer"}, "file name": _FILE, "note": {}},
}
_OPEN: Final = {"type": "object", "properties": {"note": {}}}
_WRITTEN: Final = "`payload: {place: …, file name: …}`"


def _taking(*names: str, schema: Any = _OBJECT, **rest: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {each: {"schema": schema} for each in names}, **rest}}


def _told(step: dict[str, Any], operation: dict[str, Any], **rest: Any) -> list[str]:
    found = validated(step, operation, **rest)
    return [
        f"{each.severity.value}: {each.message}; {each.fix}" for each in found if each.code == "request-body-missing"
    ]


@pytest.mark.parametrize("names", [(_JSON,), (_FORM,), (_PARTS,), (_JSON, _FORM)])
@pytest.mark.parametrize("method", ["post", "put"])
def test_a_body_with_required_members_that_is_not_sent_is_told_with_them(names: Any, method: str) -> None:
    (told,) = _told({}, _taking(*names), method=method)
    what = "sends no body, and operation `tried` describes one with `place`, `file name`"
    assert told == f"warning: step `tried` {what}; add `requestBody` with {_WRITTEN}"


def test_one_that_was_begun_is_a_warning_where_it_is_not_said_to_be_required() -> None:
    begun = {"requestBody": {"contentType": _JSON}}
    (told,) = _told(begun, _taking(_JSON))
    what = "sends no body, and operation `tried` describes one with `place`, `file name`"
    assert told == f"warning: step `tried` {what}; put what is sent there: {_WRITTEN}"
    (certain,) = _told(begun, _taking(_JSON, required=True))
    assert certain.startswith("error: step `tried` sends no body, and operation `tried` requires one; ")


def test_what_is_required_is_told_with_its_members() -> None:
    assert _told({}, _taking(_JSON, required=True)) == [
        f"warning: step `tried` sends no body, and operation `tried` requires one; add `requestBody` with {_WRITTEN}"
    ]


_REFUSED: Final = {"successCriteria": [{"condition": "$statusCode == 400"}]}


@pytest.mark.parametrize(
    ("step", "operation", "method"),
    [
        ({}, _taking(_JSON, required=False), "post"),
        ({}, _taking(_JSON, schema=_OPEN), "post"),
        ({}, {"requestBody": {"content": {_JSON: {"schema": _OBJECT}, "text/plain": {}}}}, "post"),
        ({}, {"requestBody": {"content": {}}}, "post"),
        ({}, _taking(_JSON), "patch"),
        ({}, _taking(_JSON), "delete"),
        (_REFUSED, _taking(_JSON), "post"),
        ({"requestBody": {"payload": {"place": 1}}}, _taking(_JSON), "post"),
    ],
)
def test_what_may_be_left_out_is_not_told(step: Any, operation: Any, method: str) -> None:
    assert _told(step, operation, method=method) == []
