"""What ``$response.body`` is, decided by the content type."""

from __future__ import annotations

import json

import pytest

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.schemas import Shape
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.exchange import Response
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
        (b"\xff\x00", "application/vnd.unknown", "/wA="),
        (b"\xff\x00", "application/vnd.unknown+zip", "/wA="),
    ],
)
def test_a_body_is_what_its_content_type_says(content: bytes, content_type: str | None, value: object) -> None:
    payload = parse_payload(content, content_type)
    assert payload.value == value
    assert payload.problem is None


@pytest.mark.parametrize(
    "content_type",
    [
        *("application/x-jsonl", "application/x-json-stream", "application/vnd.x+jsonl", "application/vnd.x+ndjson"),
        *("text/x-jsonl", "text/jsonl", "text/x-ndjson", "application/stream+json", "application/nd-json"),
    ],
)
def test_json_lines_have_many_names(content_type: str) -> None:
    assert parse_payload(b'{"a": 1}\n{"a": 2}\n', content_type) == Payload([{"a": 1}, {"a": 2}])
    assert kind_of_body(content_type) is BodyKind.SEQUENCE


@pytest.mark.parametrize("content_type", ["application/x-json", "text/x-json", "application/x-amz-json-1.1"])
def test_json_has_names_that_do_not_end_in_json(content_type: str) -> None:
    assert parse_payload(b'{"a": 1}', content_type) == Payload({"a": 1})
    assert kind_of_body(content_type) is BodyKind.JSON


@pytest.mark.parametrize(
    "content_type",
    [
        *("application/csv", "application/x-csv", "application/toml", "application/sql", "application/x-javascript"),
        *("application/x-sh", "application/markdown", "application/jwt", "application/token-introspection+jwt"),
        *("application/x-yaml", "application/openapi+yaml", "text/whatever", "application/vnd.apple.mpegurl"),
    ],
)
def test_a_text_is_one_under_every_name_of_its_format(content_type: str) -> None:
    assert parse_payload(b"a,b", content_type) == Payload("a,b")
    assert kind_of_body(content_type) is BodyKind.TEXT
    assert not Shape(content_media_type=content_type).is_binary


@pytest.mark.parametrize(
    "content",
    [
        *(b"<html>", b"[" * 100_000, b"9" * 5000, b'{"a": 1,}', b"[" * 201 + b"]" * 201),
        # nothing of these is left when what cannot be read is taken out
        *(b"NaN", b"1e400", b"[1, -1e400]", rb'"\ud800x"', rb'[["\uDFFF"], 2]'),
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
    ("content", "value", "lost"),
    [
        (b'{"id": 7, "n": 1e400}', {"id": 7}, "`/n`"),
        (b'{"id": 7, "n": -Infinity, "m": NaN}', {"id": 7}, "`/n`, `/m`"),
        (b'{"id": 7, "n": ' + b"9" * 5000 + b"}", {"id": 7}, "`/n`"),
        (rb'{"id": 7, "n": "\ud800x", "\udfff": 1}', {"id": 7}, r"`/n`, `/\udfff`"),
        (b'{"id": "\xe9", "n": "\xc3\xa9"}', {"n": "é"}, "`/id`"),
        # an array has no holes: it is lost with its element, and what stands beside it is read
        (b'{"a/b": {"c": [1, [1e400]], "d": [2]}}', {"a/b": {"d": [2]}}, "`/a~1b/c`"),
        (b'[{"id": 1, "n": 1e999}, {"id": 2}]', [{"id": 1}, {"id": 2}], "`/0/n`"),
        (b'{"id": 7, "n": ' + b"[" * 200 + b"]" * 200 + b"}", {"id": 7}, "`/n`"),
        (b'{"a":1e999,"b":1e999,"c":1e999,"d":1e999,"e":1e999}', {}, "`/a`, `/b`, `/c` and 2 more"),
    ],
)
def test_only_the_member_that_cannot_be_read_is_lost_and_that_is_told(content: bytes, value: object, lost: str) -> None:
    unreadable = "a number or half a character there cannot be held, or it nests deeper than 200"
    problem = f"is read without {lost}: {unreadable}"
    claimed = parse_payload(content, "application/json; charset=utf-8")
    assert claimed == Payload(value, f"the body claims `application/json` and {problem}", is_partial=True)
    assert parse_payload(content, None) == Payload(value, f"the body {problem}", is_partial=True)


def test_each_line_of_json_is_read_as_far_as_it_can_be() -> None:
    payload = parse_payload(b'{"id": 1, "n": 1e400}\n{"id": 2, "id": 3}\n', "application/x-ndjson")
    assert payload.value == [{"id": 1}, {"id": 3}]
    assert payload.problem is not None
    assert "is read without `/n`: " in payload.problem


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "utf-16", "nonsense", "windows-1252"])
@pytest.mark.parametrize("kind", ["application/json", "application/problem+json", "application/x-ndjson"])
def test_json_in_utf_8_is_read_as_that_whatever_charset_it_claims(kind: str, charset: str) -> None:
    payload = parse_payload('{"a":"é€"}'.encode(), f"{kind}; charset={charset}")
    assert payload.value in ({"a": "é€"}, [{"a": "é€"}])
    assert payload.problem is None


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ['{"a":"é€"}', '"€"', "7"])
def test_json_in_wide_characters_is_recognised_by_its_nulls(charset: str, text: str) -> None:
    assert parse_payload(text.encode(charset), "application/json").value == json.loads(text)


@pytest.mark.parametrize(
    ("content_type", "content", "value", "read_as"),
    [
        ("application/json, application/json", b"[1]", [1], None),
        ("application/json, Application/JSON; charset=utf-8", b"[1]", [1], None),
        ("application/json,", b"[1]", [1], None),
        ('application/json; profile="a, b/c"', b"[1]", [1], None),
        ("", b"[1]", [1], None),
        (" ", b"a text", "a text", None),
        ("; charset=utf-8", b"[1]", [1], None),
        ("json", b"[1]", [1], None),
        ("none", b"\xff\xfe\xfd", "//79", None),
        ("application/json, text/plain", b"[1]", [1], "application/json"),
        ("text/plain, application/json", b"[1]", [1], "application/json"),
        ("text/html, application/problem+json; charset=utf-8", b"[1]", [1], "application/problem+json"),
        ("application/json, text/plain", b"a text", "a text", "text/plain"),
        ("text/plain; charset=latin-1, text/html", b"\xe9", "é", "text/plain"),
        ("image/png, application/json", b"\x89PNG", "iVBORw==", "image/png"),
    ],
)
def test_a_body_is_read_by_a_content_type_that_is_repeated_empty_or_one_of_several(
    content_type: str, content: bytes, value: object, read_as: str | None
) -> None:
    payload = parse_payload(content, content_type)
    assert payload.value == value
    assert (payload.problem is None) == (read_as is None)
    if read_as is not None:
        assert str(payload.problem).endswith(f", and is read as `{read_as}`")
        assert str(payload.problem).startswith("the body claims to be `")


def test_a_response_names_the_content_type_that_its_body_is() -> None:
    both = (("Content-Type", "text/html"), ("content-type", "application/json"))
    assert Response(200, both, b"{}").content_type == "application/json"
    assert Response(200, both, b"<p>").content_type == "text/html"
    assert Response(200, (("Content-Type", ""),), b"{}").content_type is None
    assert Response(200, both[1:] * 2, b"{}").content_type == "application/json"


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
