"""What nobody can satisfy is told and bounded, and never rehearsed as a success."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, rehearsed, thing

from arazzo_engine import ArazzoError, RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_STEPS: Final = [
    {"stepId": "a", "operationId": "a", "parameters": [{"name": "q", "in": "query", "value": "$inputs.x"}]}
]
_UNFIT: Final[dict[str, Any]] = {
    "an enum of another type": {"type": "string", "enum": [1]},
    "a const beside an enum": {"const": 1, "enum": [2]},
    "no value at all": {"not": {}},
    "false": False,
    "false as each alternative": {"oneOf": [False, False]},
    "bounds that exclude each other": {"type": "integer", "minimum": 5, "maximum": 3},
    "lengths that exclude each other": {"type": "string", "minLength": 5, "maxLength": 2},
    "a pattern that is no simple one": {"type": "string", "pattern": "^(?=a)b$"},
    "a format and a pattern": {"type": "string", "format": "date", "pattern": "^x"},
    "a billion elements": {"type": "array", "minItems": 10**9},
    "a billion characters": {"type": "string", "minLength": 10**9},
    "a member that must be there and cannot": {"type": "object", "required": ["a"], "properties": {"a": False}},
}


@pytest.mark.parametrize("schema", _UNFIT.values(), ids=_UNFIT)
def test_an_input_that_no_made_up_value_fits_is_told(schema: Any, tmp_path: Path) -> None:
    inputs = {"type": "object", "required": ["x"], "properties": {"x": schema}}
    with pytest.raises(ArazzoError) as told:
        rehearsed(tmp_path, _STEPS, {"a": answers()}, inputs=inputs)
    assert {each.code for each in told.value.diagnostics if each.is_error} <= {"input-invalid", "input-missing"}
    assert "None" not in str(told.value)


_N: Final = {"$ref": "#/paths/~1a/get/responses/200/content/application~1json/schema"}
_ANSWERS: Final[dict[str, Any]] = {
    "itself": _N,
    "itself as a member that must be there": {**thing(n=_N), "required": ["n"]},
    "itself in many members": {**thing(**{f"n{number}": _N for number in range(20)}), "required": ["n1", "n2"]},
    "itself in all of its parts": {"allOf": [_N, thing(n=_N)]},
    "itself as one of its alternatives": {"oneOf": [_N, {"anyOf": [_N]}]},
    "a billion of itself": {"type": "array", "minItems": 10**9, "items": _N},
}


@pytest.mark.parametrize("schema", _ANSWERS.values(), ids=_ANSWERS)
def test_a_schema_that_holds_itself_ends(schema: Any, tmp_path: Path) -> None:
    read = "$response.body#/0/0" if "items" in schema else "$response.body#/n/n/n"
    step = {"stepId": "a", "operationId": "a", "outputs": {"d": read}}
    report = rehearsed(tmp_path, [step], {"a": answers(schema)})
    assert report.status is RunStatus.SUCCEEDED


def test_a_ring_of_thousands_of_schemas_ends(tmp_path: Path) -> None:
    count, at = 3_000, "#/paths/~1a/get/requestBody/content/application~1json/schema/$defs"
    ring = {f"n{each}": thing(n={"$ref": f"{at}/n{(each + 1) % count}"}) for each in range(count)}
    body = {"content": {"application/json": {"schema": {"$ref": f"{at}/n0", "$defs": ring}}}}
    step = {"stepId": "a", "operationId": "a", "requestBody": {"payload": {"n": {"n": {}}}}}
    report = rehearsed(tmp_path, [step], {"a": {**answers(), "requestBody": body}})
    assert report.status is RunStatus.SUCCEEDED


@pytest.mark.parametrize(
    "conditions",
    [
        ["$response.body#/a == null", "$response.body#/a/b == 1"],
        ["1 == 2"],
    ],
)
def test_criteria_that_contradict_each_other_are_told_and_no_success(conditions: list[str], tmp_path: Path) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [{"condition": each} for each in conditions]}
    inputs = {"type": "object", "properties": {"x": {"type": "string"}}}
    report = rehearsed(tmp_path, [step], {"a": answers()}, inputs=inputs)
    assert report.status is RunStatus.FAILED
    assert "no answer was found that the step's criteria accept" in report.steps[0].notes


@pytest.mark.parametrize(
    "conditions",
    [
        ["$statusCode == 200", "$statusCode == 201"],
        ["$response.body#/a == 1", "$response.body#/a != 1"],
        ["$response.body#/a > 5 && $response.body#/a < 3"],
        ["$inputs.x == 'y'", "$inputs.x == 'z'"],
    ],
)
def test_criteria_that_certainly_exclude_each_other_are_refused(conditions: list[str], tmp_path: Path) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [{"condition": each} for each in conditions]}
    inputs = {"type": "object", "properties": {"x": {"type": "string"}}}
    with pytest.raises(ArazzoError, match="criteria-contradictory"):
        rehearsed(tmp_path, [step], {"a": answers()}, inputs=inputs)


@pytest.mark.parametrize(
    "condition",
    [
        "$[?length($.items) == 100000000]",
        "$[?count($.items[*]) > 100000000]",
        "$[?match($.name, '(a{1000}){1000}')]",
        f"$[?{'!' * 200}@.a]",
        f"$[?{'(' * 100}@.a{')' * 100}]",
        f"${'[*]' * 150}",
    ],
)
def test_a_query_that_asks_for_too_much_is_bounded(condition: str, tmp_path: Path) -> None:
    criterion = {"context": "$response.body", "type": "jsonpath", "condition": condition}
    step = {"stepId": "a", "operationId": "a", "successCriteria": [criterion]}
    assert _codes(tmp_path, step) in ([], ["invalid-query"])


def _codes(folder: Path, step: dict[str, Any]) -> list[str]:
    """Return why a rehearsal is refused; one that is not refused ends."""
    try:
        rehearsed(folder, [step], {"a": answers()})
    except ArazzoError as error:
        return [each.code for each in error.diagnostics]
    return []


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "integer", "minimum": 5, "maximum": 3}, "`#/q` must be at most 3"),
        ({"type": "string", "enum": [1]}, "`#/q` must be a string, not an integer"),
        ({"type": "array", "minItems": 10**9}, "`#/q` must have at least 1000000000 elements"),
        ({"allOf": [{"type": "object"}, {"type": "array"}]}, "`#/q` must be a list, not an object"),
    ],
)
def test_an_answer_that_nobody_can_give_is_told(schema: Any, said: str, tmp_path: Path) -> None:
    step = {"stepId": "a", "operationId": "a", "outputs": {"q": "$response.body#/q"}}
    report = rehearsed(tmp_path, [step], {"a": answers(thing(q=schema))})
    assert report.steps[0].notes == (f"no answer was found that fits the description: {said}",)
