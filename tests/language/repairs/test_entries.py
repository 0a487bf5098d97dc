"""An entry of a list that is no object is the one that it can only be, and a word with two meanings is none."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair

_STOP: Final = {"name": "stop", "type": "end"}


def _repaired(step: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    steps = [{"stepId": "a", "operationId": "o", **step}, {"stepId": "b", "operationId": "p"}]
    components = {
        "parameters": {"page": {"name": "page", "in": "query", "value": 1}},
        "failureActions": {"stop": _STOP},
    }
    document = {"components": components, "workflows": [{"workflowId": "w", "inputs": True, "steps": steps}]}
    found = repair(read_document(json.dumps(document), "file:///a.json"))
    return found.document.value["workflows"][0]["steps"][0], [each.message for each in found.problems]


READ_AS: Final[tuple[tuple[dict[str, Any], dict[str, Any]], ...]] = (
    ({"parameters": ["$components.parameters.page"]}, {"parameters": [{"reference": "$components.parameters.page"}]}),
    ({"parameters": "#/components/parameters/page"}, {"parameters": [{"reference": "$components.parameters.page"}]}),
    ({"onFailure": "$components.failureActions.stop"},
     {"onFailure": [{"reference": "$components.failureActions.stop"}]}),
    *(({"parameters": [{each: "x", "value": 1}]}, {"parameters": [{"name": "x", "in": each, "value": 1}]})
      for each in ("path", "query", "header", "cookie")),
    ({"onFailure": "end"}, {"onFailure": [{"name": "end-1", "type": "end"}]}),
    ({"onFailure": ["retry"]}, {"onFailure": [{"name": "retry-1", "type": "retry"}]}),
    ({"onSuccess": ["b"]}, {"onSuccess": [{"name": "goto-1", "type": "goto", "stepId": "b"}]}),
    *(({"successCriteria": found}, {"successCriteria": [{"condition": "$statusCode == 200"}]})
      for found in (200, [200], {"condition": 200}, [{"condition": 200}], [{"statusCode": 200}], [{"status": 200}])),
    ({"successCriteria": [{"context": "$statusCode", "condition": 200}]},
     {"successCriteria": [{"condition": "$statusCode == 200"}]}),
    ({"successCriteria": [{"condition": "200"}]}, {"successCriteria": [{"condition": "$statusCode == 200"}]}),
    ({"successCriteria": [{"condition": True}]}, {"successCriteria": [{"condition": "true"}]}),
    *(({"parameters": [{"name": "a", "in": found, "value": 1}]},
       {"parameters": [{"name": "a", "in": read, "value": 1}]})
      for found, read in (("headers", "header"), ("Cookies", "cookie"), ("Query", "query"))),
    *(({"successCriteria": [{"context": "$response.body", "type": found, "condition": "$.a"}]},
       {"successCriteria": [{"context": "$response.body", "type": "jsonpath", "condition": "$.a"}]})
      for found in ("json-path", "JSON_Path", "Json Path")),
    *(({"parameters": [blank, {"query": "x", "value": 1}, blank]},
       {"parameters": [{"name": "x", "in": "query", "value": 1}]})
      for blank in (None, "", {}, {"name": None, "in": None, "value": None})),
    ({"onSuccess": [{"name": None, "type": ""}, "b", {"name": None, "type": None, "stepId": None}]},
     {"onSuccess": [{"name": "goto-1", "type": "goto", "stepId": "b"}]}),
    ({"onFailure": [None], "dependsOn": [None]}, {"onFailure": []}),
    ({"requestBody": {"payload": {}, "replacements": [{"target": None, "value": None}]}},
     {"requestBody": {"payload": {}, "replacements": []}}),
)  # fmt: skip


@pytest.mark.parametrize(("found", "read"), READ_AS)
def test_an_entry_with_one_reading_is_that_object(found: dict[str, Any], read: dict[str, Any]) -> None:
    step, told = _repaired(found)
    assert step == {"stepId": "a", "operationId": "o", **read}
    assert told


_AT: Final = "{$sourceDescriptions.api.url}#/paths/"


def _called(step: dict[str, Any]) -> dict[str, Any]:
    document = {"workflows": [{"workflowId": "w", "steps": [{"stepId": "a", **step}]}]}
    found = repair(read_document(json.dumps(document), "file:///a.json"))
    called: dict[str, Any] = found.document.value["workflows"][0]["steps"][0]
    return {name: each for name, each in called.items() if name != "stepId"}


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/items", "GET /items"),
        (f"{_AT}~1items", f"{_AT}~1items/get"),
        (f"{_AT}~1items/get", f"{_AT}~1items/get"),
    ],
)
@pytest.mark.parametrize("field", ["method", "httpMethod", "verb"])
def test_a_method_beside_a_path_is_a_part_of_it(path: str, field: str, read: str) -> None:
    assert _called({"operationPath": path, field: "Get"}) == {"operationPath": read}


@pytest.mark.parametrize(
    "step",
    [
        {"operationPath": "GET /items", "method": "get"},
        {"operationPath": f"{_AT}~1items/post", "method": "get"},
        {"operationPath": "/items", "method": "fetch"},
        {"operationPath": "/items", "method": ["get"]},
        {"operationPath": "/items", "operationId": "list", "method": "get"},
        {"operationId": "list", "method": "get"},
    ],
)
def test_a_method_that_adds_nothing_to_a_path_is_told(step: dict[str, Any]) -> None:
    assert _called(step) == step


LEFT_ALONE: Final[tuple[dict[str, Any], ...]] = (
    {"successCriteria": [{"context": "$response.body", "type": "regex", "condition": "200"}]},
    {"successCriteria": [{"context": "$response.body", "type": "jsonpath", "condition": 200}]},
    {"method": "GET", "path": "/items"},
    {"onFailure": ["abort"]},
    {"onFailure": "abort"},
    {"parameters": "page"},
    {"parameters": [{"name": "a", "value": None}, {"name": None, "value": 0}]},
    {"successCriteria": [{"condition": None}]},
    {"successCriteria": [None]},
    {"parameters": ["$components.failureActions.stop"]},
    {"successCriteria": [42]},
    {"successCriteria": [{"condition": 42}]},
    {"successCriteria": [{"statusCode": "ok"}]},
    {"parameters": [{"name": "a", "in": "url", "value": 1}]},
)


@pytest.mark.parametrize("found", LEFT_ALONE)
def test_an_entry_with_two_readings_or_none_is_left_to_the_reader(found: dict[str, Any]) -> None:
    assert _repaired(found) == ({"stepId": "a", "operationId": "o", **found}, [])


@pytest.mark.parametrize(
    "step",
    [
        {"method": "get", "path": "/items"},
        {"method": "GET", "url": "/items"},
        {"httpMethod": "GET", "endpoint": "/items"},
        {"request": {"method": "GET", "path": "/items"}},
        {"http": {"verb": "get", "uri": "/items"}},
        {"operation": {"method": "GET", "path": "/items"}},
    ],
)
def test_a_method_and_a_path_are_the_route_of_an_operation(step: dict[str, Any]) -> None:
    document = {"workflows": [{"workflowId": "w", "inputs": True, "steps": [{"stepId": "a", **step}]}]}
    found = repair(read_document(json.dumps(document), "file:///a.json")).document.value
    assert found["workflows"][0]["steps"] == [{"stepId": "a", "operationPath": "GET /items"}]


@pytest.mark.parametrize(
    "step",
    [
        {"method": "call", "path": "/items"},
        {"method": "GET", "path": "items"},
        {"path": "/items"},
        {"method": "GET", "url": "https://a.example/items"},
    ],
)
def test_a_step_without_either_is_left_alone(step: dict[str, Any]) -> None:
    document = {"workflows": [{"workflowId": "w", "inputs": True, "steps": [{"stepId": "a", **step}]}]}
    assert repair(read_document(json.dumps(document), "file:///a.json")).document.value == document


@pytest.mark.parametrize(
    ("inputs", "read"),
    [
        ([{"name": "a", "type": "string"}], {"type": "object", "properties": {"a": {"type": "string"}}}),
        ([{"name": "a", "type": "string"}, {"name": "a", "type": "integer"}], None),
        (["a"], None),
    ],
)
def test_a_list_of_inputs_is_read_where_each_says_its_name(inputs: list[Any], read: dict[str, Any] | None) -> None:
    steps = [{"stepId": "a", "operationId": "o"}]
    document = {"workflows": [{"workflowId": "w", "inputs": inputs, "steps": steps}]}
    found = repair(read_document(json.dumps(document), "file:///a.json")).document.value
    assert found["workflows"][0]["inputs"] == (read or inputs)


def test_a_workflow_s_output_of_a_step_without_any_is_for_a_person_to_say() -> None:
    steps = [{"stepId": "a", "operationId": "o"}]
    document = {
        "workflows": [{"workflowId": "w", "inputs": True, "steps": steps, "outputs": {"x": "$steps.a.outputs"}}]
    }
    (problem,) = repair(read_document(json.dumps(document), "file:///a.json")).problems
    assert problem.fix == "give step `a` an output, as `body: $response.body`, and write `$steps.a.outputs.body`"
    assert not problem.edits


@pytest.mark.parametrize(
    "parameter", [{"header": "x", "query": "y", "value": 1}, {"header": 1, "value": 1}, {"header": "x"}]
)
def test_a_parameter_that_names_two_places_or_no_value_is_left_as_it_is(parameter: dict[str, Any]) -> None:
    assert _repaired({"parameters": [parameter]})[0]["parameters"] == [parameter]
