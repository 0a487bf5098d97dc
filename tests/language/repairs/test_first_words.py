"""How an expression begins: what is nearly a root, ids in brackets, and an answer that is named by other words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair


def _read(value: str | None = None, output: Any = "$url", condition: str = "$statusCode == 200") -> dict[str, Any]:
    """Return the steps of a document with a value, an output of a step and a condition, as they are read."""
    find = {
        "stepId": "find",
        "operationId": "findItem",
        "successCriteria": [{"condition": condition}],
        "outputs": {"id": "$response.body#/id", "a": output},
    }
    parameters = [] if value is None else [{"name": "id", "in": "path", "value": value}]
    get = {"stepId": "get", "operationId": "getItem", "parameters": parameters}
    inputs = {"type": "object", "properties": {"sku": {"type": "string"}}}
    workflow = {"workflowId": "w", "inputs": inputs, "steps": [find, get], "outputs": {"a": "$steps.find.outputs.a"}}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow]})
    steps = repair(read_document(text, "file:///a.json")).document.value["workflows"][0]["steps"]
    return {
        "value": steps[1]["parameters"][0]["value"] if parameters else None,
        "output": steps[0]["outputs"]["a"],
        "condition": steps[0]["successCriteria"][0]["condition"],
    }


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("$input.sku", "$inputs.sku"),
        ("$inputs['sku']", "$inputs.sku"),
        ('$inputs["sku"]', "$inputs.sku"),
        ("$step.find.outputs.id", "$steps.find.outputs.id"),
        ("$Inputs.sku", "$inputs.sku"),
        ("$STEPS.find.outputs.id", "$steps.find.outputs.id"),
        ("$steps['find'].outputs.id", "$steps.find.outputs.id"),
        ("$steps['find']['outputs']['id']", "$steps.find.outputs.id"),
        ("$steps.find.output.id", "$steps.find.outputs.id"),
        ("$steps.find.captures.id", "$steps.find.outputs.id"),
        ("$steps->find->outputs->id", "$steps.find.outputs.id"),
        # a member of what the step got, where an output is that
        ("$steps.find.json.name", "$steps.find.outputs.a"),
        ("$steps.find.name", "$steps.find.outputs.a"),
        ("$steps.find.captures.gone", "$steps.find.captures.gone"),
        ("$find.outputs.id", "$steps.find.outputs.id"),
        ("$find.id", "$steps.find.outputs.id"),
        ("$find.outputs.id.a[0]", "$steps.find.outputs.id#/a/0"),
        ("$.steps['find'].outputs['id']", "$steps.find.outputs.id"),
        # the reader tells that there is no such step
        ("$steps['gone'].outputs.id", "$steps.gone.outputs.id"),
        *((each, each) for each in ("$input.other", "$gone.outputs.id", "$find.other")),
    ],
)
def test_a_root_that_is_nearly_one_is_read_where_it_names_something(text: str, meant: str) -> None:
    assert _read(value=text, output="$response.body#/name")["value"] == meant


def test_an_output_that_a_program_reads_is_one_that_a_step_gives() -> None:
    assert _read(value="$steps.find.token", output="r.json('token')")["value"] == "$steps.find.outputs.a"


def test_an_output_that_is_called_so_comes_before_a_member_of_the_answer() -> None:
    assert _read(value="$steps.find.id", output="$response.body#/a")["value"] == "$steps.find.outputs.id"
    assert _read(value="$steps.find.a", output="$response.body#/id")["value"] == "$steps.find.outputs.a"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("$response.json.id", "$response.body#/id"),
        ("$response.json().items[0]", "$response.body#/items/0"),
        ("$response#/id", "$response.body#/id"),
        ("$response.header#/Location", "$response.header.Location"),
        ("$response.headers/Location", "$response.header.Location"),
        ("$body.id", "$response.body#/id"),
        ("body.id", "$response.body#/id"),
        ("response.body#/id", "$response.body#/id"),
        ("response.header.ETag", "$response.header.ETag"),
        ("response.id", "$response.body#/id"),
        ("response.items[0].id", "$response.body#/items/0/id"),
        ("response.data", "response.data"),
        ("{{ response.body.id }}", "$response.body#/id"),
        ("${statusCode}", "$statusCode"),
        ("$.id", "$response.body#/id"),
        ("$[0].id", "$response.body#/0/id"),
        ("$", "$response.body"),
        (".id", "$response.body#/id"),
        (".items[0].id", "$response.body#/items/0/id"),
        (".[0].id", "$response.body#/0/id"),
        ("{{ .id }}", "$response.body#/id"),
        ("${ $response.body.id }", "$response.body#/id"),
        ("{{$response.body#/id}}", "$response.body#/id"),
        ("$responses.body.id", "$response.body#/id"),
        ("$Response.Body#/id", "$response.body#/id"),
        ("$res.headers.ETag", "$response.header.ETag"),
        ("#{response.body.id}", "$response.body#/id"),
        ("$(response.body.id)", "$response.body#/id"),
        ("<%= body.id %>", "$response.body#/id"),
        ('jsonpath "$.items[0].id"', "$response.body#/items/0/id"),
        ("header 'ETag'", "$response.header.ETag"),
        # as programs and automation tools read an answer
        ("r.json('token')", "$response.body#/token"),
        ("r.json()", "$response.body"),
        ("${resp.json()['items'][0]['id']}", "$response.body#/items/0/id"),
        ("response.json().user?.id", "$response.body#/user/id"),
        ('extract().path("id")', "$response.body#/id"),
        ('response.then().extract().path("items[0].id")', "$response.body#/items/0/id"),
        ('jsonPath().getString("a.b")', "$response.body#/a/b"),
        ("JSON.parse(responseBody).id", "$response.body#/id"),
        ("json.loads(response.text)['id']", "$response.body#/id"),
        ("response.headers.get('ETag')", "$response.header.ETag"),
        ("resp.status_code", "$statusCode"),
        ("response.Headers.Location", "$response.header.Location"),
        ("(await response.json())[0].id", "$response.body#/0/id"),
        ("res('user.id')", "$response.body#/user/id"),
        ('jsonPath("$.id").saveAs("id")', "$response.body#/id"),
        ("cy.get('@create').its('body.id')", "$response.body#/id"),
        ("$response->getHeaderLine('ETag')", "$response.header.ETag"),
        ("${response.statusCode}", "$statusCode"),
        ("$json.items[0].id", "$response.body#/items/0/id"),
        ("={{ $json.id }}", "$response.body#/id"),
        ("$node.find.json.id", "$response.body#/id"),
        ('{{ $node["find"].json.id }}', "$response.body#/id"),
        *((each, each) for each in ("$node.other.json.id", "r.json().items.length", "read.json('a')", "r.json(a)")),
        ("inputs.sku", "$inputs.sku"),
        ("$steps.find.response.body#/id", "$response.body#/id"),
        # a text, or of nothing that there is
        *(
            (each, each)
            for each in (
                "body",
                "ready",
                ".",
                ".5",
                ".pdf",
                ".mp4",
                ".PDF",
                ".id | length",
                "a .id",
                "$5.00",
                "inputs.other",
                "steps.gone.outputs.id",
                "$..id",
                'jsonpath "$..id"',
                "header",
            )
        ),
    ],
)
def test_an_output_of_a_step_is_read_of_the_answer_that_it_names_by_other_words(text: str, meant: str) -> None:
    assert _read(output=text)["output"] == meant


@pytest.mark.parametrize("output", ["$.x", "body.x", "$response.body.x", "$response.json.x", "$response.body#x"])
def test_an_own_output_in_a_condition_is_what_it_is_read_as(output: str) -> None:
    assert _read(output=output, condition="$steps.find.outputs.a != null")["condition"] == "$response.body#/x != null"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("$response.body#/items[0].id != null", "$response.body#/items/0/id != null"),
        ("$response.body.$.state == 'open'", "$response.body#/state == 'open'"),
        ("$response.body#state == 'open'", "$response.body#/state == 'open'"),
        ("$response.json.state == 'open'", "$response.body.state == 'open'"),
        ("$input.sku == 'a'", "$inputs.sku == 'a'"),
        ("$steps.find.outputs.id == 'a'", "$response.body#/id == 'a'"),
        ("$steps.find.outputs.id#/b == 'a'", "$response.body#/id/b == 'a'"),
        ("$outputs.id == 'a' && $statusCode == 200", "$response.body#/id == 'a' && $statusCode == 200"),
        ("$statusCode == 200;", "$statusCode == 200"),
        # beside what other repairs write
        (
            "$response.body#/items[0].id == null || {{inputs.sku}} == 'x'",
            "$response.body#/items/0/id == null || $inputs.sku == 'x'",
        ),
        ("{{find.id}} == 'x' || {{input.sku}} == 'y'", "$response.body#/id == 'x' || $inputs.sku == 'y'"),
        ("{{steps.find.outputs.id}} == 'x'", "$response.body#/id == 'x'"),
        (
            "{find.id} == 'x' || {inputs.sku} == '{inputs.sku}'",
            "$response.body#/id == 'x' || $inputs.sku == '{inputs.sku}'",
        ),
        ("{gone.id} == 'x'", "{gone.id} == 'x'"),
        ("exists($steps.find.outputs.id)", "$response.body#/id != null"),
        ("$response.body#/state in ['x, y', 'z']", "$response.body#/state == 'x, y' || $response.body#/state == 'z'"),
        ("$response.body#/state == response.completed", "$response.body#/state == 'response.completed'"),
        ("exists($response.body#/id)", "$response.body#/id != null"),
        ("!exists($response.body#/id) || isNull($url)", "$response.body#/id == null || $url == null"),
        # every element, an output that there is not, what stands in quotes
        *(
            (each, each)
            for each in (
                "$response.body#/items[*].id != null",
                "$steps.find.outputs.other == 'a'",
                "$response.body#/a == 'exists($url)'",
                "$response.body.items[0].id != null",
            )
        ),
        ("${body.status} == 'paid'", "$response.body.status == 'paid'"),
        ("${resp.status_code} == 200", "$statusCode == 200"),
        ("{{ resp.json()['id'] }} == 'a'", "$response.body#/id == 'a'"),
    ],
)
def test_a_condition_is_read_with_what_it_names_by_other_words(text: str, meant: str) -> None:
    assert _read(condition=text)["condition"] == meant


@pytest.mark.parametrize(
    ("output", "meant"),
    [
        ({"expression": "$response.body#/id"}, "$response.body#/id"),
        ({"jsonPath": "$.id"}, "$response.body#/id"),
        ({"json_path": "$.items[0].id", "description": "the first"}, "$response.body#/items/0/id"),
        ({"jsonPointer": "/id"}, "$response.body#/id"),
        ({"path": "$.id"}, "$response.body#/id"),
        ({"type": "jsonpath", "query": "$.id"}, "$response.body#/id"),
        ({"from": "$response.body", "path": "$.id"}, "$response.body#/id"),
        ({"source": "$response.body#/item", "path": "/id"}, "$response.body#/item/id"),
        ({"in": "body", "path": "$.id"}, "$response.body#/id"),
        ({"context": "$response.body", "selector": "$.id"}, "$response.body#/id"),
        # in a language that names no part: the reader tells of that
        *(
            (each, each)
            for each in (
                {"context": "$response.body", "path": "/ok", "language": "xpath"},
                {"from": "$response.body", "query": "/id=(.)/", "type": "regex"},
            )
        ),
        *(
            # several values, one of a name that may be its own, and what no pointer says: the reader tells of that
            (each, {"x-arazzo-engine-value": each})
            for each in (
                {"path": "$response.body#/path"},
                {"path": "$response.body#/path", "id": "$response.body#/id"},
                {"source": "$response.body#/from", "value": "$response.body#/to", "id": "$url"},
            )
        ),
        *(
            (each, each)
            for each in (
                {"from": "$response.body", "path": "$.a[?@.b == 'c'].id"},
                {"context": "$response.body", "selector": "$.id", "type": "jsonpath"},
                {"from": "header", "path": "$.id"},
                {"type": "xpath", "path": "//id"},
                {"value": "$response.body#/id", "path": "$.id"},
                {"expression": "ready"},
            )
        ),
        (
            {"a": "$.id", "b": {"c": "$response.body#/c"}},
            {"x-arazzo-engine-value": {"a": "$response.body#/id", "b": {"c": "$response.body#/c"}}},
        ),
    ],
)
def test_an_output_in_words_is_the_value_that_they_say(output: dict[str, Any], meant: Any) -> None:
    assert _read(output=output)["output"] == meant
