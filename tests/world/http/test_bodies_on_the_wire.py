"""Bodies as they arrive: the media type and the bytes, for what descriptions really say."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import HTTP
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import pytest
from one_step import OneStep

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"


@pytest.fixture
def step(tmp_path: Path, server: RecordingServer) -> OneStep:
    return OneStep(tmp_path, server)


# --- which media type ---


@pytest.mark.parametrize(
    ("documented", "payload", "content_type"),
    [
        ([PATCH, "application/json", "text/json", "application/*+json"], {"title": "x"}, "application/json"),
        ([PATCH, "application/json", "text/json", "application/*+json"], "$inputs.object", "application/json"),
        ([PATCH, MERGE], {"title": "$inputs.text"}, MERGE),
        ([PATCH, MERGE], "$inputs.object", MERGE),
        ([PATCH, MERGE], '{"title": "{$inputs.text}"}', MERGE),
        ([MERGE, PATCH], "$inputs.list", PATCH),
        ([MERGE, PATCH], ' [{"op": "remove", "path": "/{$inputs.text}"}]', PATCH),
        ([MERGE, PATCH], "{$inputs.json}", PATCH),
    ],
)
def test_a_patch_is_chosen_for_what_it_can_be(
    step: OneStep, documented: list[str], payload: Any, content_type: str
) -> None:
    step.inputs = {"object": {"a": 1}, "list": [{"op": "remove", "path": "/a"}], "text": "x", "json": "[]"}
    sent = step.body({each: {} for each in documented}, payload)
    assert sent.header("content-type") == content_type


def test_an_object_is_no_json_patch_unless_the_step_says_so(step: OneStep) -> None:
    step.inputs = {"object": {"a": 1}}
    described: dict[str, Any] = {"requestBody": {"content": {PATCH: {}}}}
    for payload in ({"a": 1}, {"a": "$inputs.object"}, "$inputs.object", '{"a": 1}'):
        problem = step.refused(described, {"requestBody": {"payload": payload}})
        assert (problem.code, problem.fix) in {
            ("request-body-unsupported", "give an array, or say by `contentType` what is sent"),
            ("input-unsendable", "give an array, or say by `contentType` what is sent"),
        }
    assert step.body({PATCH: {}}, {"a": 1}, PATCH).body == b'{"a":1}'


# --- texts of JSON within forms, parts and parameters ---

FORM, FORM_DATA = "application/x-www-form-urlencoded", "multipart/form-data"
_JSON_PART = {"schema": {"properties": {"m": {}}}, "encoding": {"m": {"contentType": "application/json"}}}


def _part(body: bytes) -> bytes:
    """Return the content of the only part."""
    head, _, rest = body.partition(b"\r\n\r\n")
    boundary = head.split(b"\r\n")[0]
    return rest.removesuffix(b"\r\n" + boundary + b"--\r\n")


@pytest.mark.parametrize(
    ("described", "payload", "content"),
    [
        (_JSON_PART, '{"a":"{$inputs.v}"}', b'{"a":"q\\""}'),
        (_JSON_PART, '{"a":{$inputs.n}}', b'{"a":[1]}'),
        (_JSON_PART, '{"a": 1}', b'{"a":1}'),
        # what a person says is no text of JSON
        (_JSON_PART, "{$inputs.v}", b'"q\\""'),
        (_JSON_PART, "Dear {$inputs.v}", b'"Dear q\\""'),
        (_JSON_PART, "$inputs.json", b'"{\\"b\\":2}"'),
        ({"schema": {"properties": {"m": {"type": "object"}}}}, '{"a":"{$inputs.v}"}', b'{"a":"q\\""}'),
        ({"schema": {"properties": {"m": {"type": ["array", "null"]}}}}, '["{$inputs.v}"]', b'q"'),
        # a text that is described as one stays it
        ({"schema": {"properties": {"m": {"type": "string"}}}}, '{"a": 1}', b'{"a": 1}'),
        ({"schema": {"properties": {"m": {"type": "string"}}}, "encoding": _JSON_PART["encoding"]}, '{"a": 1}', b'"{\\"a\\": 1}"'),
        ({"schema": {"properties": {"m": {"type": "string", "contentMediaType": "application/json"}}}}, '{"a": "{$inputs.v}"}', b'{"a": "q\\""}'),
    ],
)  # fmt: skip
def test_a_text_of_json_is_the_json_of_its_part(
    step: OneStep, described: dict[str, Any], payload: str, content: bytes
) -> None:
    step.inputs = {"v": 'q"', "n": [1.0], "json": '{"b":2}'}
    assert _part(step.body({FORM_DATA: described}, {"m": payload}).body) == content


@pytest.mark.parametrize(
    ("described", "members"),
    [
        (_JSON_PART, [("m", '{"a":"q\\""}')]),
        ({"schema": {"properties": {"m": {"type": "object"}}}}, [("m", '{"a": "q\\""}')]),
        ({"schema": {"properties": {"m": {"type": "string", "contentMediaType": "application/json"}}}}, [("m", '{"a": "q\\""}')]),
        ({"schema": {"properties": {"m": {"type": "string"}}}}, [("m", '{"a": "q""}')]),
    ],
)  # fmt: skip
def test_a_text_of_json_in_a_form_is_escaped(
    step: OneStep, described: dict[str, Any], members: list[tuple[str, str]]
) -> None:
    step.inputs = {"v": 'q"'}
    assert parse_qsl(step.body({FORM: described}, {"m": '{"a": "{$inputs.v}"}'}).body.decode()) == members


def test_each_text_of_a_list_is_json_of_its_own(step: OneStep) -> None:
    step.inputs = {"v": 'q"'}
    described = {"itemEncoding": {"contentType": "application/json"}}
    sent = step.body({"multipart/mixed": described}, ['["{$inputs.v}"]'])
    assert _part(sent.body) == b'["q\\""]'


@pytest.mark.parametrize("content_type", [FORM, FORM_DATA])
def test_a_part_that_is_no_json_is_refused(step: OneStep, content_type: str) -> None:
    step.inputs = {"v": "q"}
    body = {"payload": {"m": '{"a": "{$inputs.v}"'}}
    problem = step.refused({"requestBody": {"content": {content_type: _JSON_PART}}}, {"requestBody": body})
    assert "the text is not JSON once its expressions are replaced" in problem.message


def _parameter(location: str, content_type: str, **described: Any) -> dict[str, Any]:
    return {"name": "f", "in": location, "content": {content_type: described}}


@pytest.mark.parametrize(
    ("described", "value", "query"),
    [
        (_parameter("query", "application/json"), '{"a": "{$inputs.v}"}', [("f", '{"a":"q\\"&b"}')]),
        (_parameter("query", "application/json"), "{$inputs.v}", [("f", '"q\\"&b"')]),
        (_parameter("query", "application/json", schema={"type": "string"}), "{not}", [("f", '"{not}"')]),
        (_parameter("query", "application/xml", schema={"xml": {"name": "r"}}), {"a": "<1>"}, [("f", "<r><a>&lt;1&gt;</a></r>")]),
        (_parameter("query", "application/x-www-form-urlencoded", encoding={"a": {"explode": False}}), {"a": [1, 2]}, [("f", "a=1,2")]),
        (_parameter("querystring", FORM, encoding={"a": {"explode": False}, "b": {"contentType": "application/json"}, "c": {"style": "deepObject"}}), {"a": [1.0, 2], "b": {"d": [None]}, "c": {"e": "x y"}}, [("a", "1,2"), ("b", '{"d":[null]}'), ("c[e]", "x y")]),
        (_parameter("querystring", FORM, schema={"properties": {"a": {"type": "string"}}}), {"a": {"b": 1}}, [("a", '{"b":1}')]),
    ],
)  # fmt: skip
def test_a_parameter_with_a_media_type_is_written_as_a_body_is(
    step: OneStep, described: dict[str, Any], value: object, query: list[tuple[str, str]]
) -> None:
    step.inputs = {"v": 'q"&b'}
    assert parse_qsl(step.parameter(described, value).path.partition("?")[2]) == query


def test_a_whole_query_may_be_a_text_of_json(step: OneStep) -> None:
    step.inputs = {"v": 'q"&b'}
    sent = step.parameter(_parameter("querystring", "application/json"), '{"a": "{$inputs.v}"}')
    assert unquote(sent.path) == '/a?{"a": "q\\"&b"}'


def test_a_parameter_that_is_not_of_its_media_type_is_refused(step: OneStep) -> None:
    step.inputs = {"v": "q"}
    for content_type, value in (("text/plain", {"a": 1}), ("application/json", '{"a": {$inputs.v}}')):
        described = _parameter("query", content_type)
        given = {"name": "f", "in": "query", "value": value}
        step.refused({"parameters": [described]}, {"parameters": [given]})


# --- forms ---


@pytest.mark.parametrize(
    "schema",
    [{"type": ["string", "array", "object"]}, {"anyOf": [{"type": "string"}, {"type": "array"}, {"type": "object"}]}, {"oneOf": [{"type": "object"}, {"enum": [""], "type": "string"}]}, {}],
)  # fmt: skip
@pytest.mark.parametrize(
    ("value", "members"),
    [("x", [("m", "x")]), ([1, 2.0], [("m", "1"), ("m", "2")]), ({"a": 1}, [("m[a]", "1")]), ([{"a": 1}], [("m[0][a]", "1")])],
)  # fmt: skip
def test_a_member_that_may_be_several_things_goes_by_what_it_is(
    step: OneStep, schema: dict[str, Any], value: object, members: list[tuple[str, str]]
) -> None:
    sent = step.body({FORM: {"schema": {"properties": {"m": schema}}}}, {"m": value})
    assert parse_qsl(sent.body.decode()) == members


@pytest.mark.parametrize(
    ("described", "members"),
    [
        ({}, ["a", "c"]),
        ({"schema": {"properties": {"a": {"type": "string"}}}}, ["c"]),
        ({"encoding": {"a": {"style": "deepObject"}, "c": {"contentType": "application/json"}}}, []),
        ({"encoding": {"a": {"explode": True}, "d": {"style": "form"}}}, ["c"]),
    ],
)
def test_brackets_that_nobody_described_are_told(step: OneStep, described: dict[str, Any], members: list[str]) -> None:
    payload = {"a": {"b": 1}, "c": [{"d": 2}], "e": [1, 2], "f": "g"}
    body, whole = {"requestBody": {"payload": payload}}, {"name": "q", "in": "querystring", "value": payload}
    query = {"parameters": [{"name": "q", "in": "querystring", "content": {FORM: described}}]}
    for report in (
        step.run({"requestBody": {"content": {FORM: described}}}, body),
        step.run(query, {"parameters": [whole]}),
    ):
        names = ", ".join(f"`{each}`" for each in members)
        note = f"written in brackets, since no `encoding` says how it is written in the form: {names}"
        assert report.steps[0].notes == ((note,) if members else ())


def test_brackets_around_nothing_are_not_told(step: OneStep) -> None:
    payload = {"a": {}, "b": [[], {"c": []}], "d": "e"}
    report = step.run({"requestBody": {"content": {FORM: {}}}}, {"requestBody": {"payload": payload}})
    assert report.steps[0].notes == ()


def test_bytes_in_a_form_are_those_that_were_given(step: OneStep) -> None:
    encoding = {
        "f": {"contentType": "image/png"},
        "n": {"contentType": "text/plain"},
        "j": {"contentType": "application/json"},
    }
    sent = step.body({FORM: {"encoding": encoding}}, {"f": "data:;base64,AP8=", "n": [None, 1], "j": None})
    assert sent.body == b"f=%00%FF&n=&n=1&j=null"


def test_an_element_of_a_list_in_a_form_is_written_by_its_own_schema(step: OneStep) -> None:
    items = {"xml": {"name": "e"}, "properties": {"a": {"xml": {"attribute": True}}}}
    described = {
        "schema": {"properties": {"x": {"type": "array", "items": items}}},
        "encoding": {"x": {"contentType": "application/xml"}},
    }
    found = parse_qsl(step.body({FORM: described}, {"x": [{"a": 1}]}).body.decode())
    assert found == [("x", '<?xml version="1.0" encoding="UTF-8"?>\n<e a="1"/>')]


# --- parts within parts ---


def _parts_of(body: bytes, content_type: str | None) -> list[Any]:
    """Return name, content type and content of each part, and the same of those within it."""
    message = message_from_bytes(b"Content-Type: " + (content_type or "").encode() + b"\r\n\r\n" + body, policy=HTTP)
    assert not message.defects
    return [_read_part(each) for each in message.iter_parts()]


def _read_part(part: Any) -> Any:
    name = part.get_param("name", header="content-disposition")
    content = [_read_part(each) for each in part.iter_parts()] if part.is_multipart() else part.get_payload(decode=True)
    return name, part.get_content_type(), content


_PNG = "data:image/png;base64,AP8="
_NESTED = {"contentType": "multipart/mixed", "itemEncoding": {"contentType": "image/png"}}


@pytest.mark.parametrize(
    ("content_type", "described", "payload", "parts"),
    [
        (FORM_DATA, {"encoding": {"files": _NESTED}}, {"files": [_PNG, _PNG], "a": "b"}, [("files", "multipart/mixed", [(None, "image/png", b"\0\xff")] * 2), ("a", "text/plain", b"b")]),
        (FORM_DATA, {"encoding": {"files": _NESTED}}, {"files": [[_PNG], [_PNG]]}, [("files", "multipart/mixed", [(None, "image/png", b"\0\xff")])] * 2),
        (FORM_DATA, {"encoding": {"m": {"contentType": "multipart/form-data", "encoding": {"a": {"contentType": "application/json"}}}}}, {"m": {"a": [1], "b": 2}}, [("m", "multipart/form-data", [("a", "application/json", b"1"), ("b", "text/plain", b"2")])]),
        # OpenAPI 3.2, Nested multipart/mixed
        ("multipart/mixed", {"schema": {"type": "array", "prefixItems": [{"type": "array"}, {"type": "array", "prefixItems": [{"type": "object", "xml": {"name": "o"}}, {"type": "string"}, {}]}]}, "prefixEncoding": [{}, {"contentType": "multipart/mixed", "prefixEncoding": [{"contentType": "application/xml"}, {}, {"contentType": "image/png"}]}]}, [[1], [{"a": 1}, "t", _PNG]], [(None, "application/json", b"[1]"), (None, "multipart/mixed", [(None, "application/xml", b'<?xml version="1.0" encoding="UTF-8"?>\n<o><a>1</a></o>'), (None, "text/plain", b"t"), (None, "image/png", b"\0\xff")])]),
        # an array keeps the order of the parts of a form
        (FORM_DATA, {"prefixEncoding": [{"contentType": "application/json"}]}, [{"b": "x"}, {"a": 1}], [("b", "application/json", b'"x"'), ("a", "text/plain", b"1")]),
    ],
)  # fmt: skip
def test_parts_within_a_part_have_a_boundary_of_their_own(
    step: OneStep, content_type: str, described: dict[str, Any], payload: object, parts: list[Any]
) -> None:
    sent = step.body({content_type: described}, payload)
    assert _parts_of(sent.body, sent.header("content-type")) == parts


@pytest.mark.parametrize("payload", [{"files": "text"}, {"files": {"a": 1}, "n": 1}, {"files": 1}])
def test_a_part_that_cannot_be_a_multipart_body_is_refused(step: OneStep, payload: object) -> None:
    encoding = {"files": {"contentType": "multipart/byteranges"}, "n": {"contentType": "multipart/mixed"}}
    described = {"requestBody": {"content": {FORM_DATA: {"encoding": encoding}}}}
    step.refused(described, {"requestBody": {"payload": payload}})


def test_a_header_that_a_part_within_a_part_requires_is_told(step: OneStep) -> None:
    inner = {"contentType": "video/mp4", "headers": {"Content-Range": {"required": True, "schema": {"type": "string"}}}}
    described = {"encoding": {"f": {"contentType": "multipart/mixed", "itemEncoding": inner}}}
    for content in ({FORM_DATA: described}, {"multipart/mixed": {"itemEncoding": inner}}):
        payload: Any = {"f": [_PNG]} if FORM_DATA in content else [_PNG]
        problem = step.refused({"requestBody": {"content": content}}, {"requestBody": {"payload": payload}})
        assert "requires the header `Content-Range`" in problem.message


@pytest.mark.parametrize(
    ("encoding", "value"),
    [({"explode": False}, ["a,b", "c"]), ({"explode": False}, {"a,b": "c"}), ({"style": "pipeDelimited"}, ["a|b"]), ({"style": "spaceDelimited"}, ["a b", "c"])],
)  # fmt: skip
@pytest.mark.parametrize("content_type", [FORM, FORM_DATA])
def test_a_styled_list_that_would_be_read_as_more_values_is_refused(
    step: OneStep, content_type: str, encoding: dict[str, Any], value: object
) -> None:
    encoding = {**encoding, "allowReserved": True}
    described = {"requestBody": {"content": {content_type: {"encoding": {"m": encoding}}}}}
    problem = step.refused(described, {"requestBody": {"payload": {"m": value}}})
    assert "which its style would take for the delimiter" in problem.message


# --- cookies ---


@pytest.mark.parametrize(
    ("header", "line"),
    [("z=1", "z=1; a=x; b=1; b=2"), ("z=1; y=2;", "z=1; y=2; a=x; b=1; b=2"), ("", "a=x; b=1; b=2")],
)
def test_cookies_are_one_line_wherever_they_are_given(step: OneStep, header: str, line: str) -> None:
    declared = [
        {"name": "a", "in": "cookie", "schema": {}},
        {"name": "b", "in": "cookie", "style": "cookie", "schema": {}},
    ]
    given = [
        {"name": "a", "in": "cookie", "value": "x"},
        {"name": "cookie", "in": "header", "value": header},
        {"name": "b", "in": "cookie", "value": [1, 2]},
    ]
    sent = step.sent({"parameters": declared}, {"parameters": given})
    assert [value for name, value in sent.headers if name.lower() == "cookie"] == [line]


# --- methods ---


def test_trace_has_no_body(step: OneStep) -> None:
    step.method = "trace"
    for required in (True, False):
        described: dict[str, Any] = {"requestBody": {"required": required, "content": {"application/json": {}}}}
        problem = step.refused(described, {"requestBody": {"payload": {"a": 1}}})
        assert problem.code == "request-body-unsupported"
        assert problem.message == "step `one` sends a body with TRACE, which has none"
        assert step.sent(described, {}).body == b""
