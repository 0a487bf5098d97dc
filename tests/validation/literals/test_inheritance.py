"""A value whose ``discriminator`` names a schema that inherits by ``allOf`` is judged by that one, too."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import validated

JSON: Final = "application/json"
_TEXT: Final = {"type": "string"}


def _schemas(base: dict[str, Any], prefix: str) -> dict[str, Any]:
    told = {"type": "object", "required": ["kind"], "properties": {"kind": _TEXT}, **base}
    own = {"type": "object", "required": ["volume"], "properties": {"volume": {"type": "number"}, "label": _TEXT}}
    inheriting = {"allOf": [{"$ref": f"{prefix}Item"}, own]}
    # of the same name, and no heir
    return {"Item": told, "Drink": inheriting, "Tea": {"allOf": [{"$ref": f"{prefix}Drink"}]}, "Cake": own}


def _complaints(payload: dict[str, Any], base: dict[str, Any], openapi: str) -> list[tuple[str, str]]:
    prefix = "#/definitions/" if openapi == "2.0" else "#/components/schemas/"
    schema = {"$ref": f"{prefix}Item"}
    body = {"required": True, "content": {JSON: {"schema": schema}}}
    sent = {"parameters": [{"name": "body", "in": "body", "schema": schema}], "consumes": [JSON]}
    operation = sent if openapi == "2.0" else {"requestBody": body}
    schemas = _schemas(base, prefix)
    shelf = {"definitions": schemas} if openapi == "2.0" else {"components": {"schemas": schemas}}
    found = validated(
        {"requestBody": {"contentType": JSON, "payload": payload}},
        operation,
        openapi=openapi,
        **shelf,
    )
    return [(each.code, each.message.partition(",")[0]) for each in found]


_BASES: Final = (
    ("2.0", {"discriminator": "kind"}, "Drink"),
    ("3.0.3", {"discriminator": {"propertyName": "kind"}}, "Drink"),
    ("3.1.0", {"discriminator": {"propertyName": "kind"}}, "Tea"),
    ("3.0.3", {"discriminator": {"propertyName": "kind", "mapping": {"d": "#/components/schemas/Drink"}}}, "d"),
    ("3.1.0", {"discriminator": {"propertyName": "kind", "mapping": {"d": "Drink"}}}, "d"),
)


@pytest.mark.parametrize(("openapi", "base", "kind"), _BASES)
def test_what_the_heir_refuses_is_told(openapi: str, base: dict[str, Any], kind: str) -> None:
    refused = ("literal-refused", "`volume` of the payload must be a number")
    assert _complaints({"kind": kind, "volume": "large"}, base, openapi) == [refused]
    assert _complaints({"kind": kind}, base, openapi) == [("literal-refused", "the payload lacks `volume`")]
    misnamed = ("name-undescribed", "operation `tried` does not describe `lable` of the payload")
    assert _complaints({"kind": kind, "volume": 1, "lable": "a"}, base, openapi) == [misnamed]
    assert _complaints({"kind": kind, "volume": 1, "label": "a"}, base, openapi) == []


@pytest.mark.parametrize("kind", ["Cake", "Item", "unknown", "$inputs.sku"])
def test_what_is_no_heir_says_nothing(kind: str) -> None:
    assert _complaints({"kind": kind, "volume": "large"}, {"discriminator": {"propertyName": "kind"}}, "3.0.3") == []
