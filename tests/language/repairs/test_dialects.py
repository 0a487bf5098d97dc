"""Conditions with several things in them that other languages write in another way: all are read, or none is told."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair

_REGEX: Final = {"context": "$response.body#/state", "type": "regex"}


def _repaired(criterion: Any) -> tuple[Any, list[str]]:
    step = {"stepId": "a", "operationId": "o", "successCriteria": [criterion]}
    inputs = {"type": "object", "properties": {"token": {"type": "string"}}}
    before = {"stepId": "b", "operationId": "o", "outputs": {"id": "$response.body#/id"}}
    document = {"arazzo": "1.0.1", "workflows": [{"workflowId": "w", "inputs": inputs, "steps": [step, before]}]}
    found = repair(read_document(json.dumps(document), "file:///a.json"))
    criteria = found.document.value["workflows"][0]["steps"][0]["successCriteria"]
    return criteria[0], [each.message for each in found.problems]


READ_AS: Final = (
    ("$statusCode == 5XX or $statusCode = 429", "($statusCode >= 500 && $statusCode < 600) || $statusCode == 429"),
    ("$statusCode in [404, 5XX] or $url exists",
     "($statusCode == 404 || ($statusCode >= 500 && $statusCode < 600)) || $url != null"),
    ("{$statusCode} = 200 AND {$response.body.id} != undefined", "$statusCode == 200 && $response.body.id != null"),
    ("{$statusCode} == 2XX", "($statusCode >= 200 && $statusCode < 300)"),
    ("statusCode == 200 and body.id exists", "$statusCode == 200 && $response.body.id != null"),
    ("'a in [b]' == $url and $statusCode in [200]", "'a in [b]' == $url && ($statusCode == 200)"),
    # ranges
    ("$statusCode in 200..299", "($statusCode >= 200 && $statusCode <= 299)"),
    ("$statusCode not in [200-299]", "($statusCode < 200 || $statusCode > 299)"),
    ("$statusCode >= 200 <= 299", "$statusCode >= 200 && $statusCode <= 299"),
    ("$statusCode between 200 and 299", "$statusCode >= 200 && $statusCode <= 299"),
    # names of members in double quotes
    ('$response.body["state"] == "a"', "$response.body['state'] == 'a'"),
    ('$response.body.items[0]["a b"] > 1 && $response.body["x"]["y"] != null',
     "$response.body.items[0]['a b'] > 1 && $response.body['x']['y'] != null"),
    # braces and quotes of templates
    ("${response.body#/id} == ${inputs.token}", "$response.body#/id == $inputs.token"),
    ("{{response.body.id}} == 'a'", "$response.body.id == 'a'"),
    ('"$statusCode" == "200"', "$statusCode == '200'"),
    ("${{ inputs.token == 'a' && response.status == 200 }}", "$inputs.token == 'a' && $statusCode == 200"),
    # signs that are left out
    ("inputs.token == steps.b.outputs.id and 'inputs.token' == $url",
     "$inputs.token == $steps.b.outputs.id && 'inputs.token' == $url"),
    # texts that are compared whatever their case
    ("$response.body.state.toLowerCase() == 'a.lower()'", "$response.body.state == 'a.lower()'"),
    # what is denied by a word is the comparison
    ("not $response.body#/id == null", "!($response.body#/id == null)"),
    ("NOT $statusCode = 500 and not $url == 'not $url == 1'", "!($statusCode == 500) && !($url == 'not $url == 1')"),
    ("not $response.body#/id exists or not $url is not null", "!($response.body#/id != null) || !($url != null)"),
    ("res.status eq 201 and resp.body.count gte 3", "$statusCode == 201 && $response.body.count >= 3"),
    ("res.status: eq 201", "$statusCode == 201"),
    ("status : lt 300", "$statusCode < 300"),
    ("$.statusCode == 201", "$statusCode == 201"),
    # functions that ask whether something is there
    ("exists($response.body#/id)", "$response.body#/id != null"),
    ("!exists($response.body#/id) or isNotNull($url)", "$response.body#/id == null || $url != null"),
)  # fmt: skip


@pytest.mark.parametrize(("found", "written"), READ_AS)
def test_a_condition_is_read_with_all_that_it_has(found: str, written: str) -> None:
    read, told = _repaired({"condition": found})
    assert read == {"condition": written}
    assert len(told) == 1


@pytest.mark.parametrize(
    "condition",
    [
        "$response.headers.x contains 'a'",
        "$statusCode = 200 and $response.body#/id contains 'a'",
        "${inputs.unknown} == 1",
        "inputs.unknown == 1",
        "$url == inputs.unknown",
        "exists(it)",
    ],
)
def test_what_is_no_condition_all_the_same_is_told_as_that_alone(condition: str) -> None:
    assert _repaired({"condition": condition})[1] == []


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("/^2x$/", "^2x$"),
        ("'^2x'", "^2x"),
        ('"2x$"', "2x$"),
        # a slash or a quote may be in the text
        ("/2x/", "/2x/"),
        ("/^2x$/i", "/^2x$/i"),
        ("/orders|items$/", "/orders|items$/"),
        ("/^?a/", "/^?a/"),
        (r"/2\$/", r"/2\$/"),
    ],
)
def test_a_pattern_has_delimiters_only_where_it_could_match(found: str, written: str) -> None:
    assert _repaired({**_REGEX, "condition": found})[0] == {**_REGEX, "condition": written}


@pytest.mark.parametrize("condition", ["== 200", "$ == 200", "@ == 200"])
def test_what_is_compared_is_the_context(condition: str) -> None:
    assert _repaired({"context": "$statusCode", "condition": condition})[0] == {"condition": "$statusCode == 200"}


_FILTERS: Final = (
    ('$.items[?(@.id === 1 and @.kind != "a and b")]', '$.items[?(@.id == 1 && @.kind != "a and b")]'),
    ("$.items[?(@.kind in ['a', 'b'])]", "$.items[?((@.kind == 'a' || @.kind == 'b'))]"),
    ("$.items[?(@.kind not in ['a', 2])]", "$.items[?((@.kind != 'a' && @.kind != 2))]"),
    ("$.items[?(@.kind = 'in [1]')]", "$.items[?(@.kind == 'in [1]')]"),
    # what is right, and what is none in this form either
    ("$.items[?(@.kind == 'a or b')]", "$.items[?(@.kind == 'a or b')]"),
    ("$.items[?(@.kind =~ /a/)]", "$.items[?(@.kind =~ /a/)]"),
    ("$.items[?(@.kind contains 'a' and @.id = 1)]", "$.items[?(@.kind contains 'a' and @.id = 1)]"),
)


@pytest.mark.parametrize(("found", "written"), _FILTERS)
def test_a_filter_has_the_operators_of_jsonpath(found: str, written: str) -> None:
    query = {"context": "$response.body", "type": "jsonpath"}
    assert _repaired({**query, "condition": found})[0] == {**query, "condition": written}


QUERIES: Final = (
    ("$response.body.items[?(@.state == 'a')].length > 0", "$response.body", "$.items[?(@.state == 'a')]"),
    ("$response.body.items[?(@.state = open and @.id)]", "$response.body", "$.items[?(@.state == 'open' && @.id)]"),
    ("$steps.b.outputs.id[?@.state == 'a']", "$steps.b.outputs.id", "$[?@.state == 'a']"),
)


@pytest.mark.parametrize(("found", "context", "written"), QUERIES)
def test_a_condition_with_a_filter_is_a_query_of_what_stands_before_it(found: str, context: str, written: str) -> None:
    assert _repaired({"condition": found})[0] == {"context": context, "type": "jsonpath", "condition": written}


@pytest.mark.parametrize("context", ["response", "$response", "$request"])
def test_a_message_without_a_part_of_it_is_no_context_of_a_simple_condition(context: str) -> None:
    criterion = {"context": context, "type": "simple", "condition": "$statusCode == 200"}
    repaired, told = _repaired(criterion)
    assert repaired == {"condition": "$statusCode == 200"}
    assert told == [f"`context: {context}` is left out: a condition names what it compares"]


def test_a_message_without_a_part_of_it_stays_the_context_of_a_query() -> None:
    criterion = {"context": "$response", "type": "jsonpath", "condition": "$.id"}
    assert _repaired(criterion) == (criterion, [])
