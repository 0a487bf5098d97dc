"""What replacements put into a payload is judged as it will be sent, and told where it is written."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, validated

_USER: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "code": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "address": {"type": "object", "required": ["zip"], "properties": {"zip": {"type": "string"}}},
        "pay": {"oneOf": [{"type": "object", "properties": {"by": {"type": "integer"}}}, {"type": "string"}]},
    },
}
_OF_STEP: Final = "$steps.find.outputs.id"


def _sent(payload: Any, *replacements: dict[str, Any]) -> Findings:
    operation = {"requestBody": {"required": True, "content": {"application/json": {"schema": _USER}}}}
    body = {"contentType": "application/json", "payload": payload, "replacements": list(replacements)}
    return tuple(each for each in validated({"requestBody": body}, operation) if each.code == "literal-refused")


def _put(target: str, value: Any) -> dict[str, Any]:
    return {"target": target, "value": value}


def _chosen(target: str, value: Any) -> dict[str, Any]:
    return {"target": target, "targetSelectorType": "jsonpath", "value": value}


@pytest.mark.parametrize(
    "payload", [{"name": "n", "code": "x"}, '{"name": "n", "code": "x"}', {"name": "n", "code": _OF_STEP}]
)
def test_a_literal_of_a_replacement_is_told_at_its_own_place(payload: Any) -> None:
    (finding,) = _sent(payload, _put("/name", "other"), _put("/code", 94107))
    assert (
        finding.message == "`code` of the payload must be a string, not an integer, as operation `tried` describes it"
    )
    assert finding.location is not None
    assert finding.location.pointer == "/workflows/0/steps/1/requestBody/replacements/1/value"


def test_a_part_of_a_replacement_is_told_at_that_part() -> None:
    (finding,) = _sent({"name": "n", "address": {"zip": "1"}}, _put("/address", {"zip": 7}))
    assert finding.location is not None
    assert finding.location.pointer == "/workflows/0/steps/1/requestBody/replacements/0/value/zip"


@pytest.mark.parametrize(
    ("replacement", "severity", "named"),
    [
        (_put("/code", 94107), "warning", "code"),
        (_put("/name", 94107), "error", "name"),
        (_put("/address/zip", 94107), "error", "address/zip"),
        (_put("/address", {"zip": 94107}), "error", "address/zip"),
        (_put("/tags/2", 7), "warning", "tags/2"),
        # a JSONPath that names one place is no other than the pointer to it
        (_chosen("$.code", 94107), "warning", "code"),
        (_chosen("$['address'].zip", 94107), "error", "address/zip"),
    ],
)
def test_a_literal_that_is_put_into_what_an_expression_gives_is_judged_alone(
    replacement: dict[str, Any], severity: str, named: str
) -> None:
    (finding,) = _sent(_OF_STEP, replacement)
    assert (finding.severity.value, finding.code) == (severity, "literal-refused")
    assert finding.message.startswith(f"`{named}` of the payload must be a string, not an integer")
    assert finding.location is not None
    assert finding.location.pointer.startswith("/workflows/0/steps/1/requestBody/replacements/0/value")


@pytest.mark.parametrize(
    "replacements",
    [
        # what nobody describes, what depends on what is not known, what is no literal, and what is not sent after all
        [_put("/other", 7)],
        [_put("/pay/by", "card")],
        [_put("/code", "$inputs.sku")],
        [_put("/code", "94107")],
        [_put("/code", 94107), _put("/code", "94107")],
        [_put("/address", {"zip": 94107}), _put("", {"name": "n"})],
        [_chosen("$..code", 94107)],
    ],
)
def test_nothing_is_told_of_what_may_be_right(replacements: list[dict[str, Any]]) -> None:
    assert _sent(_OF_STEP, *replacements) == ()


def test_a_part_of_a_payload_that_an_expression_gives_is_judged_the_same() -> None:
    (finding,) = _sent({"name": "n", "address": _OF_STEP}, _put("/address/zip", 7))
    assert finding.message.startswith("`address/zip` of the payload must be a string, not an integer")


@pytest.mark.parametrize(
    ("target", "fix"),
    [
        ("$.cde", "did you mean `code`?"),
        # a pointer adds a member; what a JSONPath does not select is not there to be replaced
        ("$.extra", "put the place into the payload, or correct the target"),
    ],
)
def test_a_json_path_that_names_what_the_payload_does_not_have_selects_nothing(target: str, fix: str) -> None:
    operation = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}
    body = {"contentType": "application/json", "payload": {"code": "x"}, "replacements": [_chosen(target, "y")]}
    (finding,) = (each for each in validated({"requestBody": body}, operation) if each.code == "replacement-target")
    assert (finding.severity.value, finding.fix) == ("error", fix)


def test_what_is_put_nowhere_is_not_told_as_a_member_that_is_not_allowed() -> None:
    schema = {"type": "object", "properties": {"code": {"type": "string"}}, "additionalProperties": False}
    operation = {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
    body = {"contentType": "application/json", "payload": {"code": "x"}, "replacements": [_chosen("$.cde", "y")]}
    assert [each.code for each in validated({"requestBody": body}, operation)] == ["replacement-target"]
