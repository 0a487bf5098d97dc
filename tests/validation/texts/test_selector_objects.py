"""Objects of a request that were meant to select something and are sent are told; those of an API are not."""

from __future__ import annotations

from typing import Any

import pytest
from validated import codes, validated

_MEANT = "the object is sent as it is: a Selector Object has `context`, `selector` and `type`"
_FIX = "write `{context: $inputs.customer, selector: '$.c', type: jsonpath}`"


def _places(value: Any) -> tuple[dict[str, Any], ...]:
    return (
        {"parameters": [{"name": "X-A", "in": "header", "value": value}]},
        {"requestBody": {"payload": {"a": [value]}}},
        {"requestBody": {"payload": {"a": 1}, "replacements": [{"target": "/a", "value": value}]}},
    )


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ({"context": "$inputs.customer", "selector": "$.c"}, _FIX),
        ({"context": "$inputs.customer", "selector": "/c"}, _FIX.replace("$.c", "/c").replace("path", "pointer")),
        ({"source": "$inputs.customer", "path": "$.c"}, _FIX),
        ({"context": "$inputs.customer", "expression": "$.c", "type": "jsonpath"}, _FIX),
    ],
)
def test_an_object_that_was_meant_to_select_is_told_with_the_selector_to_write(value: Any, fix: str) -> None:
    for step in _places(value):
        (found,) = validated(step)
        assert codes((found,)) == [("warning", "expression-as-text")]
        assert (found.message, found.fix) == (_MEANT, fix)
        (found,) = validated(step, arazzo="1.0.1")
        assert found.fix == f"{fix} and set `arazzo: 1.1.0`"


def test_a_selector_of_1_0_is_told_where_it_is_sent() -> None:
    selector = {"context": "$inputs.customer", "selector": "$.c", "type": "jsonpath"}
    for step in _places(selector):
        assert validated(step) == ()
        (found,) = validated(step, arazzo="1.0.1")
        assert (found.code, found.fix) == ("expression-as-text", "set `arazzo: 1.1.0`")


def test_what_looks_like_a_selector_is_sent_as_it_is_written_in_1_0() -> None:
    for step in _places({"context": "$inputs.customer", "selector": "$.c", "type": "JSONPath"}):
        assert codes(validated(step)) == [("warning", "repaired")]
        assert codes(validated(step, arazzo="1.0.1")) == [("warning", "expression-as-text")]
    outputs = {"outputs": {"a": {"context": "$response.body", "selector": "$.c", "type": "JSONPath"}}}
    assert codes(validated(outputs, arazzo="1.0.1")) == [("warning", "repaired")] * 2


@pytest.mark.parametrize(
    "value",
    [
        {"source": "$inputs.sku", "path": "/tmp/a"},
        {"context": "ready", "selector": "$.c"},
        {"context": "$inputs.customer", "selector": "app=web"},
        {"context": "$inputs.customer", "selector": "$.c", "name": "a"},
        {"context": "$inputs.customer"},
    ],
    ids=str,
)
def test_an_object_that_an_api_may_have_is_not_told(value: Any) -> None:
    for step in _places(value):
        assert validated(step) == ()


@pytest.mark.parametrize("context", ["$inputs", "$steps.find.outputs"])
def test_the_context_of_a_selector_without_its_type_is_no_object_of_all_inputs(context: str) -> None:
    payload = {"a": {"context": context, "selector": "$.sku"}}
    (finding,) = validated({"requestBody": {"contentType": "application/json", "payload": payload}})
    assert (finding.severity.value, finding.code) == ("error", "invalid-expression")
    assert finding.location is not None
    assert finding.location.pointer.endswith("/payload/a/context")


def test_a_selector_that_cannot_be_read_gives_no_object() -> None:
    selected = {"context": "$response.body", "selector": "items/0", "type": "jsonpointer"}
    before = {"stepId": "find", "operationId": "op", "outputs": {"id": selected}}
    described = {"parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}]}
    taken = {"parameters": [{"name": "q", "in": "query", "value": "$steps.find.outputs.id"}]}
    (finding,) = validated(taken, described, before=before)
    assert (finding.code, finding.fix) == ("invalid-query", "write `/items/0`")
