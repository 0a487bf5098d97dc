"""A value whose ``discriminator`` says which of several schemas is its own is judged by that one."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, validated

JSON: Final = "application/json"
_TEXT: Final = {"type": "string"}
DRINK: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["kind", "volume", "hot"],
    "properties": {"kind": _TEXT, "volume": {"type": "number"}, "hot": {"type": "boolean"}},
}
CAKE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": _TEXT, "volume": _TEXT, "egg": _TEXT},
}
_REFS: Final = [{"$ref": f"#/components/schemas/{name}"} for name in ("Drink", "Cake")]
DRINK_OF_KIND: Final = {**DRINK, "properties": {**DRINK["properties"], "kind": {"const": "tea"}}}
CAKE_OF_KIND: Final = {**CAKE, "properties": {**CAKE["properties"], "kind": {"enum": ["bun", "pie"]}}}


def _sent(payload: Any, schema: Any, **rest: Any) -> Findings:
    operation = {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}
    body = {"contentType": JSON, "payload": payload}
    components = {"schemas": {"Drink": DRINK, "Cake": CAKE}}
    return validated({"requestBody": body}, operation, components=components, **rest)


def _by(mapping: Any = None, keyword: str = "oneOf", schemas: Any = _REFS) -> dict[str, Any]:
    told = {"propertyName": "kind", **({} if mapping is None else {"mapping": mapping})}
    return {keyword: schemas, "discriminator": told}


TOLD: Final = (
    ("Drink", _by()),
    ("Drink", _by(keyword="anyOf")),
    ("tea", _by({"tea": "#/components/schemas/Drink"})),
    ("tea", _by({"tea": "Drink", "bun": "Cake"})),
    ("tea", _by({"tea": "api.json#/components/schemas/Drink"})),
    ("Drink", _by({"bun": "#/components/schemas/Cake"})),
    ("tea", _by(schemas=[CAKE_OF_KIND, DRINK_OF_KIND])),
    ("Drink", {"allOf": [_by()], "properties": {"note": _TEXT}}),
)


@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(("kind", "schema"), TOLD)
def test_all_that_lacks_by_its_own_schema_is_told(kind: str, schema: Any, openapi: str) -> None:
    found = _sent({"kind": kind}, schema, openapi=openapi)
    messages = [each.message for each in found if each.code == "literal-refused"]
    assert messages == [f"the payload lacks `{name}`, as operation `tried` describes it" for name in ("volume", "hot")]


def test_what_another_schema_would_take_is_refused() -> None:
    (found,) = _sent({"kind": "Drink", "volume": "large", "hot": True}, _by())
    assert found.message == "`volume` of the payload must be a number, not a string, as operation `tried` describes it"
    assert found.is_error
    assert _sent({"kind": "Cake", "volume": "large"}, _by()) == ()


@pytest.mark.parametrize("kind", ["other", "$inputs.sku", "{$inputs.sku}s"])
def test_of_a_value_that_names_no_schema_any_of_them_counts(kind: Any) -> None:
    assert _sent({"kind": kind, "egg": "x"}, _by()) == ()


def test_each_element_of_a_list_is_judged_by_its_own() -> None:
    payload = [{"kind": "Cake"}, {"kind": "Drink", "volume": 1}]
    (found,) = _sent(payload, {"type": "array", "items": _by()})
    assert found.message == "`1` of the payload lacks `hot`, as operation `tried` describes it"
