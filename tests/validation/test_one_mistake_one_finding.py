"""What cannot be read, or is not there, is told where it stands, and nothing is told that only follows from it."""

from __future__ import annotations

from typing import Any

import pytest
from validated import codes, validated

_PLACED: dict[str, Any] = {"path": "/things/{id}"}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
_KEY = {"name": "X-Key", "in": "header", "required": True, "schema": {"type": "string"}}
_KEY_GIVEN = {"in": "header", "value": "k"}
_OPERATION = {"parameters": [_ID, _KEY]}
_CALLED = {
    "workflowId": "called",
    "inputs": {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}},
    "steps": [{"stepId": "only", "operationId": "op", "outputs": {"id": "$response.body#/id"}}],
}


def _told(step: dict[str, Any], **rest: Any) -> list[str]:
    """Return the codes of what is found in a step at a path with a placeholder, and with a header that it must set."""
    return [code for _, code in codes(validated(step, _OPERATION, **_PLACED, **rest))]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ([{"reference": "$components.parameters.gone"}], "unknown-component"),
        ([{"nam": "id", "in": "path", "value": "x"}], "field-missing"),
        ([{"in": "path", "value": "x"}], "field-missing"),
        (["id"], "field-type"),
        ("id", "field-type"),
    ],
)
def test_a_parameter_that_cannot_be_read_may_be_the_one_that_is_wanted(parameters: Any, code: str) -> None:
    assert _told({"parameters": parameters}) == [code]
    assert _told({}, workflow={"parameters": parameters}) == [code]


_OF_NUMBER: dict[str, Any] = {
    "requestBody": {"content": {"application/json": {"schema": {"properties": {"n": {"type": "integer"}}}}}}
}


def test_a_parameter_without_its_value_sends_no_null() -> None:
    nameless = [{"name": "id", "in": "path", "value.$": "$.find.id"}, {"name": "X-Key", "in": "header", "valeu": "k"}]
    assert _told({"parameters": nameless}) == ["field-missing", "field-missing"]


@pytest.mark.parametrize("text", ["{id}", "{find.id}", "inputs.count"])
def test_a_text_that_is_refused_and_was_meant_as_an_expression_is_told_by_the_refusal(text: str) -> None:
    number = {"name": "n", "in": "query", "required": True, "schema": {"type": "integer"}}
    written = {"{id}": "$steps.find.outputs.id", "{find.id}": "$steps.find.outputs.id"}.get(text, "$inputs.count")
    sent = {"parameters": [{"name": "n", "in": "query", "value": text}]}
    (finding,) = validated(sent, {"parameters": [number]})
    assert codes((finding,)) == [("error", "literal-refused")]
    assert finding.fix == f"write `{written}`"
    # what is only a warning says less than the text
    (finding,) = validated({"requestBody": {"payload": {"n": text}}}, _OF_NUMBER)
    # a template of its own may be meant by a bare name in a payload
    assert codes((finding,)) == [("warning", "literal-refused" if text == "{id}" else "expression-as-text")]


def test_a_parameter_that_cannot_be_read_may_be_the_input_that_is_wanted() -> None:
    unknown = [{"reference": "$components.parameters.gone"}]
    steps = [{"stepId": "call", "workflowId": "called", "parameters": unknown}]
    found = validated({}, workflow={"steps": steps}, others=[_CALLED])
    assert [code for _, code in codes(found)] == ["unknown-component"]
    go = {"name": "go", "type": "goto", "workflowId": "called", "parameters": unknown}
    found = validated({"onSuccess": [go]}, others=[_CALLED])
    assert [code for _, code in codes(found)] == ["unknown-component"]


@pytest.mark.parametrize(("name", "shown"), [("id", []), ("X-Kye", ["/components/parameters/X-Key"]), ("X-Key", [])])
def test_a_component_that_a_reference_nearly_names_is_shown(name: str, shown: list[str]) -> None:
    components = {"parameters": {"X-Key": {**_KEY_GIVEN, "name": "X-Key"}}}
    given = {
        "parameters": [{"reference": f"$components.parameters.{name}"}, {"name": "id", "in": "path", "value": "x"}]
    }
    found = validated(given, _OPERATION, **_PLACED, arazzo_components=components)
    assert [place.location.pointer for each in found for place in each.related] == shown


def test_a_parameter_of_the_components_is_shown_where_it_is_nearly_one_that_is_required() -> None:
    components = {"parameters": {"key": {**_KEY_GIVEN, "name": "pgeSize", "in": "query"}}}
    given = {"parameters": [{"reference": "$components.parameters.key", "value": "other"}]}
    size = {"name": "pageSize", "in": "query", "required": True, "schema": {"type": "string"}}
    (finding,) = validated(given, {"parameters": [size]}, arazzo_components=components)
    assert finding.code == "required-parameter-missing"
    assert "/components/parameters/key/name" in [each.location.pointer for each in finding.related]


@pytest.mark.parametrize("name", ["cotnent-type", "CONTENT-TYP", "x-page-tokn"])
def test_the_case_of_a_header_hides_no_slip(name: str) -> None:
    token = {"name": "X-Page-Token", "in": "header", "schema": {"type": "string"}}
    sent = {"parameters": [{"name": name, "in": "header", "value": "x"}]}
    assert codes(validated(sent, {"parameters": [token]})) == [("warning", "name-undescribed")]
    read = {"outputs": {"it": f"$response.header.{name}"}}
    headers = {"X-Page-Token": {"schema": {"type": "string"}}}
    answer = {"responses": {"200": {"description": "ok", "headers": headers}}}
    assert codes(validated(read, answer)) == [("warning", "part-undescribed")]


def test_a_parameter_of_the_components_is_shown_where_its_name_is_misspelt() -> None:
    components = {"parameters": {"key": {**_KEY_GIVEN, "name": "pgeSize", "in": "query"}}}
    given = {"parameters": [{"reference": "$components.parameters.key", "value": "other"}]}
    size = {"name": "pageSize", "in": "query", "schema": {"type": "string"}}
    (finding,) = validated(given, {"parameters": [size]}, arazzo_components=components)
    assert finding.code == "name-undescribed"
    assert [each.location.pointer for each in finding.related] == ["/components/parameters/key/name"]


@pytest.mark.parametrize("where", ["onSuccess", "successActions"])
def test_an_action_that_cannot_be_read_may_lead_anywhere(where: str) -> None:
    actions = [{"reference": "$components.successActions.gone"}, {"name": "stop", "type": "end"}]
    own = {"before": {"stepId": "find", "operationId": "op", "onSuccess": actions}} if where == "onSuccess" else {}
    of_all = {} if where == "onSuccess" else {"workflow": {"successActions": actions}}
    assert codes(validated({}, **own, **of_all)) == [("error", "unknown-component")]


@pytest.mark.parametrize(
    ("components", "code"),
    [
        ({"parameters": [_ID]}, "field-type"),
        ({"parameters": {"id": "x"}}, "field-type"),
    ],
)
def test_a_component_that_cannot_be_read_is_there(components: dict[str, Any], code: str) -> None:
    given = {"parameters": [{"reference": "$components.parameters.id"}]}
    assert _told(given, arazzo_components=components) == [code]


@pytest.mark.parametrize(
    ("inputs", "code", "fix"),
    [
        (["sku"], "field-type", "write `type: object` and `properties: {sku: {type: string}}`"),
        ({"$ref": "#/components/inputs/gone"}, "reference-not-found", "define `gone` in `components/inputs`"),
        (
            {"reference": "$components.inputs.gone"},
            "input-schema-invalid",
            "write `$ref: '#/components/inputs/gone'`",
        ),
        (
            {"type": "object", "properties": ["sku", "count"]},
            "input-schema-invalid",
            "write `properties` as a mapping: `properties: {sku: {type: string}}`",
        ),
    ],
)
def test_inputs_that_cannot_be_read_may_declare_any(inputs: Any, code: str, fix: str) -> None:
    step = {"parameters": [{"name": "q", "in": "query", "value": "$inputs.sku"}]}
    (found,) = validated(step, workflow={"inputs": inputs})
    assert (found.code, found.fix) == (code, fix)


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ({"stepId": "find", "operationId": "op", "outputs": ["id"]}, "field-type"),
        ({"stepId": "find", "workflowId": "gone"}, "unknown-workflow"),
        ({"operationId": "op", "outputs": {"id": "$response.body#/id"}}, "field-missing"),
        ("find", "field-type"),
    ],
)
def test_a_step_that_cannot_be_read_may_have_the_output(before: Any, code: str) -> None:
    step = {"parameters": [{"name": "q", "in": "query", "value": "$steps.find.outputs.id"}]}
    assert [each for _, each in codes(validated(step, before=before))] == [code]


def test_a_step_that_cannot_be_read_may_be_where_an_action_leads() -> None:
    step = {"onFailure": [{"name": "go", "type": "goto", "stepId": "find"}]}
    assert codes(validated(step, before={"operationId": "op"})) == [("error", "field-missing")]


@pytest.mark.parametrize(
    "step",
    [
        {"onFailure": [{"name": "go", "type": "goto", "stepId": "pay"}]},
        {"dependsOn": ["pay"]},
        {"outputs": {"id": "$steps.pay.outputs.id"}},
        {"outputs": {"id": "$steps.find.outputs.receipt"}},
    ],
)
def test_of_two_steps_with_one_id_either_may_be_the_one_that_is_meant(step: dict[str, Any]) -> None:
    twice = {"stepId": "find", "operationId": "op"}
    assert codes(validated({**step, "stepId": "find"}, before=twice)) == [("error", "id-duplicate")]


@pytest.mark.parametrize("field", ["$ref", "reference"])
def test_a_body_that_is_referred_to_is_told_as_that_alone(field: str) -> None:
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    wanted = {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
    step = {"requestBody": {field: "#/components/requestBodies/thing"}}
    assert codes(validated(step, wanted)) == [("error", "field-unknown")]
    assert codes(validated({"requestBody": {"x-of": "thing"}}, wanted)) == [("error", "request-body-missing")]


@pytest.mark.parametrize("field", ["when", "conditionExpression", "guard"])
def test_an_action_of_which_it_is_not_read_when_it_is_taken_hides_no_other(field: str) -> None:
    actions = [{"name": "go", "type": "end", field: "$statusCode == 201"}, {"name": "stop", "type": "end"}]
    assert codes(validated({"onSuccess": actions})) == [("error", "field-unknown")]


@pytest.mark.parametrize(
    ("step", "mends"),
    [({"description": "The start."}, ", or remove the step"), ({"outputs": {"url": "$url"}}, "")],
)
def test_a_step_that_calls_nothing_and_says_nothing_may_be_removed(step: dict[str, Any], mends: str) -> None:
    (found,) = validated({}, before={"stepId": "start", **step})
    assert found.fix == f"add `operationId`, `operationPath` or `workflowId`{mends}"
