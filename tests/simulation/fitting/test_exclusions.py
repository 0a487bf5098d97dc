"""Optional inputs that exclude each other in a body are not all made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, thing, written

import arazzo_engine
from arazzo_engine.validation.inputs.given import GivenInputs

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer"}
_DECLARED: Final = {**thing(to=_TEXT, send=_COUNT, receive=_COUNT), "required": ["to"]}


def _closed(*required: str, **properties: Any) -> dict[str, Any]:
    return {**thing(**properties), "required": [*required], "additionalProperties": False}


_ONE_OF: Final = {
    "oneOf": [
        _closed("to", to=_TEXT),
        _closed("to", "send", to=_TEXT, send=_COUNT),
        _closed("to", "receive", to=_TEXT, receive=_COUNT),
    ]
}
_PAYLOAD: Final = {"to": "$inputs.to", "send": "$inputs.send", "receive": "$inputs.receive"}


def _made_up(folder: Path, schema: Any, payload: Any, declared: Any = _DECLARED, **given: Any) -> set[str]:
    operation = {**answers(), "requestBody": {"content": {"application/json": {"schema": schema}}}}
    step = {"stepId": "get", "operationId": "get"}
    body = {"contentType": "application/json", "payload": payload}
    path = written(folder, [{**step, "requestBody": body}], {"get": operation}, inputs=declared)
    with arazzo_engine.Engine() as engine:
        return set(engine.load(path).fill_in(("w",), GivenInputs(given)).given.made_up)


def test_of_inputs_that_exclude_each_other_those_of_one_alternative_are_made_up(tmp_path: Path) -> None:
    assert _made_up(tmp_path, _ONE_OF, _PAYLOAD) == {"to", "send"}


def test_what_is_given_says_which_alternative_it_is(tmp_path: Path) -> None:
    assert _made_up(tmp_path, _ONE_OF, _PAYLOAD, receive=3) == {"to"}


def test_the_alternatives_of_a_part_of_a_body_count_as_well(tmp_path: Path) -> None:
    assert _made_up(tmp_path, thing(quote=_ONE_OF), {"quote": _PAYLOAD}) == {"to", "send"}


@pytest.mark.parametrize(
    ("schema", "declared"),
    [
        # what must be given
        (_ONE_OF, {**_DECLARED, "required": ["to", "send", "receive"]}),
        # an alternative that may have more
        ({"oneOf": [*_ONE_OF["oneOf"][:2], thing(to=_TEXT, receive=_COUNT)]}, _DECLARED),
        # one that has all of them
        ({"oneOf": [*_ONE_OF["oneOf"], _closed(to=_TEXT, send=_COUNT, receive=_COUNT)]}, _DECLARED),
        (thing(to=_TEXT), _DECLARED),
    ],
)
def test_all_inputs_are_made_up_where_nothing_is_gained(tmp_path: Path, schema: Any, declared: Any) -> None:
    assert _made_up(tmp_path, schema, _PAYLOAD, declared) == {"to", "send", "receive"}
