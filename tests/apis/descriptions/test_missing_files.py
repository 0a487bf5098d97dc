"""A reference into a file that is missing stops only a request that cannot be built without what it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from validated import codes, validated

from arazzo_engine.apis.left_out import left_out, told_once
from arazzo_engine.diagnostics import ArazzoError, Location, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        _answering(_json({"schema": {"type": "object", "properties": {"a": {}, "b": _REFERENCE}}})),
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


@pytest.mark.parametrize(
    "operation",
    [
        _answering(_json({"schema": _REFERENCE})),
        _answering(_json({"schema": {"type": "object", "properties": {"a": _REFERENCE}}})),
    ],
)
def test_what_is_read_of_an_answer_is_told(operation: dict[str, Any]) -> None:
    assert codes(validated({"outputs": {"a": "$response.body#/a"}}, operation)) == _WARNED


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


def _messages(operation: dict[str, Any]) -> list[str]:
    return [
        each.message.replace(each.location.uri.removesuffix("api.json"), "")
        for each in validated({}, operation)
        if each.location
    ]


def test_references_to_one_file_that_is_missing_are_told_once() -> None:
    responses = {"200": {"description": "ok"}, "404": _REFERENCE, "410": {"$ref": "gone.yaml#/y"}}
    assert _messages({"parameters": [_REFERENCE], "responses": responses}) == [
        (
            "`gone.yaml#/components/x` leads to a document that cannot be used: gone.yaml: no such file;"
            " what this and 2 more `$ref`s name is left out, at line 1"
        )
    ]


def test_references_to_what_a_description_lacks_are_told_by_what_they_name() -> None:
    gone, other = {"$ref": "#/components/responses/x"}, {"$ref": "#/paths/x"}
    responses = {"200": {"description": "ok"}, "404": gone, "409": other, "410": gone}
    assert _messages({"responses": responses}) == [
        (
            "`#/components/responses/x` leads nowhere: there is no `components`;"
            " what this and 1 more `$ref` name is left out, at line 1"
        ),
        "`#/paths/x` leads nowhere: there is no `x`; the response is left out",
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((4, 9, 4), "`a` is gone; what this and 2 more `$ref`s name is left out, at lines 4 and 9"),
        (range(3, 15), f"11 more `$ref`s name is left out, at lines {', '.join(map(str, range(3, 14)))} and 14"),
        (range(3, 16), "`a` is gone; what this and 12 more `$ref`s name is left out, first at line 3"),
    ],
)
def test_the_lines_of_references_that_are_told_once_are_named_unless_there_are_many(
    lines: Iterable[int], told: str
) -> None:
    errors = [
        ArazzoError(diagnose("reference-not-found", "`a` is gone", Location("api.yaml", line), kind="gone"))
        for line in lines
    ]
    (found,) = told_once(each for one in errors for each in left_out("response", one))
    assert found.message.endswith(told)
    assert found.location == Location("api.yaml", min(lines))
