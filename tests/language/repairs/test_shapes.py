"""Objects of another shape: what only one reading has is read so, and what could be a misspelt field is told."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

import arazzo_engine
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair

_DEFAULT: Final = "$statusCode >= 200 && $statusCode < 400"
_FIND: Final = {"stepId": "find", "operationId": "findItem"}


def _document(step: dict[str, Any], **workflow: Any) -> str:
    steps = [_FIND, {"stepId": "pay", "operationId": "charge", **step}]
    whole = {"workflowId": "order", "inputs": True, "steps": steps, **workflow}
    return json.dumps({"arazzo": "1.1.0", "workflows": [whole]})


def _repaired(text: str) -> tuple[dict[str, Any], list[str]]:
    found = repair(read_document(text, "file:///a.json"))
    return found.document.value["workflows"][0]["steps"][1], [each.message for each in found.problems]


def _query(condition: str) -> dict[str, str]:
    return {"context": "$response.body", "condition": condition, "type": "jsonpath"}


def _selector(of_type: Any) -> dict[str, Any]:
    return {"context": "$response.body", "selector": "$.a", "type": of_type}


READ_AS: Final[tuple[tuple[dict[str, Any], dict[str, Any]], ...]] = (
    ({"dependsOn": ["$steps.find"]}, {"dependsOn": ["find"]}),
    ({"dependsOn": "$steps.find"}, {"dependsOn": ["find"]}),
    ({"parameters": {"a": {"in": "query", "value": 1}, "b": 2}},
     {"parameters": [{"name": "a", "in": "query", "value": 1}, {"name": "b", "value": 2}]}),
    ({"parameters": {"path": {"a": 1}, "headers": {"b": 2}}},
     {"parameters": [{"name": "a", "in": "path", "value": 1}, {"name": "b", "in": "header", "value": 2}]}),
    ({"parameters": {"query": "x", "path": 1}},
     {"parameters": [{"name": "query", "value": "x"}, {"name": "path", "value": 1}]}),
    ({"onFailure": {"stop": {"type": "end"}, "again": {"name": "again", "type": "retry"}}},
     {"onFailure": [{"name": "stop", "type": "end"}, {"name": "again", "type": "retry"}]}),
    ({"summary": "Pay"}, {"description": "Pay"}),
    ({"summary": "Pay", "description": "It pays"}, {"x-summary": "Pay", "description": "It pays"}),
    ({"outputs": None, "parameters": []}, {"parameters": []}),
    ({"outputs": [{"a": "$url"}, {"b": "$method"}]}, {"outputs": {"a": "$url", "b": "$method"}}),
    ({"successCriteria": "$statusCode == 200"}, {"successCriteria": [{"condition": "$statusCode == 200"}]}),
    ({"successCriteria": ["$statusCode == 200"]}, {"successCriteria": [{"condition": "$statusCode == 200"}]}),
    ({"successCriteria": {"condition": "$url", "context": ""}}, {"successCriteria": [{"condition": "$url"}]}),
    *(({"onFailure": [{"name": "a", "type": "retry", "retryAfter": found, "retryLimit": 2}]},
       {"onFailure": [{"name": "a", "type": "retry", "retryLimit": 2}]})
      for found in ("$response.header.Retry-After", "{$response.headers.retry-after}")),
    *(({"requestBody": {"contentType": "image/png", "payload": found}},
       {"requestBody": {"contentType": "image/png", "payload": "$inputs.a-b_png"}})
      for found in ("@a-b.png", "file:///a-b.png", "file://./a-b.png", "file:a-b.png", "@./a-b.png")),
    ({"requestBody": {"contentType": "image/png", "payload": "@../one/a.png"}},
     {"requestBody": {"contentType": "image/png", "payload": "$inputs.one_a_png"}}),
    # the words of what selects, and the signs of a version
    *(({"outputs": {"a": _selector(found)}}, {"outputs": {"a": _selector(written)}}) for found, written in (
        ("JSONPath", "jsonpath"),
        ("json-pointer", "jsonpointer"),
        ({"type": "XPath", "version": "3.1"}, {"type": "xpath", "version": "xpath-31"}),
        ({"type": "xpath", "version": "xpath-1.0"}, {"type": "xpath", "version": "xpath-10"}),
        ({"type": "jsonpath", "version": "RFC 9535"}, {"type": "jsonpath", "version": "rfc9535"}),
    )),
    ({"successCriteria": [{**_query("$[?@.a]"), "type": {"type": "JSONPath", "version": "rfc-9535"}}]},
     {"successCriteria": [{**_query("$[?@.a]"), "type": {"type": "jsonpath", "version": "rfc9535"}}]}),
    ({"requestBody": {"payload": {"b": _selector("JSON Path")},
                      "replacements": [{"target": "$.c", "targetSelectorType": "JsonPath", "value": 1}]}},
     {"requestBody": {"payload": {"b": _selector("jsonpath")},
                      "replacements": [{"target": "$.c", "targetSelectorType": "jsonpath", "value": 1}]}}),
    ({"requestBody": {"replacements": [{"target": "/c", "targetSelectorType": "JSON-Pointer", "value": 1}]}},
     {"requestBody": {"replacements": [{"target": "/c", "targetSelectorType": "jsonpointer", "value": 1}]}}),
    # what a shape lets be seen is repaired, too
    ({"successCriteria": ['$response.body.state == "x"']},
     {"successCriteria": [{"condition": "$response.body.state == 'x'"}]}),
    ({"onFailure": {"type": "end", "condition": "$statusCode == 404"}},
     {"onFailure": [{"name": "end-1", "type": "end", "criteria": [{"condition": "$statusCode == 404"}]}]}),
    ({"onSuccess": [{"goto": "find", "condition": "$url", "criteria": [{"condition": "$method"}]}]},
     {"onSuccess": [{"name": "goto-1", "type": "goto", "stepId": "find",
                     "criteria": [{"condition": "$method"}, {"condition": "$url"}]}]}),
    ({"onSuccess": [{"name": "a", "type": "goto", "step": "find"}]},
     {"onSuccess": [{"name": "a", "type": "goto", "stepId": "find"}]}),
    ({"onSuccess": [{"name": "a", "goto": "order"}]},
     {"onSuccess": [{"name": "a", "type": "goto", "workflowId": "order"}]}),
    ({"parameters": [{"name": "a", "in": "query", "value": "", "description": "x", "required": True}]},
     {"parameters": [{"name": "a", "in": "query", "value": "", "x-description": "x", "x-required": True}]}),
    ({"onFailure": [{"name": "a", "type": "end", "outputs": {"code": "NONE"}, "notes": "n"}]},
     {"onFailure": [{"name": "a", "type": "end", "x-outputs": {"code": "NONE"}, "x-notes": "n"}]}),
    ({"tags": ["t"], "metadata": {}, "deprecated": True, "version": 2},
     {"x-tags": ["t"], "x-metadata": {}, "x-deprecated": True, "x-version": 2}),
    ({"successCriteria": [{"name": "there", "condition": "$url", "description": "It is there"}]},
     {"successCriteria": [{"x-name": "there", "condition": "$url", "x-description": "It is there"}]}),
    # a success that is tried again is none yet
    ({"onSuccess": [{"name": "a", "type": "Retry", "criteria": [{"condition": "$url"}, {"condition": "$method"}]}]},
     {"successCriteria": [{"condition": _DEFAULT}, {"condition": "!(($url) && ($method))"}],
      "onFailure": [{"name": "a", "type": "retry",
                     "criteria": [{"condition": _DEFAULT}, {"condition": "$url"}, {"condition": "$method"}]}]}),
    ({"successCriteria": [{"condition": "$url"}],
      "onSuccess": [{"name": "on", "type": "end", "criteria": [_query("$.a == 'x'")]},
                    {"name": "a", "type": "retry", "criteria": [_query("$.a == 'y'")]}]},
     {"successCriteria": [{"condition": "$url"},
                          {"condition": "($response.body#/a == 'x') || !($response.body#/a == 'y')"}],
      "onSuccess": [{"name": "on", "type": "end", "criteria": [_query("$[?$.a == 'x']")]}],
      "onFailure": [{"name": "a", "type": "retry",
                     "criteria": [{"condition": "$url"}, _query("$[?$.a == 'y']")]}]}),
    ({"successCriteria": [{"condition": "$url"}], "onFailure": [{"name": "b", "type": "end"}],
      "onSuccess": [{"name": "on", "type": "end", "criteria": [{"condition": "$method"}]},
                    {"name": "a", "type": "retry"}]},
     {"successCriteria": [{"condition": "$url"}, {"condition": "$method"}],
      "onSuccess": [{"name": "on", "type": "end", "criteria": [{"condition": "$method"}]}],
      "onFailure": [{"name": "a", "type": "retry", "criteria": [{"condition": "$url"}]},
                    {"name": "b", "type": "end"}]}),
    ({"successCriteria": [], "dependsOn": [], "parameters": [], "onSuccess": []}, {"parameters": [], "onSuccess": []}),
    ({"requestBody": {"contentType": "", "payload": None, "description": "x"}},
     {"requestBody": {"payload": None, "x-description": "x"}}),
    ({"requestBody": {"a": 1, "b": "$inputs.b"}}, {"requestBody": {"payload": {"a": 1, "b": "$inputs.b"}}}),
    ({"requestBody": {"content": {"application/json": {"example": {"a": 1}}}}},
     {"requestBody": {"contentType": "application/json", "payload": {"a": 1}}}),
    *(({"requestBody": found}, {"requestBody": {"contentType": "application/json", "payload": {"a": 1, "value": 2}}})
      for of_type in ({"application/json": {"a": 1, "value": 2}},)
      for found in (of_type, {"content": of_type})),
    ({"requestBody": {"text/csv; header=present": "$inputs.b"}},
     {"requestBody": {"contentType": "text/csv; header=present", "payload": "$inputs.b"}}),
    ({"body": {"application/json": [1]}}, {"requestBody": {"contentType": "application/json", "payload": [1]}}),
    ({"requestBody": {"contentType": "JSON", "payload": {"a": 1}}},
     {"requestBody": {"contentType": "application/json", "payload": {"a": 1}}}),
    ({"requestBody": {"contentType": "application/x-www-form-urlencoded", "payload": "a=x%20y&b={$inputs.b}",
                      "replacements": [{"target": "$.a", "value": 1}]}},
     {"requestBody": {"contentType": "application/x-www-form-urlencoded", "payload": {"a": "x y", "b": "{$inputs.b}"},
                      "replacements": [{"target": "/a", "value": 1}]}}),
    ({"requestBody": {"payload": {}, "replacements": {"target": "a.b[0]", "value": 1}}},
     {"requestBody": {"payload": {}, "replacements": [{"target": "/a/b/0", "value": 1}]}}),
    ({"parameters": [{"name": "payload", "in": "body", "value": {"a": 1}}]}, {"requestBody": {"payload": {"a": 1}}}),
    ({"parameters": [{"name": "a", "in": "formData", "value": 1}]},
     {"requestBody": {"contentType": "application/x-www-form-urlencoded", "payload": {"a": 1}}}),
    ({"parameters": {"a": 1}}, {"parameters": [{"name": "a", "value": 1}]}),
    ({"query": {"a": "$inputs.a"}}, {"parameters": [{"name": "a", "in": "query", "value": "$inputs.a"}]}),
    ({"parameters": [{"name": "a", "in": "Query", "value": 1, "type": "integer"}]},
     {"parameters": [{"name": "a", "in": "query", "value": 1, "x-type": "integer"}]}),
    ({"onFailure": [{"name": "a", "type": "Retry", "retryAfter": "1500ms", "retryLimit": "3"}]},
     {"onFailure": [{"name": "a", "type": "retry", "retryAfter": 1.5, "retryLimit": 3}]}),
    ({"onSuccess": [{"name": "a", "type": "step", "stepId": "find"}]},
     {"onSuccess": [{"name": "a", "type": "goto", "stepId": "find"}]}),
    ({"kind": "openapi"}, {"x-kind": "openapi"}),
    ({"name": "Pay for it"}, {"x-name": "Pay for it"}),
    ({"timeout": "30s"}, {"timeout": 30000}),
    ({"onSuccess": [{"name": "a", "type": "goto", "stepId": "$END"}]}, {"onSuccess": [{"name": "a", "type": "end"}]}),
    ({"outputs": {"a": {"value": "$url", "description": "x"}, "b": "$method"}},
     {"outputs": {"a": "$url", "b": "$method"}}),
    ({"outputs": [{"name": "a", "value": "$url", "description": "x"}]}, {"outputs": {"a": "$url"}}),
    ({"successCriteria": [{"context": "$response.body", "condition": "$.items[0]"}]},
     {"successCriteria": [{"context": "$response.body", "condition": "$.items[0]", "type": "jsonpath"}]}),
    ({"successCriteria": [{"context": "$response.body", "condition": "$.state != 'x'"}]},
     {"successCriteria": [{"condition": "$response.body#/state != 'x'"}]}),
    ({"outputs": {"a": {"b": "$url", "c": {"d": "$method"}}}},
     {"outputs": {"a": {"x-arazzo-engine-value": {"b": "$url", "c": {"d": "$method"}}}}}),
    ({"outputs": {"a": "$url", "b": None}}, {"outputs": {"a": "$url"}}),
    ({"criteria": [{"condition": "$url"}]}, {"successCriteria": [{"condition": "$url"}]}),
    ({"success_criteria": [{"condition": "$url"}]}, {"successCriteria": [{"condition": "$url"}]}),
    ({"successCriteria": [{"expression": "$url"}]}, {"successCriteria": [{"condition": "$url"}]}),
    # a body, and not its media type
    ({"requestBody": {"mediaType": "image/png", "url": "x"}},
     {"requestBody": {"payload": {"mediaType": "image/png", "url": "x"}}}),
    ({"onSuccess": [{"name": "a", "action": "end"}]}, {"onSuccess": [{"name": "a", "type": "end"}]}),
    ({"onFailure": [{"name": "a", "type": "retry", "max_retries": 3}]},
     {"onFailure": [{"name": "a", "type": "retry", "retryLimit": 3}]}),
    ({"onFailure": [{"name": "a", "type": "retry", "maxRetries": 3}]},
     {"onFailure": [{"name": "a", "type": "retry", "retryLimit": 3}]}),
    ({"successActions": [{"name": "a", "type": "end"}]}, {"onSuccess": [{"name": "a", "type": "end"}]}),
    ({"parameters": [{"name": "a", "location": "query", "value": 1}]},
     {"parameters": [{"name": "a", "in": "query", "value": 1}]}),
    *(({"parameters": [{found: "a", "in": "query", "value": 1}]},
       {"parameters": [{"name": "a", "in": "query", "value": 1}]}) for found in ("key", "id", "param", "parameter")),
    ({"requestBody": {"mediaType": "text/plain", "payload": "a"}},
     {"requestBody": {"contentType": "text/plain", "payload": "a"}}),
    ({"requestBody": {"content-type": "text/plain", "payload": {}, "replacements": [{"path": "/a", "value": 1}]}},
     {"requestBody": {"contentType": "text/plain", "payload": {}, "replacements": [{"target": "/a", "value": 1}]}}),
    ({"outputs": {"a": "$url", "b": 2, "c": False, "d": "a text"}},
     {"outputs": {"a": "$url", "b": {"x-arazzo-engine-value": 2}, "c": {"x-arazzo-engine-value": False},
                  "d": "a text"}}),
    # an action named alone
    ({"onFailure": "find"}, {"onFailure": [{"type": "goto", "stepId": "find", "name": "goto-1"}]}),
    ({"onFailure": {"goto": "find"}}, {"onFailure": [{"type": "goto", "stepId": "find", "name": "goto-1"}]}),
    *(({"onFailure": [{"name": "a", "type": "goto", "stepId": found}]},
       {"onFailure": [{"name": "a", "type": "goto", "stepId": "find"}]})
      for found in ("$steps.find", "steps.find", "{$steps.find}", "#/steps/find", "$steps.Find")),
    # a time in ISO 8601, and the words of other formats
    *(({"timeout": 5, "onFailure": [{"name": "a", "type": "retry", "retryAfter": found}]},
       {"timeout": 5, "onFailure": [{"name": "a", "type": "retry", "retryAfter": read}]})
      for found, read in (("PT2S", 2), ("PT1M", 60), ("PT1M30S", 90), ("PT1H", 3600), ("PT0.5S", 0.5))),
    ({"timeout": "PT2S"}, {"timeout": 2000}),
    ({"timeout": "PT12345.678S"}, {"timeout": 12345678}),
    *(({"requestBody": {"contentType": found, "payload": {"a": 1}}},
       {"requestBody": {"contentType": "multipart/form-data", "payload": {"a": 1}}})
      for found in ("form-data", "multipart", "FormData")),
    *(({"requestBody": {"contentType": each, "payload": {"a": 1}}},
       {"requestBody": {"contentType": "application/json", "payload": {"a": 1}}})
      for each in (":json", "ContentType.JSON", "MediaType.APPLICATION_JSON", "APPLICATION_JSON_VALUE")),
    ({"requestBody": {"contentType": "urlencoded", "payload": {"a": 1}}},
     {"requestBody": {"contentType": "application/x-www-form-urlencoded", "payload": {"a": 1}}}),
    ({"parameters": [{"name": "a", "in": "pathParam", "value": 1}, {"name": "b", "in": "query_param", "value": 1}]},
     {"parameters": [{"name": "a", "in": "path", "value": 1}, {"name": "b", "in": "query", "value": 1}]}),
    # an element of a list that is there
    ({"requestBody": {"payload": {"c": {"a": [{"b": 1}]}}, "replacements": [{"target": "/c/a[0]/b", "value": 2}]}},
     {"requestBody": {"payload": {"c": {"a": [{"b": 1}]}}, "replacements": [{"target": "/c/a/0/b", "value": 2}]}}),
    ({"requestBody": {"payload": {"a": [{"b": [1]}]}, "replacements": [{"target": "/a[0]/b[0]", "value": 2}]}},
     {"requestBody": {"payload": {"a": [{"b": [1]}]}, "replacements": [{"target": "/a/0/b/0", "value": 2}]}}),
    ({"requestBody": {"payload": {"a": [{}]}, "replacements": [{"target": "/a[0]/b", "value": 2}]}},
     {"requestBody": {"payload": {"a": [{}]}, "replacements": [{"target": "/a/0/b", "value": 2}]}}),
)  # fmt: skip


@pytest.mark.parametrize(("found", "read"), READ_AS)
def test_what_stands_in_another_shape_is_read_as_what_it_means(found: dict[str, Any], read: dict[str, Any]) -> None:
    assert _repaired(_document(found))[0] == {"stepId": "pay", "operationId": "charge", **read}


_WITHOUT_ELEMENT: Final[tuple[Any, ...]] = ({"a": []}, {"a": [{}], "a[0]": {}}, "$inputs.a", {"b": 1})
LEFT_ALONE = (
    # a field that could be misspelt, or hold data
    {"sucessCriteria": [{"condition": "$url"}]},
    {"requestBody": {"contentType": "application/json", "note": "$inputs.note"}},
    {"requestBody": {"contentType": "application/json", "description": "$inputs.note"}},
    {"requestBody": {"body": 1, "other": 2, "payload": 3}},
    {"requestBody": {"content": {"application/json": {"schema": {}}}, "contentType": "application/json"}},
    # one of two types, a description and no value, and a value that may be named or be a member
    {"requestBody": {"application/json": {"a": 1}, "application/xml": "<a/>"}},
    *({of: {"application/json": inner}} for of in ("requestBody", "body")
      for inner in ({"schema": {"type": "object"}}, {"value": 1}, {}, {"payload": 1, "example": 2})),
    {"parameters": [{"name": "a", "in": "body", "value": 1}], "requestBody": {"payload": 1}},
    # each of two values
    {"requestBody": {"contentType": "application/x-www-form-urlencoded", "payload": "a=1&a=2",
                     "replacements": [{"target": "/a", "value": 1}]}},
    {"requestBody": {"payload": {}, "replacements": [{"target": "$..a", "value": 1}]}},
    {"requestBody": {"contentType": "csv", "payload": 1}},
    *({"requestBody": {"contentType": kind, "payload": found}}
      for kind, found in (("text/plain", "@a.png"), ("application/json", "@a.png"), ("image/png", "@someone"),
                          ("image/png", "@{$inputs.a}.png"), ("image/png", {"a": "@a.png"}),
                          ("multipart/form-data", {"file": "@a.png"}))),
    {"onFailure": [{"name": "a", "type": "stop"}]},
    # a name that counts otherwise, or is of another kind, and a field that is there already
    {"onFailure": [{"name": "a", "type": "retry", "attempts": 3, "delay": 1000, "maxRetries": "many"}]},
    {"criteria": ["$url"]},
    {"criteria": [{"condition": "$url"}], "successCriteria": [{"condition": "$method"}]},
    {"onSuccess": [{"name": "a", "action": "stop"}]},
    {"parameters": [{"name": "a", "location": "Berlin", "value": 1}]},
    {"parameters": [{"name": "a", "key": "b", "in": "query", "value": 1}, {"key": 3, "in": "query", "value": 1}]},
    {"requestBody": {"payload": {}, "replacements": [{"path": "a b", "value": 1}]}},
    {"onFailure": [{"name": "a", "type": "retry", "retryAfter": "$response.header.X-Wait"}]},
    {"onFailure": [{"name": "a", "type": "retry", "retryAfter": "$response.body#/Retry-After"}]},
    {"onFailure": [{"name": "a", "type": "step"}]},
    {"onFailure": [{"name": "a", "type": "workflow", "stepId": "find"}]},
    {"kind": "http"},
    {"x-mine": None, "requestBody": {"payload": "", "x-mine": ""}},
    {"onFailure": [{"name": "a", "type": "retry", "retryLimit": "3s", "retryAfter": "soon"}]},
    {"timeout": "$inputs.a"},
    {"outputs": {"a": {"b": 1}}},
    *({"outputs": {"a": _selector(found)}} for found in (
        "jsonpath",
        "jmespath",
        {"type": "xpath", "version": "xpath-31"},
        {"type": "xpath", "version": "4.0"},
        {"type": "jsonpath", "version": None},
    )),
    # what is sent as it is
    {"requestBody": {"payload": {"context": "a", "selector": "b", "type": "XPath"}}},
    # an element that is not there, a member that is called so, and a list of which nothing is known
    *({"requestBody": {"payload": payload, "replacements": [{"target": "/a[0]/b", "value": 2}]}}
      for payload in _WITHOUT_ELEMENT),
    {"onFailure": [{"name": "a", "type": "retry", "retryLimit": "PT2S", "retryAfter": "P1D"}]},
    {"requestBody": {"contentType": "multipart", "payload": "a"}},
    {"onFailure": "find, pay"},
    # nowhere, or in two directions
    {"dependsOn": ["$steps.nowhere"]},
    {"onSuccess": [{"name": "a", "goto": "nowhere"}]},
    {"onSuccess": [{"name": "a", "type": "end", "goto": "find"}]},
    {"onSuccess": [{"name": "a", "goto": "find", "stepId": "pay"}]},
    {"onSuccess": [{"name": "a", "step": "find"}]},
    # outputs that are named so, an output in another form, and one name with two values
    {"outputs": [{"name": "a", "value": "$url", "more": "$method"}]},
    {"outputs": [{"name": "a", "value": 1}]},
    {"outputs": [{"a": "$url"}, {"a": "$method"}]},
    {"parameters": {"name": "a"}},
    {"onSuccess": [{"name": "a", "type": "end", "condition": 1}]},
    # tried again always, after an action that is always taken, by a query, and by a name that another has
    {"onSuccess": [{"name": "a", "type": "retry"}]},
    {"onSuccess": [{"name": "on", "type": "end"}, {"name": "a", "type": "retry", "criteria": [{"condition": "$url"}]}]},
    {"onSuccess": [{"name": "a", "type": "retry", "criteria": [{"condition": "a", "context": "$url"}]}]},
    {"onSuccess": [{"name": "a", "type": "retry", "criteria": [_query("$.items[?@.a == 'x']")]}]},
    {"onSuccess": [{"name": "a", "type": "retry", "criteria": [{"condition": "$url"}]}],
     "onFailure": [{"name": "a", "type": "end"}]},
)  # fmt: skip


@pytest.mark.parametrize("step", LEFT_ALONE)
def test_what_has_no_reading_or_two_is_left_for_the_reader(step: dict[str, Any]) -> None:
    assert _repaired(_document(step)) == ({"stepId": "pay", "operationId": "charge", **step}, [])


def test_what_is_written_instead_is_told_at_the_field() -> None:
    text = _document({"onFailure": [{"name": "stop", "type": "end", "condition": "$statusCode == 404"}]})
    (problem,) = repair(read_document(text, "file:///a.json")).problems
    assert problem.message == (
        '`condition: $statusCode == 404` is read as `criteria: [{"condition":"$statusCode == 404"}]`: '
        "when an action is taken, its `criteria` say"
    )
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/1/onFailure/0/condition"


def test_a_retry_of_a_success_is_told_at_its_type_and_with_what_to_write() -> None:
    text = _document({"onSuccess": [{"name": "a", "type": "retry", "criteria": [{"condition": "$url"}]}]})
    (problem,) = repair(read_document(text, "file:///a.json")).problems
    assert problem.message == (
        "a `retry` of `onSuccess` is read as one of `onFailure`: "
        "a step that is tried again has not succeeded, and has failed when no attempt is left"
    )
    assert problem.fix == (
        "move it to `onFailure` with the criteria of success before its own; to `successCriteria`, add "
        "`condition: $statusCode >= 200 && $statusCode < 400` and `condition: '!($url)'`"
    )
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/1/onSuccess/0/type"


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({"a": "$url", "b": None}, "`b: null` is left out: an output without a value is one that was left out"),
        (
            {"a": "$url", "b": 2},
            "`b: 2` is read as it stands: Arazzo has no expression for such a constant",
        ),
    ],
)
def test_of_outputs_only_those_are_told_that_are_read_in_another_way(outputs: dict[str, Any], message: str) -> None:
    assert _repaired(_document({"outputs": outputs}))[1] == [message]


@pytest.mark.parametrize("word", ["body", "input", "inputs", "workflow"])
def test_what_a_workflow_is_called_with_has_no_place(word: str) -> None:
    inputs = {"name": "a", "value": 1}
    call = {"workflowId": "order", "parameters": [{**inputs, "in": word}, {"name": "b", "in": "query", "value": 2}]}
    steps = [_FIND, {"stepId": "pay", **call, "onFailure": [{"name": "x", "type": "goto", **call}]}]
    text = json.dumps({"arazzo": "1.1.0", "workflows": [{"workflowId": "order", "inputs": True, "steps": steps}]})
    step, told = _repaired(text)
    assert step["parameters"] == [inputs, {"name": "b", "in": "query", "value": 2}]
    assert step["onFailure"][0]["parameters"] == step["parameters"]
    assert len(told) == 2


@pytest.mark.parametrize("name", ["source_descriptions", "source-descriptions", "SourceDescriptions"])
def test_the_fields_of_the_document_are_read_in_another_spelling(name: str) -> None:
    text = f"""\
arazzo: 1.1.0
info: {{Title: Pay, version: 1.0.0}}
{name}: # those that are called
- {{name: shop, url: shop.yaml, type: openapi}}
workflows:
- workflowId: order
  inputs: true
  steps: [{{stepId: pay, operationId: charge}}]
components: {{success_actions: {{stop: {{name: stop, type: end}}}}}}
"""
    with arazzo_engine.Engine() as engine:
        fixed = engine.fix(text, with_sources=False)
    asked = text.replace(name, "sourceDescriptions").replace("Title", "title")
    assert fixed.text == asked.replace("success_actions", "successActions")


@pytest.mark.parametrize(
    ("found", "read"),
    [
        *(
            (found, "$sourceDescriptions.trips.book")
            for found in ("trips.book", "trips#book", "trips/book", "{$sourceDescriptions.trips}.book", "$trips.book")
        ),
        # a workflow of this document, of an API, and of nobody
        ("trips.own", "trips.own"),
        ("shop.book", "shop.book"),
        ("other.book", "other.book"),
    ],
)
def test_a_workflow_is_named_behind_its_source(found: str, read: str) -> None:
    sources = [
        {"name": "trips", "url": "trips.arazzo.yaml", "type": "arazzo"},
        {"name": "shop", "url": "shop.yaml", "type": "openapi"},
    ]
    workflows = [
        {"workflowId": "order", "inputs": True, "steps": [_FIND, {"stepId": "pay", "workflowId": found}]},
        {"workflowId": "trips.own", "inputs": True, "steps": [_FIND]},
    ]
    text = json.dumps({"arazzo": "1.1.0", "sourceDescriptions": sources, "workflows": workflows})
    assert _repaired(text)[0]["workflowId"] == read


def test_the_workflows_that_one_depends_on_are_named_by_their_ids() -> None:
    found = repair(read_document(_document({}, dependsOn=["$workflows.order"]), "file:///a.json"))
    assert found.document.value["workflows"][0]["dependsOn"] == ["order"]


def test_an_object_within_another_is_written_with_it() -> None:
    text = """\
arazzo: 1.1.0
info: { title: Pay, version: 1.0.0 }
sourceDescriptions: [{ name: shop, url: shop.yaml, type: openapi }]
workflows:
- workflowId: order
  inputs: true
  steps:
  - stepId: pay
    summary: Pay  # at once
    operationId: charge
    onFailure:
    - type: end
      condition: $response.body.state == "x"
"""
    with arazzo_engine.Engine() as engine:
        fixed = engine.fix(text, with_sources=False)
    assert (
        fixed.text.partition("  steps:\n")[2]
        == """\
  - stepId: pay
    description: Pay  # at once
    operationId: charge
    onFailure:
    - type: end
      criteria:
        - {condition: $response.body.state == 'x'}
      name: end-1
"""
    )


@pytest.mark.parametrize(
    ("found", "read"), [("1.0", "1.0.0"), (1.1, "1.1.0"), ("v1.0.1", "1.0.1"), (1, 1), ("2.0", "2.0"), (True, True)]
)
def test_a_version_without_its_last_part_is_completed(found: object, read: object) -> None:
    text = json.dumps({"arazzo": found, "info": {"title": "t", "version": 1.0}, "workflows": []})
    value = repair(read_document(text, "file:///a.json")).document.value
    assert (value["arazzo"], value["info"]["version"]) == (read, "1.0")


@pytest.mark.parametrize(
    ("found", "read"),
    [
        ({"id": "a", "path": "b.yaml"}, {"name": "a", "url": "b.yaml"}),
        ({"name": "a", "url": "b.yaml", "type": "OpenAPI 3.1"}, {"name": "a", "url": "b.yaml", "type": "openapi"}),
        ({"name": "a", "url": "b.yaml", "type": "swagger"}, {"name": "a", "url": "b.yaml", "type": "openapi"}),
        ({"name": "a", "url": "b.yaml", "type": "arazzo-1.0.1"}, {"name": "a", "url": "b.yaml", "type": "arazzo"}),
    ],
)
def test_a_source_is_read_whatever_its_fields_are_called_and_with_its_version_in_its_type(
    found: object, read: object
) -> None:
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "workflows": [],
        "sourceDescriptions": [found],
    }
    repairing = repair(read_document(json.dumps(document), "file:///a.json"))
    assert [each.code for each in repairing.problems] == ["repaired"]
    assert repairing.document.value["sourceDescriptions"] == [read]


@pytest.mark.parametrize("found", [{"name": "a", "url": "b", "type": "rest"}, {"name": "a", "url": "b", "path": "c"}])
def test_a_source_of_another_type_or_with_two_places_is_left_for_the_reader(found: object) -> None:
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "workflows": [],
        "sourceDescriptions": [found],
    }
    assert not repair(read_document(json.dumps(document), "file:///a.json")).problems


@pytest.mark.parametrize(("name", "is_id"), [("pay-now_2", True), ("Pay now", False)])
def test_the_name_of_a_step_is_its_id_only_where_it_could_be_one(name: str, *, is_id: bool) -> None:
    step = {"name": name, "operationId": "charge"}
    workflow = {"workflowId": "w", "steps": [step]}
    document = {"arazzo": "1.0.1", "info": {"title": "t", "version": "1"}, "workflows": [workflow]}
    read = repair(read_document(json.dumps(document), "file:///a.json")).document.value["workflows"][0]["steps"][0]
    assert read == ({"stepId": name, "operationId": "charge"} if is_id else step)


@pytest.mark.parametrize(
    ("found", "read"),
    [
        ({"operation": "charge"}, {"operationId": "charge"}),
        ({"operationRef": "charge"}, {"operationId": "charge"}),
        ({"operation": "GET /items"}, {"operation": "GET /items"}),
        ({"operation": "charge", "workflowId": "order"}, {"operation": "charge", "workflowId": "order"}),
    ],
)
def test_an_operation_is_named_by_its_id_where_nothing_else_is_said(
    found: dict[str, Any], read: dict[str, Any]
) -> None:
    workflow = {"workflowId": "w", "steps": [{"stepId": "a", **found}]}
    document = {"arazzo": "1.0.1", "info": {"title": "t", "version": "1"}, "workflows": [workflow]}
    step = repair(read_document(json.dumps(document), "file:///a.json")).document.value["workflows"][0]["steps"][0]
    assert step == {"stepId": "a", **read}


def test_a_step_is_named_by_its_id() -> None:
    workflow = {"id": "order", "inputs": True, "steps": [{"id": "find", "operationId": "findItem"}]}
    found = repair(read_document(json.dumps({"arazzo": "1.1.0", "workflows": [workflow]}), "file:///a.json"))
    (read,) = found.document.value["workflows"]
    assert (read["workflowId"], read["steps"][0]["stepId"]) == ("order", "find")


@pytest.mark.parametrize(
    ("found", "read"),
    [
        ({"a": {"type": "string"}}, {"type": "object", "properties": {"a": {"type": "string"}}}),
        ({"a": {"type": "string"}, "required": ["a"]}, None),
        ({"a": "string"}, None),
        ({"description": "x", "a": {"type": "string"}}, None),
        ({"allOf": [{}]}, None),
        ({}, None),
    ],
)
def test_inputs_without_properties_are_the_properties(found: Any, read: Any) -> None:
    workflow = {"workflowId": "order", "inputs": found, "steps": []}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow]})
    assert repair(read_document(text, "file:///a.json")).document.value["workflows"][0]["inputs"] == (read or found)
