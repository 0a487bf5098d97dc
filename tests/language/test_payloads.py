"""What ``$response.body`` is, decided by the content type."""

from __future__ import annotations

import pytest

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.payloads import is_json, parse_payload


@pytest.mark.parametrize(
    ("content", "content_type", "value"),
    [
        (b'{"a": 1}', "application/json", {"a": 1}),
        (b'{"a": 1}', "Application/Problem+JSON; charset=utf-8", {"a": 1}),
        (b'{"a": 1}', "text/plain", '{"a": 1}'),
        (b'{"a": 1}', None, {"a": 1}),
        (b"hello", None, "hello"),
        (b"\xff\xfe\xfd", None, "//79"),
        (b"<a/>", "application/xml", "<a/>"),
        (b"<a/>", "application/atom+xml", "<a/>"),
        ("é".encode("latin-1"), "text/plain; charset=latin-1", "é"),
        (b"\x89PNG", "image/png", "iVBORw=="),
        (b"12345678901234567890", "application/json", 12345678901234567890),
        (b"", "application/json", ABSENT),
        (b"null", "application/json", None),
    ],
)
def test_a_body_is_what_its_content_type_says(content: bytes, content_type: str | None, value: object) -> None:
    payload = parse_payload(content, content_type)
    assert payload.value == value
    assert payload.problem is None


@pytest.mark.parametrize("content", [b"<html>", b'{"a": NaN}', b"[" * 100_000, b"9" * 5000, b'{"a": 1,}'])
def test_a_body_that_is_not_the_json_it_claims_is_text_and_the_problem_is_kept(content: bytes) -> None:
    payload = parse_payload(content, "application/json")
    assert payload.value == content.decode()
    assert payload.problem is not None
    assert "claims `application/json` but is not JSON" in payload.problem


def test_only_json_types_are_json() -> None:
    assert [is_json(each) for each in ("application/json", "a/b+json", "application/jsonl", "application/xml")] == [
        True,
        True,
        False,
        False,
    ]
