"""Values that an input lists and that are a slip for one that is taken where the input goes."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import validated

_LISTED: Final = {"type": "string", "enum": ["csv", "parquet", "json"]}
_JSON: Final = "application/json"


def _found(values: list[str], described: Any = _LISTED, condition: str = "$statusCode == 200") -> list[tuple[str, str]]:
    inputs = {"type": "object", "properties": {"kind": {"type": "string", "enum": values}}}
    operation = {"parameters": [{"name": "as", "in": "query", "schema": described}]}
    sent = {
        "parameters": [{"name": "as", "in": "query", "value": "$inputs.kind"}],
        "successCriteria": [{"condition": condition}],
    }
    found = validated(sent, operation, workflow={"inputs": inputs})
    return [(each.message, each.location.pointer if each.location else "") for each in found]


@pytest.mark.parametrize(("slip", "meant"), [("csb", "csv"), ("parquett", "parquet"), ("CSV", "csv"), ("sjon", "json")])
def test_a_listed_value_that_is_a_slip_for_one_that_is_taken_is_told_in_its_line(slip: str, meant: str) -> None:
    others = [each for each in _LISTED["enum"] if each != meant]
    message = f"`$inputs.kind` may be `{slip}`, which query parameter `as` of operation `tried` does not take"
    assert _found([others[0], slip]) == [(message, "/workflows/0/inputs/properties/kind/enum/1")]


@pytest.mark.parametrize(
    ("values", "described"),
    [
        (["csv", "xml"], _LISTED),
        # what is meant is listed, too
        (["csv", "csb"], _LISTED),
        (["csv", "csb"], {"type": "string"}),
        (["csv"], _LISTED),
    ],
    ids=str,
)
def test_a_listed_value_that_may_be_meant_is_let_be(values: list[str], described: Any) -> None:
    assert _found(values, described) == []


def test_an_input_of_which_nothing_is_taken_is_told_where_it_goes() -> None:
    assert [place for _, place in _found(["csb"])] == ["/workflows/0/steps/1/parameters/0/value"]


def test_a_value_that_another_place_takes_is_let_be() -> None:
    inputs = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["csb", "parquet"]}}}
    body = {"content": {_JSON: {"schema": {"properties": {"as": {"enum": ["csb", "parquet"]}}}}}}
    operation = {"parameters": [{"name": "as", "in": "query", "schema": _LISTED}], "requestBody": body}
    sent = {
        "parameters": [{"name": "as", "in": "query", "value": "$inputs.kind"}],
        "requestBody": {"contentType": _JSON, "payload": {"as": "$inputs.kind"}},
    }
    assert validated(sent, operation, workflow={"inputs": inputs}) == ()
