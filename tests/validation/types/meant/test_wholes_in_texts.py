"""An object as a whole within the text of a URL, and in the place of a file: what is meant is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from validated import validated

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_TEXT: Final[dict[str, Any]] = {"type": "string"}
_PET: Final[dict[str, Any]] = {"type": "object", "properties": {"id": _TEXT, "name": _TEXT, "tags": {"type": "array"}}}
_FIRST: Final = {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": _PET}}}}}
_BEFORE: Final = {
    "stepId": "find",
    "operationId": "op",
    "outputs": {"pet": "$response.body", "id": "$response.body#/id"},
}
_MEMBERS: Final = "name the member that is meant: `{$steps.find.outputs.pet#/id}` or `{$steps.find.outputs.pet#/name}`"


def _told(value: Any, place: str, name: str = "at") -> list[Diagnostic]:
    parameter = {"name": name, "in": place}
    operation = {"parameters": [{**parameter, "required": place == "path", "schema": _TEXT}]}
    step = {"parameters": [{**parameter, "value": value}]}
    path = f"/tried/{{{name}}}" if place == "path" else "/tried"
    found = validated(step, operation, before=_BEFORE, first=_FIRST, path=path)
    return [each for each in found if each.code == "type-refused"]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("{$steps.find.outputs.pet}", "path"),
        ("pet-{$steps.find.outputs.pet}", "path"),
        ("name:{$steps.find.outputs.pet}", "query"),
    ],
)
def test_an_object_within_the_text_of_a_url_is_told_with_its_members(value: str, place: str) -> None:
    (finding,) = _told(value, place)
    what = f"{place} parameter `at` of operation `tried`"
    assert (
        finding.message
        == f"`{{$steps.find.outputs.pet}}` is an object, and stands as a whole within the text of {what}"
    )
    assert (finding.severity.value, finding.fix) == ("warning", _MEMBERS)


def test_the_member_that_has_the_name_of_the_place_is_the_one_that_is_meant() -> None:
    (finding,) = _told("pet-{$steps.find.outputs.pet}", "path", "petId")
    assert finding.fix == "did you mean `$steps.find.outputs.pet#/id`?"


def test_a_member_of_an_object_of_which_none_is_described_is_left_to_be_named() -> None:
    inputs = {"type": "object", "properties": {"pet": {"type": "object"}}}
    operation = {"parameters": [{"name": "at", "in": "query", "schema": _TEXT}]}
    step = {"parameters": [{"name": "at", "in": "query", "value": "of {$inputs.pet}"}]}
    (finding,) = validated(step, operation, workflow={"inputs": inputs})
    assert finding.fix == "name the member that is meant: `{$inputs.pet#/…}`"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("pet-{$steps.find.outputs.id}", "path"),
        ("pet-{$steps.find.outputs.pet#/id}", "path"),
        ("{$steps.find.outputs.pet}", "query"),
        ('{"pet": {$steps.find.outputs.pet}}', "query"),
        ('{"pet": {$steps.find.outputs.pet}}', "path"),
        ("found {$steps.find.outputs.pet}", "header"),
    ],
)
def test_a_member_and_the_text_of_json_are_not_told(value: str, place: str) -> None:
    assert _told(value, place) == []


@pytest.mark.parametrize("value", [{"a": 1}, "$steps.find.outputs.pet"])
def test_what_is_sent_in_the_place_of_a_file_is_to_be_one(value: Any) -> None:
    schema = {"type": "object", "properties": {"photo": {"type": "string", "format": "binary"}}}
    operation = {"requestBody": {"content": {"multipart/form-data": {"schema": schema}}}}
    step = {"requestBody": {"contentType": "multipart/form-data", "payload": {"photo": value}}}
    (finding,) = validated(step, operation, before=_BEFORE, first=_FIRST)
    assert finding.fix.startswith("give an input that is the file: `$inputs.<name>`, with `-i <name>=@<path>`")
