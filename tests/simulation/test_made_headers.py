"""Headers of a made-up answer hold what criteria want of them and suit where they go, and what is invented is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rehearsed import answers, rehearsed

from arazzo_engine import RunStatus
from arazzo_engine.language.messages.exchange import Response, header

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = {"type": "string"}
_OK = {"condition": "$statusCode == 200"}


def _answer(**headers: Any) -> dict[str, Any]:
    described = {name.replace("_", "-"): {"schema": schema} for name, schema in headers.items()}
    return {"responses": {"200": {"description": "", "headers": described}}}


def _step(name: str, *criteria: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, "successCriteria": [_OK, *criteria], **rest}


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        ({"condition": "$response.header.X-State == 'ready'"}, "ready"),
        ({"condition": "'ready' == $response.header.x-state"}, "ready"),
        ({"condition": "$response.header.X-State == 10"}, "10"),
        ({"condition": "$response.header.X-State > 10"}, "11"),
        ({"condition": "$response.header.X-State != null"}, "sample"),
        ({"condition": "$response.header.X-State == null"}, None),
        ({"context": "$response.header.X-State", "type": "regex", "condition": r"^/orders/\d+$"}, "/orders/0"),
    ],
)
def test_a_header_holds_what_a_criterion_wants(criterion: dict[str, Any], text: str | None, tmp_path: Path) -> None:
    report = rehearsed(tmp_path, [_step("a", criterion)], {"a": _answer(X_State=_TEXT)})
    assert report.status is RunStatus.SUCCEEDED
    assert isinstance(report.steps[0].response, Response)
    assert header(report.steps[0].response.headers, "x-state") == text
    assert report.steps[0].notes == ()


_FIELDS = {"a": {"type": "integer", "default": 1}, "b": {"type": "string", "default": "x"}}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "array", "items": _TEXT}, "sample"),
        ({"type": "array", "example": ["a", 1, True]}, "a,1,true"),
        ({"type": "object", "properties": _FIELDS, "required": ["a", "b"]}, "a,1,b,x"),
        ({"type": "array", "items": {"type": "array", "items": _TEXT}}, '[["sample"]]'),
        ({"type": "boolean", "const": True}, "true"),
    ],
)
def test_a_header_is_written_as_headers_are(schema: dict[str, Any], text: str, tmp_path: Path) -> None:
    step = _step("a", outputs={"link": "$response.header.Link"})
    report = rehearsed(tmp_path, [step], {"a": _answer(Link=schema)})
    assert report.steps[0].outputs == {"link": text}


def test_a_header_that_the_description_does_not_have_is_told(tmp_path: Path) -> None:
    criterion = {"condition": "$response.header.X-Left > 10"}
    report = rehearsed(tmp_path, [_step("a", criterion, outputs={"e": "$response.header.ETag"})], {"a": _answer()})
    assert report.status is RunStatus.SUCCEEDED
    assert report.steps[0].outputs == {"e": "sample-etag"}
    assert report.steps[0].notes == (
        "the description does not have a header `etag`, which `$response.header.ETag` reads: made up",
        "the description does not have a header `x-left`, which `$response.header.X-Left > 10` reads: made up",
    )


def test_a_header_is_what_a_later_step_wants_of_it(tmp_path: Path) -> None:
    one = _step("a", outputs={"l": "$response.header.Location"})
    two = _step("b", {"condition": "$steps.a.outputs.l == 'https://a.example/1'"})
    report = rehearsed(tmp_path, [one, two], {"a": _answer(Location=_TEXT), "b": answers()})
    assert report.status is RunStatus.SUCCEEDED
    assert report.steps[0].outputs == {"l": "https://a.example/1"}


@pytest.mark.parametrize(
    ("described", "place", "text"),
    [
        (_TEXT, {"type": "integer", "minimum": 7}, "7"),
        (_TEXT, {"type": "string", "format": "date"}, "2026-01-31"),
        ({"type": "integer"}, {"type": "integer", "minimum": 7}, "7"),
        ({"type": "string", "example": "e-1"}, {"type": "integer"}, "e-1"),
        (None, {"type": "string", "enum": ["red"]}, "red"),
    ],
)
def test_a_header_suits_the_place_where_it_goes(described: Any, place: Any, text: str, tmp_path: Path) -> None:
    one = _step("a", outputs={"t": "$response.header.X-Tag"})
    two = _step("b", parameters=[{"name": "q", "in": "query", "value": "$steps.a.outputs.t"}])
    asked = {"parameters": [{"name": "q", "in": "query", "schema": place}], **answers()}
    first = _answer() if described is None else _answer(X_Tag=described)
    report = rehearsed(tmp_path, [one, two], {"a": first, "b": asked})
    assert report.steps[0].outputs == {"t": text}


def test_a_header_that_is_given_stays_as_it_is(tmp_path: Path) -> None:
    criterion = {"condition": "$response.header.X-State == 'ready'"}
    given = {"a": {"headers": {"X-State": "late"}}}
    report = rehearsed(tmp_path, [_step("a", criterion)], {"a": _answer(X_State=_TEXT)}, asked={"answers": given})
    assert report.status is RunStatus.FAILED


def test_an_answer_without_a_described_body_has_the_content_type_that_is_asked_for(tmp_path: Path) -> None:
    criterion = {"context": "$response.header.Content-Type", "type": "regex", "condition": "^application/json"}
    report = rehearsed(tmp_path, [_step("a", criterion)], {"a": _answer()})
    (step,) = report.steps
    assert report.status is RunStatus.SUCCEEDED
    assert isinstance(step.response, Response)
    assert (header(step.response.headers, "content-type"), step.response.content) == ("application/json", b"")
    read = {"outputs": {"id": "$response.body#/id"}}
    (step,) = rehearsed(tmp_path, [_step("a", criterion, **read)], {"a": _answer()}).steps
    assert isinstance(step.response, Response)
    assert [name for name, _ in step.response.headers if name.lower() == "content-type"] == ["Content-Type"]


def test_the_content_type_is_that_of_the_body(tmp_path: Path) -> None:
    criterion = {"condition": "$response.header.Content-Type == 'application/xml'"}
    report = rehearsed(tmp_path, [_step("a", criterion)], {"a": answers(_TEXT)})
    assert report.status is RunStatus.FAILED
