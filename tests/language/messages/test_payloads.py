"""What ``$response.body`` is, decided by the content type."""

from __future__ import annotations

import pytest

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.payloads import Payload, is_json, parse_payload, write_json


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
        (b'{"a": 1}\n\n[2]\r\n', "application/x-ndjson", [{"a": 1}, [2]]),
        (b'{"a": 1}', "Application/JSONL; charset=utf-8", [{"a": 1}]),
        (b"\x1e1\n\x1e[\n2\n]\n", "application/json-seq", [1, [2]]),
        (b"\x1e{}\n", "application/geo+json-seq", [{}]),
        ('["é"]'.encode("latin-1"), "application/json; charset=ISO-8859-1", ["é"]),
        (b"\xef\xbb\xbf[1]", "application/json", [1]),
        ("é".encode("utf-16"), "text/plain", "é"),
        ("é".encode(), "text/plain; charset=hex", "é"),
        ("é".encode(), "text/plain; charset=idna", "é"),
        ("é".encode(), "text/plain; charset=nonsense", "é"),
        (b"\x80", "text/csv; charset=windows-1252", "€"),
        (b"a\xff", "text/plain", "a\ufffd"),
        (
            b"<?xml version='1.0' encoding='latin-1'?><a>\xe9</a>",
            "text/xml",
            "<?xml version='1.0' encoding='latin-1'?><a>é</a>",
        ),
        (b"\xff\x00", "application/octet-stream", "/wA="),
    ],
)
def test_a_body_is_what_its_content_type_says(content: bytes, content_type: str | None, value: object) -> None:
    payload = parse_payload(content, content_type)
    assert payload.value == value
    assert payload.problem is None


@pytest.mark.parametrize(
    "content",
    [
        *(b"<html>", b'{"a": NaN}', b"[" * 100_000, b"9" * 5000, b'{"a": 1,}'),
        *(b'{"v": 1e400}', b'{"v": -1e400}', rb'{"v": "\ud800x"}', rb'{"\uDFFF": 1}', b"[" * 201 + b"]" * 201),
    ],
)
def test_a_body_that_is_not_the_json_it_claims_is_text_and_the_problem_is_kept(content: bytes) -> None:
    payload = parse_payload(content, "application/json")
    assert payload.value == content.decode()
    assert payload.problem is not None
    assert "claims `application/json` but is not JSON" in payload.problem
    assert parse_payload(content, None).value == content.decode()


def test_a_body_may_nest_as_deep_as_a_document_and_have_whole_characters_written_as_two_halves() -> None:
    assert parse_payload(b"[" * 200 + b"]" * 200, "application/json").problem is None
    assert parse_payload(rb'"\ud83d\ude00"', "application/json") == Payload("\U0001f600")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(b'{"a": 1, "b": {"c": 1, "c": 2}}', "application/json"), (b'{"a":1}\n{"a":1,"a":2}', "application/jsonl")],
)
def test_a_member_that_is_named_twice_is_told(content: bytes, content_type: str) -> None:
    payload = parse_payload(content, content_type)
    assert not isinstance(payload.value, str)
    assert payload.problem == f"the body claims `{content_type}` and names a member twice: the last one counts"


@pytest.mark.parametrize("value", [float("inf"), float("nan"), ["\ud800"], {"\udfff": 1}])
def test_what_json_cannot_hold_is_not_written(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        write_json(value)


@pytest.mark.parametrize(
    ("content", "content_type"), [(b'{"a": 1}\n{', "application/x-ndjson"), (b'["\xff"]', "application/json")]
)
def test_a_broken_value_or_character_is_not_read_over(content: bytes, content_type: str) -> None:
    payload = parse_payload(content, content_type)
    assert isinstance(payload.value, str)
    assert payload.problem is not None


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("", []),
        ("data: a\n\n", [{"data": "a"}]),
        ("data:a\r\ndata:  b\r\rdata\n\n", [{"data": "a\n b"}, {"data": ""}]),
        (': hello\n\nid: 7\nevent: add\ndata: {"n": 1}\n\n', [{"id": "7", "event": "add", "data": '{"n": 1}'}]),
        ("retry: 10\nretry: soon\nwhat: x\ndata: a\n\n", [{"retry": 10, "data": "a"}]),
        (f"retry: {'9' * 5000}\ndata: a\n\n", [{"data": "a"}]),
        ("event: add\n\ndata: a\n\n", [{"data": "a"}]),
        ("\ufeffdata: a\n\ndata: cut off\n", [{"data": "a"}]),
    ],
)
def test_an_event_stream_is_the_list_of_its_events(text: str, events: list[object]) -> None:
    assert parse_payload(text.encode() or b" ", "text/event-stream; charset=utf-8").value == events


def test_only_json_types_are_json() -> None:
    assert [is_json(each) for each in ("application/json", "a/b+json", "application/jsonl", "application/xml")] == [
        True,
        True,
        False,
        False,
    ]
