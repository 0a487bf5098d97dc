"""A reference into a file that is missing stops only a request that cannot be built without what it leads to."""

from __future__ import annotations

from typing import Any

import pytest
from validated import codes, validated

_GONE = "gone.yaml#/components/x"
_REFERENCE = {"$ref": _GONE}
_WARNED = [("warning", "reference-not-found")]
_REFUSED = [("error", "reference-not-found")]


def _answering(response: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", **response}}}


def _json(media_type: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": media_type}}


@pytest.mark.parametrize(
    "operation",
    [
        {"parameters": [_REFERENCE]},
        {"parameters": [{"name": "q", "in": "query", **_json(_REFERENCE)}]},
        {"responses": {"200": {"description": "ok"}, "404": _REFERENCE}},
        _answering({"headers": {"X-A": _REFERENCE}}),
        _answering({"content": {"application/json": _REFERENCE}}),
        _answering(_json({"examples": {"a": _REFERENCE}})),
        {"requestBody": _json({"examples": {"a": _REFERENCE}})},
        {"requestBody": _REFERENCE},
    ],
)
def test_what_a_request_does_not_need_is_left_out_and_told(operation: dict[str, Any]) -> None:
    assert codes(validated({}, operation)) == _WARNED


@pytest.mark.parametrize(
    "operation",
    [
        _answering({"links": {"next": _REFERENCE}}),
        _answering(_json({"schema": _REFERENCE})),
        _answering(_json({"schema": {"type": "object", "properties": {"a": _REFERENCE}}})),
        _answering({"headers": {"X-A": {"schema": _REFERENCE}}}),
        {"requestBody": _json({"schema": _REFERENCE})},
        {"parameters": [{"name": "q", "in": "query", "schema": _REFERENCE}]},
        {"callbacks": {"done": _REFERENCE}},
    ],
)
def test_what_nothing_looks_at_is_not_told(operation: dict[str, Any]) -> None:
    step = {"outputs": {"a": "$response.body#/a", "b": "$response.header.X-A"}}
    found = validated(step, operation)
    assert "reference-not-found" not in {each.code for each in found}
    assert "error" not in {severity for severity, _ in codes(found)}


def test_a_header_whose_description_is_missing_is_one_that_the_answer_has() -> None:
    operation = _answering({"headers": {"X-A": _REFERENCE, "X-B": {"schema": {"type": "string"}}}})
    (found,) = validated({"outputs": {"a": "$response.header.X-A"}}, operation)
    assert found.message.startswith(f"`{_GONE}` leads to a document that cannot be used: ")
    assert found.message.endswith("gone.yaml: no such file; the schema of the header is left out")
    assert found.fix == "put the document there, or correct the `$ref`"


def test_a_placeholder_is_filled_by_the_step_or_the_path_is_not_known() -> None:
    operation = {"parameters": [_REFERENCE]}
    given = {"parameters": [{"name": "id", "in": "path", "value": "1"}]}
    assert codes(validated(given, operation, path="/things/{id}")) == _WARNED
    found = codes(validated({}, operation, path="/things/{id}"))
    assert found == [*_WARNED, ("error", "path-parameter-mismatch")]


@pytest.mark.parametrize(
    ("content_type", "found"),
    [
        ("application/json", _WARNED),
        ("text/plain", _WARNED),
        (None, _REFUSED),
        ("application/x-www-form-urlencoded", _REFUSED),
    ],
)
def test_a_body_whose_description_is_missing_is_sent_where_the_step_says_all(
    content_type: str | None, found: list[tuple[str, str]]
) -> None:
    named = {} if content_type is None else {"contentType": content_type}
    payload = "text" if content_type == "text/plain" else {"a": 1}
    assert codes(validated({"requestBody": {"payload": payload, **named}}, {"requestBody": _REFERENCE})) == found


def test_a_form_whose_schema_is_missing_is_refused_where_it_is_sent_alone() -> None:
    operation = {"requestBody": {"content": {"multipart/form-data": {"schema": _REFERENCE}}}}
    assert codes(validated({}, operation)) == _WARNED
    (found,) = validated({"requestBody": {"payload": {"a": 1}}}, operation)
    assert (found.severity.value, found.fix) == (
        "error",
        "put the document there, or correct the `$ref`, or add `contentType` with one media type",
    )
