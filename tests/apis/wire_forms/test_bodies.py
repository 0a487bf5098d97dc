"""Bodies on the wire: each kind of body from each kind of payload, as an OpenAPI description says."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from described import operation, parts_of, refused, write
from hypothesis import given, settings
from hypothesis import strategies as st

from arazzo_engine.apis.descriptions.media_types import kind_of_body
from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.apis.linking.sources import NoSources
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.content_types import PayloadKind, accepted, describe_body, request_media_type
from arazzo_engine.apis.wire_forms.written import Body
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.objects import Step

_STEP = Step(Place(read_document(b"{}", "file:///a.yaml")), "a")
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


@pytest.mark.parametrize(
    ("content_type", "payload", "content"),
    [
        ("application/json", {"a": [1, "é", None]}, '{"a":[1,"é",null]}'.encode()),
        ("Application/Vnd.Thing+JSON; v=1", "x", b'"x"'),
        ("application/json", None, b"null"),
        ("text/plain", "é", "é".encode()),
        ("text/plain; charset=iso-8859-1", "é", b"\xe9"),
        ("text/csv", 1.5, b"1.5"),
        ("text/plain", True, b"true"),
        ("application/graphql", "{ me }", b"{ me }"),
        ("application/xml", "<a>é</a>", "<a>é</a>".encode()),
        ("application/xml", "<?xml version='1.0' encoding='latin-1'?><a>é</a>", b"<?xml version='1.0' encoding='latin-1'?><a>\xe9</a>"),
        ("application/soap+xml; charset=utf-16-le", "<a/>", "<a/>".encode("utf-16-le")),
        ("application/x-ndjson", [{"a": 1}, "b", None], b'{"a":1}\n"b"\nnull\n'),
        ("application/jsonl", '{"a":1}\n', b'{"a":1}\n'),
        ("application/json-seq", [1, [2]], b"\x1e1\n\x1e[2]\n"),
        ("application/octet-stream", PNG, b"\x89PNG\r\n\x1a\n"),
        ("image/png", f"data:image/png;name=a.png;base64,{PNG}", b"\x89PNG\r\n\x1a\n"),
        ("application/pdf", "_-8=", b"\xff\xef"),
        ("application/x-www-form-urlencoded", "a=b&c", b"a=b&c"),
        ("multipart/mixed; boundary=x", "--x--\r\n", b"--x--\r\n"),
    ],
)  # fmt: skip
def test_a_payload_becomes_the_bytes_of_its_media_type(content_type: str, payload: object, content: bytes) -> None:
    assert write(content_type, payload) == Body(content, content_type)


@pytest.mark.parametrize(
    ("content_type", "payload", "message"),
    [
        ("text/plain", {"a": 1}, "an object cannot be sent as `text/plain`"),
        ("text/plain", None, "null cannot be sent"),
        ("application/x-www-form-urlencoded", [1], "an array cannot be sent"),
        ("application/x-ndjson", {"a": 1}, "an object cannot be sent"),
        ("application/octet-stream", {"a": 1}, "an object cannot be sent"),
        ("application/octet-stream", "hello", "it is not base64"),
        ("application/octet-stream", "a text", "it is not base64"),
        ("application/octet-stream", "AP8", "it is not base64"),
        *(
            ("application/octet-stream", each, f"and no file is read by its name: not `{each}`")
            for each in ("file://./a.bin", "@a.bin", "@./photos/a-b.jpeg")
        ),
        ("image/png", "data:image/png,xyz", "it is not base64"),
        ("text/plain; charset=ascii", "é", "characters that `ascii` does not have"),
        ("text/plain; charset=martian", "e", "`martian` is no charset that is known"),
        ("application/json", "\ud800", "half a character"),
        ("application/x-ndjson", [float("inf")], "a number"),
        ("text/plain", "\ud800", "characters that `utf-8` does not have"),
        ("multipart/form-data", "--x--", "its boundary is not known"),
        ("application/xml", {"a": 1}, "does not say what the root element is called"),
        ("application/x-www-form-urlencoded", {"a": "\ud800"}, "not Unicode"),
    ],
)
def test_a_payload_that_is_not_of_its_media_type_is_refused(content_type: str, payload: object, message: str) -> None:
    assert message in refused(content_type, payload)


# --- forms ---

_FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("payload", "described", "content"),
    [
        ({"a": "x y&z", "é": 1, "n": None, "t": True}, {}, "a=x+y%26z&%C3%A9=1&n=&t=true"),
        ({}, {}, ""),
        # as Stripe takes them
        ({"items": [{"price": "p", "quantity": 2}], "metadata": {"a": {"b": "c"}}}, {}, "items%5B0%5D%5Bprice%5D=p&items%5B0%5D%5Bquantity%5D=2&metadata%5Ba%5D%5Bb%5D=c"),
        ({"expand": ["a", "b"], "email": ""}, {"encoding": {"expand": {"style": "deepObject", "explode": True}, "email": {"style": "deepObject", "explode": True}}}, "expand%5B0%5D=a&expand%5B1%5D=b&email="),
        # as Twilio takes them
        ({"MediaUrl": ["https://a/1", "https://a/2"], "Body": "hi"}, {}, "MediaUrl=https%3A%2F%2Fa%2F1&MediaUrl=https%3A%2F%2Fa%2F2&Body=hi"),
        # as Slack takes them
        ({"profile": {"status": "é"}}, {"schema": {"properties": {"profile": {"type": "string"}}}}, "profile=%7B%22status%22%3A%22%C3%A9%22%7D"),
        ({"a": {"b": 1}}, {"encoding": {"a": {"contentType": "application/json"}}}, "a=%7B%22b%22%3A1%7D"),
        ({"a": "json"}, {"encoding": {"a": {"contentType": "application/json"}}}, "a=%22json%22"),
        ({"a": [1, {"b": 2}]}, {"encoding": {"a": {"contentType": "application/json"}}}, "a=1&a=%7B%22b%22%3A2%7D"),
        ({"a": [1, 2]}, {"encoding": {"a": {"explode": False}}}, "a=1,2"),
        ({"a": [1, 2]}, {"encoding": {"a": {"style": "pipeDelimited"}}}, "a=1%7C2"),
        ({"a": {"x": 1, "y": 2}}, {"encoding": {"a": {"style": "form"}}}, "x=1&y=2"),
        ({"a": "https://x/?y=1&z#"}, {"encoding": {"a": {"allowReserved": True}}}, "a=https://x/?y=1%26z%23"),
        ({"a": {"x": 1}}, {"encoding": {"a": {"style": "form", "contentType": "application/json"}}}, "x=1"),
    ],
)  # fmt: skip
def test_a_form_is_written_as_the_description_says_or_as_apis_take_it(
    payload: object, described: dict[str, Any], content: str
) -> None:
    assert write(_FORM, payload, described) == Body(content.encode(), _FORM)


@given(st.dictionaries(st.text(min_size=1).filter(str.isprintable), st.text().filter(str.isprintable)))
@settings(max_examples=50)
def test_a_flat_form_is_read_back(members: dict[str, str]) -> None:
    content = bytes(write_body(members, _FORM, None).content).decode("ascii")
    assert parse_qsl(content, keep_blank_values=True) == list(members.items())


def test_a_form_of_openapi_2_joins_its_lists_as_it_says() -> None:
    fields = [
        {"name": "csv", "in": "formData", "type": "array", "items": {"type": "string"}},
        {"name": "multi", "in": "formData", "type": "array", "collectionFormat": "multi", "items": {"type": "string"}},
        {"name": "text", "in": "formData", "type": "string"},
    ]
    value = {"swagger": "2.0", "paths": {"/a": {"post": {"parameters": fields}}}}
    document = read_document(json.dumps(value), "file:///api.json")
    found = open_api("api", document, NoSources()).operation_at(("paths", "/a", "post"))
    assert found is not None
    body = write_body({"csv": ["a", "b"], "multi": ["a", "b"], "text": "x"}, _FORM, describe_body(_FORM, found))
    assert body.content == b"csv=a,b&multi=a&multi=b&text=x"


# --- multipart ---


def test_each_member_of_a_form_is_a_part_of_the_type_of_its_value() -> None:
    schema = {
        "properties": {
            "id": {"type": "string"},
            "photo": {"type": "string", "format": "binary"},
            "icon": {"type": "string", "contentMediaType": "image/png"},
            "signature": {"type": "string", "contentEncoding": "base64"},
            "anything": {},
            "files": {"type": "array", "items": {"$ref": "#/components/schemas/File"}},
        }
    }
    payload = {
        "id": "é",
        "n": 1,
        "address": {"zip": "1"},
        "tags": ["a", "b"],
        "photo": PNG,
        "icon": f"data:image/webp;name=my%20icon.webp;base64,{PNG}",
        "signature": "c2ln",
        "anything": "_-8=",
        "files": ["YQ==", "data:text/plain;name=b.txt;base64,Yg=="],
    }
    body = write("multipart/form-data", payload, {"schema": schema}, File={"type": "string", "format": "binary"})
    png = b"\x89PNG\r\n\x1a\n"
    assert parts_of(body) == [
        ("id", None, None, "é".encode()),
        ("n", None, None, b"1"),
        ("address", None, "application/json", b'{"zip":"1"}'),
        ("tags", None, None, b"a"),
        ("tags", None, None, b"b"),
        ("photo", "photo", "application/octet-stream", png),
        ("icon", "my icon.webp", "image/webp", png),
        ("signature", None, "application/octet-stream", b"c2ln"),
        ("anything", None, None, b"_-8="),
        ("files", "files", "application/octet-stream", b"a"),
        ("files", "b.txt", "text/plain", b"b"),
    ]


def test_the_encoding_says_the_type_the_headers_and_the_style_of_a_part() -> None:
    described = {
        "schema": {"properties": {"photo": {}, "note": {"type": "string"}}},
        "encoding": {
            "meta": {"contentType": "application/xml; charset=utf-8"},
            "photo": {
                "contentType": "image/*, image/png",
                "headers": {
                    "X-Kind": {"schema": {"const": "cover"}},
                    "X-Limit": {"schema": {"type": "integer"}},
                    "Content-Type": {"schema": {"const": "text/html"}},
                },
            },
            "note": {"contentType": "application/json"},
            "list": {"style": "pipeDelimited", "explode": False},
        },
    }
    payload = {"meta": {"a": 1}, "photo": PNG, "note": "n", "list": [1, 2]}
    body = write("multipart/form-data", payload, described)
    xml = b'<?xml version="1.0" encoding="UTF-8"?>\n<meta><a>1</a></meta>'
    assert parts_of(body) == [
        ("meta", None, 'application/xml; charset="utf-8"', xml),
        ("photo", "photo", "image/png", b"\x89PNG\r\n\x1a\n"),
        ("note", None, "application/json", b'"n"'),
        ("list", None, None, b"1|2"),
    ]
    assert b"\r\nX-Kind: cover\r\n" in bytes(body.content)
    assert b"X-Limit" not in bytes(body.content)


@pytest.mark.parametrize("held", ["value", "content", "filename"])
@pytest.mark.parametrize("named", ["name", "key"])
def test_a_part_that_is_described_by_its_name_and_its_value_is_refused(named: str, held: str) -> None:
    part = {named: "a", held: "x", "contentType": "text/plain"}
    message = refused("multipart/form-data", [{"b": 1}, part])
    assert message == (
        f"a part of `multipart/form-data` has the fields `{named}`, `{held}`, `contentType`, and may be meant as the"
        " field `a`"
    )


def test_the_fields_of_a_part_that_are_described_are_sent() -> None:
    item = {"type": "object", "properties": {"name": {"type": "string"}, "value": {"type": "string"}}}
    described = {"schema": {"type": "array", "items": item}}
    sent = parts_of(write("multipart/form-data", [{"name": "a", "value": "x"}], described))
    assert [name for name, *_ in sent] == ["name", "value"]


def test_the_bytes_of_a_multipart_body() -> None:
    body = write("multipart/form-data", {'a"\r\n': "x", "b": {"c": 1}})
    boundary = body.content_type.removeprefix("multipart/form-data; boundary=")
    assert (
        body.content
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="a%22%0D%0A"\r\n\r\nx\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="b"\r\nContent-Type: application/json\r\n\r\n'
            f'{{"c":1}}\r\n--{boundary}--\r\n'
        ).encode()
    )


@pytest.mark.parametrize(
    ("payload", "encoding"),
    [
        ({"a": "x"}, {"a": {"headers": {"X-A": {"schema": {"const": "1\r\nX-Evil: 2"}}}}}),
        ({"a": "x"}, {"a": {"contentType": "text/plain\r\nX-Evil: 2"}}),
        ({"\ud800": "x"}, {}),
        ({"a": "\ud800"}, {"a": {"style": "form"}}),
    ],
)
def test_a_part_never_gets_a_line_that_is_not_its_own(payload: object, encoding: dict[str, Any]) -> None:
    refused("multipart/form-data", payload, {"encoding": encoding})


def test_an_array_is_parts_without_names() -> None:
    described = {"prefixEncoding": [{"contentType": "application/json"}], "itemEncoding": {"contentType": "image/png"}}
    body = write("multipart/mixed", [{"a": 1}, PNG, PNG], described)
    png = b"\x89PNG\r\n\x1a\n"
    assert parts_of(body) == [
        (None, None, "application/json", b'{"a":1}'),
        (None, None, "image/png", png),
        (None, None, "image/png", png),
    ]


@given(st.lists(st.text()))
@settings(max_examples=50)
def test_the_boundary_is_the_same_for_the_same_content_and_never_in_it(texts: list[str]) -> None:
    texts = [text.encode("utf-8", errors="replace").decode() for text in texts]
    first = write_body({"a": texts}, "multipart/form-data", None)
    boundary = first.content_type.partition("boundary=")[2]
    assert first == write_body({"a": texts}, "multipart/form-data", None)
    assert bytes(first.content).count(boundary.encode()) == len(texts) + 1
    # what a party that knows the boundary writes into the content gives another boundary
    second = write_body({"a": [*texts, f"--{boundary}--"]}, "multipart/form-data", None)
    assert second.content_type != first.content_type


def test_a_boundary_that_is_given_is_used_unless_the_content_has_it() -> None:
    assert bytes(write("multipart/form-data; boundary=xyz", {"a": "b"}).content).startswith(b"--xyz\r\n")
    assert "occurs in the content" in refused("multipart/form-data; boundary=xyz", {"a": "--xyz"})


# --- which media type ---


@pytest.mark.parametrize(
    ("documented", "payload", "chosen"),
    [
        ([], PayloadKind.OBJECT, "application/json"),
        (["text/plain", "application/vnd.thing+json"], PayloadKind.OBJECT, "application/vnd.thing+json"),
        (["text/plain", "application/x-www-form-urlencoded"], PayloadKind.OBJECT, "application/x-www-form-urlencoded"),
        (["application/octet-stream", "text/csv"], PayloadKind.STRING, "application/octet-stream"),
        (["application/octet-stream", "text/csv"], PayloadKind.SCALAR, "text/csv"),
        (["multipart/form-data"], PayloadKind.UNKNOWN, "multipart/form-data"),
        (["*/*"], PayloadKind.OBJECT, "application/json"),
        (["application/*+json"], PayloadKind.OBJECT, "application/json"),
        (["text/plain"], PayloadKind.OBJECT, "text/plain"),
        # Swashbuckle names all of these, and is asked for the first by nobody
        (["application/json-patch+json", "application/json", "text/json", "application/*+json"], PayloadKind.OBJECT, "application/json"),
        (["application/json-patch+json", "application/json"], PayloadKind.ARRAY, "application/json"),
        (["application/vnd.a+json", "application/json; charset=utf-8"], PayloadKind.UNKNOWN, "application/json; charset=utf-8"),
        (["application/json-patch+json", "application/vnd.a+json"], PayloadKind.OBJECT, "application/vnd.a+json"),
        (["application/*+json", "application/json; v=2"], PayloadKind.OBJECT, "application/json; v=2"),
        # as Kubernetes has them
        (["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"], PayloadKind.OBJECT, "application/merge-patch+json"),
        (["application/merge-patch+json", "application/json-patch+json"], PayloadKind.ARRAY, "application/json-patch+json"),
        (["application/json-patch+json", "text/plain"], PayloadKind.STRING, "text/plain"),
        (["application/merge-patch+json"], PayloadKind.NULL, "application/merge-patch+json"),
    ],
)  # fmt: skip
def test_the_media_type_is_one_that_the_payload_can_be_written_as(
    documented: list[str], payload: PayloadKind, chosen: str
) -> None:
    api = operation({name: {} for name in documented})
    assert request_media_type(None, api, payload, payload) == chosen
    assert request_media_type("text/x; q=1", api, payload, payload) == "text/x; q=1"


def test_content_types_compare_without_case_and_parameters() -> None:
    api = operation({"*/*": {}, "image/*": {}, "Application/X-WWW-Form-UrlEncoded; charset=utf-8": {}})
    found = [describe_body(each, api) for each in ("application/x-www-form-urlencoded; q=1", "IMAGE/png", "a/b")]
    assert [each.name if each else None for each in found] == [
        "Application/X-WWW-Form-UrlEncoded; charset=utf-8",
        "image/*",
        "*/*",
    ]
    assert kind_of_body("Multipart/Form-Data; boundary=x") is kind_of_body("multipart/mixed")


def test_the_documented_answers_are_what_is_accepted_json_first() -> None:
    content: dict[str, Any] = {"text/plain": {}, "application/json; charset=utf-8": {}}
    responses = {
        "200": {"content": content},
        "default": {"content": {"application/problem+json": {}, "text/plain": {}}},
    }
    found = accepted(operation({}, responses=responses), _STEP)
    assert found == "application/json, application/problem+json, text/plain"
    assert accepted(operation({}), _STEP) == ""
