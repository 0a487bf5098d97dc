"""An input that is declared as a text, and goes where an object or a list is taken: how to declare it."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import validated

_JSON: Final = "application/json"
_MADE: Final = {"type": "object", "required": ["id", "make", "year: new"], "properties": {"id": {"readOnly": True}}}
_EITHER: Final = {"oneOf": [_MADE, {"type": "object", "required": ["make"]}]}
_AS_OBJECT: Final = "`{type: object, required: [make, 'year: new']}`"


def _fixes(taken: Any, payload: Any, declared: Any, needed: Any = ("it",)) -> list[str]:
    whole = {"type": "object", "required": [*needed], "properties": {"it": taken, "name": {"type": "string"}}}
    operation = {"requestBody": {"content": {_JSON: {"schema": whole}}}}
    inputs = {"type": "object", "properties": declared}
    step = {"requestBody": {"contentType": _JSON, "payload": payload}}
    found = validated(step, operation, workflow={"inputs": inputs})
    return [f"{each.severity.value}: {each.fix}" for each in found if each.code == "type-refused"]


@pytest.mark.parametrize(
    ("taken", "schema", "what"),
    [
        (_MADE, _AS_OBJECT, "an object"),
        ({"type": "object"}, "`{type: object}`", "an object"),
        ({"type": "array"}, "`{type: array}`", "a list"),
        (
            {"oneOf": [_MADE, {"type": "object", "required": ["make"]}]},
            "`{type: object, required: [make]}`",
            "an object",
        ),
    ],
)
def test_it_is_told_how_to_declare_it(taken: Any, schema: str, what: str) -> None:
    text = {"it": {"type": "string"}}
    fix = f"give {what}: declare `$inputs.it` with {schema} in the workflow's `inputs`"
    assert _fixes(taken, {"it": "$inputs.it"}, text) == [f"error: {fix}"]
    assert _fixes(taken, {"it": "$inputs.it"}, text, ()) == [f"warning: {fix}"]


def test_a_member_of_an_input_is_told_so_too() -> None:
    inputs = {"of": {"type": "object", "properties": {"it": {"type": "string"}}}}
    (fix,) = _fixes(_MADE, {"it": "$inputs.of#/it"}, inputs)
    assert fix == f"error: give an object: declare `$inputs.of#/it` with {_AS_OBJECT} in the workflow's `inputs`"


def test_one_that_is_taken_as_a_text_elsewhere_stays_one() -> None:
    text = {"it": {"type": "string"}}
    assert _fixes(_MADE, {"it": "$inputs.it", "name": "$inputs.it"}, text) == ["error: give an object"]


def test_one_that_is_a_number_stays_one() -> None:
    assert _fixes(_MADE, {"it": "$inputs.it"}, {"it": {"type": "number"}}) == ["error: give an object"]


def test_one_that_is_an_object_with_another_member_is_told_of_the_member() -> None:
    taken = {"type": "object", "required": ["make"], "properties": {"make": {"type": "string"}}}
    declared = {"it": {"type": "object", "properties": {"make": {"type": "integer"}}}}
    assert _fixes(taken, {"it": "$inputs.it"}, declared) == ["warning: give a text as `make`"]
