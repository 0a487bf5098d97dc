"""A value that is nothing but a `$ref` would be sent as it stands: it is told, unless the API may want it."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, codes, validated

JSON: Final = "application/json"
REFUSED: Final = ("error", "reference-in-a-value")
WARNED: Final = ("warning", "reference-in-a-value")
PLACE: Final = {"type": "object", "properties": {"city": {"type": "string"}}}
OPEN: Final = {"type": "object", "properties": {"place": PLACE, "schema": {"type": "object"}}}
LINK: Final = {"type": "object", "properties": {"$ref": {}, "place": {"type": "object", "properties": {"$ref": {}}}}}
FIX: Final = "; if the API wants the `$ref` itself, describe it in the schema"


def _sent(payload: Any, schema: Any = OPEN, **body: Any) -> Findings:
    operation = {"requestBody": {"content": {JSON: {"schema": schema}}}}
    return validated({"requestBody": {"contentType": JSON, "payload": payload, **body}}, operation)


def _about(findings: Findings) -> list[tuple[str, str]]:
    return [each for each in codes(findings) if each[1] == "reference-in-a-value"]


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ({"$ref": "body.json"}, REFUSED),
        ({"$ref": "bodies/order.yaml#/first"}, REFUSED),
        ({"$ref": "https://shop.example.com/order.yml"}, REFUSED),
        ({"$ref": "#/components/examples/order/value"}, REFUSED),
        ('{"$ref": "body.json"}', REFUSED),
        ({"place": {"$ref": "place.json"}}, REFUSED),
        ({"place": {"$ref": "place.json"}, "schema": "$inputs.customer"}, REFUSED),
        ([{"$ref": "place.json"}], REFUSED),
        ({"schema": {"$ref": "order.json"}}, WARNED),
        ({"schema": {"items": {"$ref": "#/$defs/order"}}}, WARNED),
    ],
)
def test_a_payload_that_only_refers_is_told(payload: Any, told: tuple[str, str]) -> None:
    assert _about(_sent(payload)) == [told]


@pytest.mark.parametrize(
    ("payload", "schema"),
    [
        ({"$ref": "body.json"}, LINK),
        ({"$ref": "body.json"}, {"oneOf": [PLACE, LINK]}),
        ({"place": {"$ref": "body.json"}}, LINK),
        # a schema that refers to a part of itself
        ({"$defs": {"order": {}}, "items": {"$ref": "#/$defs/order"}}, OPEN),
        # what is no reference by its looks, and what has other members
        ({"place": {"$ref": "customers"}}, OPEN),
        ({"place": {"$ref": "body.json", "city": "Rome"}}, OPEN),
        ({"place": {"$ref": "$inputs.sku"}}, OPEN),
        ({"place": {"city": "body.json"}}, OPEN),
    ],
)
def test_what_the_api_may_want_is_sent(payload: Any, schema: Any) -> None:
    assert _about(_sent(payload, schema)) == []


def test_a_value_that_is_put_into_a_payload_is_held_to_it_too() -> None:
    replacement = {"target": "/place", "value": {"$ref": "place.json"}}
    (found,) = _sent({"place": {"city": "Rome"}}, replacements=[replacement])
    assert (
        found.message
        == 'the value at `/place` would be sent as `{"$ref": "place.json"}`: a `$ref` in a value leads nowhere'
    )
    assert found.fix == f"write what `place.json` holds in place of the `$ref`{FIX}"
    assert _about(_sent({"place": {"city": "Rome"}}, LINK, replacements=[replacement])) == []


def test_a_value_that_is_put_where_any_object_may_stand_is_a_part_of_the_payload() -> None:
    replacement = {"target": "/schema", "value": {"$ref": "#/place"}}
    assert _about(_sent({"schema": {}}, replacements=[replacement])) == [WARNED]
    assert _about(_sent({"schema": {}, "place": {}}, replacements=[replacement])) == []


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
def test_a_parameter_of_an_operation_or_workflow_is_held_to_it_too(location: str) -> None:
    parameter = {"name": "place", "in": location, "value": {"$ref": "place.json"}}
    assert _about(validated({"parameters": [parameter]})) == [REFUSED]
    assert _about(validated({}, workflow={"parameters": [parameter]})) == [REFUSED]


def test_an_input_of_a_called_workflow_is_held_to_it_too() -> None:
    called = {
        "workflowId": "v",
        "inputs": {"properties": {"place": {}}},
        "steps": [{"stepId": "s", "operationId": "op"}],
    }
    given = [{"name": "place", "value": {"$ref": "place.json"}}]
    calling = {"stepId": "call", "workflowId": "v", "parameters": given}
    steps = [{"stepId": "find", "operationId": "op"}, calling]
    assert _about(validated({}, workflow={"steps": steps}, others=[called])) == [REFUSED]


def test_a_place_of_the_document_is_shown() -> None:
    (found,) = (each for each in _sent({"$ref": "#/workflows/0/inputs"}) if each.code == "reference-in-a-value")
    assert found.fix == f"write what stands there in place of the `$ref`{FIX}"
    assert [each.message for each in found.related] == ["what it names"]


def test_a_step_that_wants_to_be_refused_may_send_it() -> None:
    step = {"requestBody": {"payload": {"$ref": "body.json"}}, "successCriteria": [{"condition": "$statusCode == 400"}]}
    operation = {"requestBody": {"content": {JSON: {"schema": OPEN}}}, "responses": {"400": {"description": "no"}}}
    assert _about(validated(step, operation)) == [WARNED]


def test_a_body_that_is_a_reference_is_told_to_be_written() -> None:
    findings = validated({"requestBody": {"$ref": "body.json"}})
    fixes = [each.fix for each in findings if each.code == "field-unknown"]
    assert fixes == ["write the body itself, as `contentType` and `payload`: no component is a body"]
