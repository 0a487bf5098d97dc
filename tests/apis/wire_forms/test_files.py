"""Files in bodies: bytes wherever they go, refused where only a text can stand, and never read before they are sent."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from described import operation, parts_of, refused, write
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.content_types import describe_body, file_media_type, part_media_type
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.contents import Pieces
from arazzo_engine.language.messages.files import File, Notation, encoded_bytes, held_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.wire_forms.written import Body

DATA: Final = b"a,b\r\n1,\xff\n"
BASE64: Final = base64.b64encode(DATA).decode()
URL: Final = f"data:text/csv;name=t.csv;base64,{BASE64}"


class OnDisk(Struct, frozen=True):
    """A source that counts how often it is read."""

    read: list[int]

    def check(self) -> None:
        """Do nothing."""

    def chunks(self) -> Iterator[bytes]:
        self.read.append(1)
        yield DATA[:4]
        yield DATA[4:]


def csv(**changes: Any) -> File:
    file = replace(held_file(DATA, "text/csv", "t.csv"), source=OnDisk([]))
    return replace(file, **changes)


def unread(body: Body) -> bytes:
    """Return the bytes of a body whose files were not read to write it, and whose length is known."""
    assert isinstance(body.content, Pieces)
    files = [
        each if isinstance(each, File) else each.file for each in body.content.pieces if not isinstance(each, bytes)
    ]
    assert [each.source for each in files] == [OnDisk([])] * len(files)
    sent = bytes(body.content)
    assert len(sent) == len(body.content)
    assert bytes(body.content) == sent, "it can be sent again"
    return sent


@pytest.mark.parametrize(
    "described",
    [
        {},
        {"schema": {}},
        {"schema": {"properties": {"f": {"type": "string"}}}},
        {"schema": {"properties": {"f": {"description": "a file"}}}},
        {"schema": {"properties": {"f": {"type": "string", "format": "binary"}}}},
        {"schema": {"properties": {"f": {"type": "string", "format": "uri"}}}},
        {"schema": {"properties": {"f": {"type": "object"}}}},
        {"schema": {"properties": {"f": {"type": "string", "contentEncoding": "base64"}}}},
        {"encoding": {"f": {"contentType": "text/csv"}}},
        {"encoding": {"f": {"contentType": "text/*, image/png"}}},
        {"encoding": {"f": {"style": "form"}}},
    ],
)
def test_a_file_is_a_part_with_its_name_and_type_whatever_is_described(described: dict[str, Any]) -> None:
    body = write("multipart/form-data", {"f": csv()}, described)
    unread(body)
    assert parts_of(body) == [("f", "t.csv", "text/csv", DATA)]


def test_an_answer_in_bytes_is_a_part_with_its_own_type() -> None:
    for described in ({}, {"schema": {"properties": {"f": {"type": "string"}}}}):
        body = write("multipart/form-data", {"f": encoded_bytes(DATA, "image/gif")}, described)
        assert parts_of(body) == [("f", "f", "image/gif", DATA)]


def test_base64_is_sent_as_such_where_both_sides_say_so() -> None:
    described = {"schema": {"properties": {"f": {"type": "string", "contentEncoding": "base64"}}}}
    for value in (csv(notation=Notation.BASE64), BASE64, encoded_bytes(DATA, "image/png"), URL):
        ((_, _, kind, content),) = parts_of(write("multipart/form-data", {"f": value}, described))
        assert (kind, content) == ("application/octet-stream", BASE64.encode())


def test_several_files_are_parts_and_null_is_none() -> None:
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    members = {"f": files["items"], "g": files, "h": files, "b": {"format": "byte"}, "n": {"type": "string"}}
    payload = {"f": None, "g": [csv(), None, csv(name="u.csv")], "h": None, "b": None, "n": None}
    body = write("multipart/form-data", payload, {"schema": {"properties": members}})
    assert parts_of(body) == [
        ("g", "t.csv", "text/csv", DATA),
        ("g", "u.csv", "text/csv", DATA),
        ("n", None, None, b""),
    ]


def test_a_part_without_a_name_has_that_of_its_file() -> None:
    sent = bytes(write("multipart/mixed", [csv(), "x"]).content)
    assert b'Content-Disposition: attachment; filename="t.csv"\r\nContent-Type: text/csv\r\n\r\n' + DATA in sent
    assert sent.count(b"Content-Disposition") == 1


def test_the_parameters_of_a_media_type_are_kept() -> None:
    url = f"data:text/csv;charset=latin-1;name=t.csv;base64,{BASE64}"
    for value in (url, csv(media_type="text/csv; charset=latin-1")):
        ((*_, kind, _),) = parts_of(
            write("multipart/form-data", {"f": value}, {"encoding": {"f": {"contentType": "text/*"}}})
        )
        assert kind is not None
        assert kind.replace(" ", "").replace('"', "") == "text/csv;charset=latin-1"
        assert json.loads(bytes(write("application/json", {"f": value}).content)) == {"f": url}
    quoted = csv(media_type='text/csv; header="a,b"')
    assert json.loads(bytes(write("application/json", {"f": quoted}).content)) == {"f": URL}


def test_a_data_url_in_a_part_of_json_is_a_string() -> None:
    described = {"encoding": {"f": {"contentType": "application/json"}}}
    ((*_, content),) = parts_of(write("multipart/form-data", {"f": "data:;base64,QQ=="}, described))
    assert content == b'"data:;base64,QQ=="'


@pytest.mark.parametrize(
    ("schema", "value", "content"),
    [
        ({}, "test", b"test"),
        ({}, "QUJDRA==", b"QUJDRA=="),
        ({}, "data:image/png;base64,QUJDRA==", b"ABCD"),
        ({"type": "string"}, "data:image/png;base64,QQ==", b"data:image/png;base64,QQ=="),
        ({"type": "string"}, URL, DATA),
        ({"format": "binary"}, "QUJD", b"ABC"),
        ({"format": "binary"}, "data:;base64,test", b"\xb5\xeb-"),
        ({"format": "binary"}, "_-8=", b"\xff\xef"),
    ],
)  # fmt: skip
def test_a_text_is_bytes_where_it_says_so_or_the_schema_does(
    schema: dict[str, Any], value: str, content: bytes
) -> None:
    ((*_, found),) = parts_of(write("multipart/form-data", {"f": value}, {"schema": {"properties": {"f": schema}}}))
    assert found == content


@pytest.mark.parametrize("taken", ["*/*", "text/*"])
@pytest.mark.parametrize("text", ["A note for the reader.", "test", "QUJD", "é", ""])
def test_a_text_of_a_step_that_sends_a_text_is_sent_where_any_bytes_are_taken(taken: str, text: str) -> None:
    described = describe_body("text/plain", operation({taken: {"schema": {"type": "string", "format": "binary"}}}))
    assert write_body(text, "text/plain", described).content == text.encode()
    assert write_body("data:;base64,QUJD", "text/plain", described).content == b"ABC"
    assert unread(write_body(csv(), "text/plain", described)) == DATA


@pytest.mark.parametrize("word", ["test", "Ping", "photo123", "my-photo", "uploads/", "12345678", "deadbeef", "TEST"])
def test_a_word_is_no_base64(word: str) -> None:
    described = {"schema": {"properties": {"f": {"type": "string", "format": "binary"}}}}
    assert refused("multipart/form-data", {"f": word}, described) == (
        "a text stands where bytes are sent, and it may be a word as well as base64"
    )


@pytest.mark.parametrize(
    "content_type",
    [
        *("text/csv", "text/plain", "application/xml", "application/x-ndjson", "application/octet-stream"),
        *("image/png", "application/vnd.ms-excel", "multipart/mixed; boundary=x"),
    ],
)
def test_a_file_is_the_body_of_any_type(content_type: str) -> None:
    body = write(content_type, csv())
    assert unread(body) == DATA
    assert body.content_type == content_type
    assert write(content_type, URL).content == DATA
    assert write(content_type, encoded_bytes(DATA, "image/gif")).content == DATA


def test_a_file_of_json_is_a_body_of_json_and_any_other_is_a_string_in_it() -> None:
    assert unread(write("application/json", csv(media_type="application/json"))) == DATA
    described = {"schema": {"type": "string"}}
    assert json.loads(unread(write("application/json", csv()))) == URL
    assert json.loads(unread(write("application/json", csv(media_type="application/json"), described))) == URL.replace(
        "text/csv", "application/json"
    )


@pytest.mark.parametrize("schema", [{"type": "object"}, {"type": "array", "items": {}}])
def test_a_file_is_the_body_where_json_is_described_that_is_no_string(schema: dict[str, Any]) -> None:
    assert unread(write("application/json", csv(media_type="text/plain"), {"schema": schema})) == DATA


def test_json_holds_files_as_its_schema_or_their_input_says() -> None:
    described = {"schema": {"properties": {"b": {"type": "string", "format": "byte"}, "l": {"items": {}}}}}
    payload = {"f": csv(), "b": csv(), "e": csv(notation=Notation.BASE64), "l": [csv(), 'x"y'], "é": None}
    sent = unread(write("application/json", payload, described))
    assert json.loads(sent) == {"f": URL, "b": BASE64, "e": BASE64, "l": [URL, 'x"y'], "é": None}
    assert json.loads(bytes(write("application/json", {"t": _text()}).content)) == {"t": 'é "'}
    assert unread(write("application/x-ndjson", csv())) == DATA


def _text() -> File:
    return replace(held_file('é "'.encode(), "text/plain", "t.txt"), notation=Notation.TEXT)


@pytest.mark.parametrize(
    ("content_type", "payload"),
    [
        ("application/x-www-form-urlencoded", {"f": csv()}),
        ("application/x-www-form-urlencoded", {"f": [csv()]}),
        ("application/x-www-form-urlencoded", {"f": {"g": csv()}}),
        ("application/xml", {"f": csv()}),
    ],
)
def test_a_file_is_refused_where_only_a_text_can_stand(content_type: str, payload: Any) -> None:
    described = {"schema": {"type": "object", "xml": {"name": "r"}}}
    assert refused(content_type, payload, described) == ("a file, `t.csv`, stands where only a text can be sent")


def test_a_file_is_no_form() -> None:
    message = "a file cannot be sent as `application/x-www-form-urlencoded`, which is form"
    assert refused("application/x-www-form-urlencoded", csv()) == message


def test_a_file_whose_input_is_a_text_stands_where_a_text_can() -> None:
    members = {"t": _text(), "b": csv(notation=Notation.BASE64)}
    found = write("application/x-www-form-urlencoded", members)
    assert (
        found.content
        == b"t=%C3%A9+%22&b=" + BASE64.replace("=", "%3D").replace("+", "%2B").replace("/", "%2F").encode()
    )


def test_a_multipart_file_needs_a_boundary() -> None:
    assert refused("multipart/form-data", csv()).startswith("a file is sent as")


def test_the_boundary_of_a_body_with_files_depends_on_them_and_stands_in_none() -> None:
    one, other = (write("multipart/form-data", {"f": file}) for file in (csv(), csv(digest="0" * 64)))
    assert one.content_type != other.content_type
    assert refused(f"multipart/form-data; boundary={DATA[3:6].decode().strip()}", {"f": csv()}) == (
        "the boundary that `contentType` names occurs in the content"
    )


@pytest.mark.parametrize(
    ("documented", "own", "chosen"),
    [
        (["application/json", "image/png"], "image/png", "image/png"),
        (["application/json", "image/*"], "image/png", "image/png"),
        (["*/*"], "image/png", "image/png"),
        (["application/json", "application/octet-stream"], "image/png", "application/octet-stream"),
        (["application/json", "text/csv"], "text/plain", "text/csv"),
        (["multipart/form-data", "text/csv"], "text/plain", "text/csv"),
        (["application/json"], "image/png", "application/json"),
        (["Text/CSV; header=present"], "text/csv", "Text/CSV; header=present"),
        ([], "image/png", "image/png"),
        ([], "", "application/octet-stream"),
    ],
)
def test_the_media_type_of_a_file_is_its_own_where_it_is_documented(
    documented: list[str], own: str, chosen: str
) -> None:
    assert file_media_type(None, operation({name: {} for name in documented}), own) == chosen


@pytest.mark.parametrize(
    ("encoding", "own", "chosen"),
    [
        ("image/png, image/jpeg", "image/jpeg", "image/jpeg"),
        ("image/png", "image/gif", "image/gif"),
        ("image/*", "image/gif", "image/gif"),
        ("application/octet-stream", "text/csv", "application/octet-stream"),
        ("text/csv", "text/plain", "text/csv"),
        ("application/xml", "text/xml", "application/xml"),
        ("application/x-zip", "application/zip", "application/x-zip"),
        ("image/png", "application/octet-stream", "image/png"),
        ("image/png", "text/plain", "text/plain"),
        ("image/png", "", "image/png"),
        (None, "text/csv", "text/csv"),
        (None, "", ""),
    ],
)
def test_the_type_of_a_part_is_that_of_its_content(encoding: str | None, own: str, chosen: str) -> None:
    assert part_media_type(encoding, own) == chosen


_SCHEMAS: Final = st.sampled_from(
    [
        *({}, {"type": "string"}, {"type": "object"}, {"type": "array", "items": {}}, {"type": ["string", "null"]}),
        *({"format": "binary"}, {"format": "byte"}, {"contentEncoding": "base64"}, {"contentMediaType": "image/png"}),
    ]
)
_ENCODINGS: Final = st.sampled_from(
    [
        *({}, {"style": "form"}, {"style": "deepObject"}, {"contentType": "text/plain"}, {"contentType": "image/*"}),
        *({"contentType": "application/xml"}, {"contentType": "application/x-www-form-urlencoded"}),
    ]
)
_TYPES: Final = st.sampled_from(
    [
        *("multipart/form-data", "multipart/mixed", "application/x-www-form-urlencoded", "text/csv", "application/xml"),
        *("application/x-ndjson", "image/png", "application/octet-stream"),
    ]
)
_VALUES: Final = st.sampled_from([csv(), URL, held_file(DATA, "text/csv", "t.csv")])
_PLACES: Final = st.sampled_from(
    [
        lambda value: value,
        lambda value: {"f": value},
        lambda value: {"f": [value]},
        lambda value: [value],
        lambda value: {"f": [value, None]},
    ]
)


@given(_TYPES, _SCHEMAS, _ENCODINGS, _VALUES, _PLACES)
@settings(max_examples=300, deadline=None)
def test_the_notation_of_the_engine_is_sent_in_json_only(
    content_type: str, schema: dict[str, Any], encoding: dict[str, Any], value: Any, place: Callable[[Any], Any]
) -> None:
    described = {
        "schema": {"type": "object", "properties": {"f": schema}, "xml": {"name": "r"}},
        "encoding": {"f": encoding} if encoding else {},
    }
    payload = place(value)
    try:
        sent = bytes(write(content_type, payload, described).content)
    except ArazzoError:
        return
    if content_type != "application/x-ndjson" or payload is value:
        assert b";base64," not in sent
        assert DATA in sent or BASE64.encode() in sent
