"""What is held to a contract, kind by kind: what fits is silent, what does not is told, what is not read is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from contracted import described, of_answer, of_body, of_parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTEGER: Final = {"type": "integer"}
_OBJECT: Final = {"type": "object", "properties": {"n": _INTEGER}, "required": ["n"]}
_UNCHECKED: Final = "operation `POST /a` was not checked as a whole: "


def _answers(schema: dict[str, Any], type_: str = "application/json") -> dict[str, Any]:
    return {"responses": {"200": {"content": {type_: {"schema": schema}}}, "default": {}}}


def _parameter(schema: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "n", "in": "query", "schema": schema, **rest}]}


# --- what HTTP says goes before what is described ---


@pytest.mark.parametrize(
    ("method", "status", "content", "is_told"),
    [
        ("head", 200, "", False),
        ("post", 204, "", False),
        ("post", 205, "", False),
        ("post", 304, "", False),
        ("post", 200, "", True),
        ("post", 200, "{}", True),
        ("post", 200, '{"n": 1}', False),
    ],
)
def test_an_answer_that_http_gives_no_content_lacks_none(method: str, status: int, content: str, is_told: Any) -> None:
    content_of = {"content": {"application/json": {"schema": _OBJECT}}}
    contract, operation = described("3.0.3", {}, method, responses={str(status): content_of})
    found = of_answer(contract, operation, content, status, Content_Type="application/json")
    assert bool(found) == is_told


def test_a_part_of_a_body_is_not_held_to_the_schema_of_the_whole() -> None:
    contract, operation = described(
        "3.1.0", {}, responses={"206": {"content": {"application/json": {"schema": _OBJECT}}}}
    )
    found = of_answer(contract, operation, '{"n"', 206, Content_Type="application/json")
    assert found == [f"{_UNCHECKED}a part of a body cannot be"]


@pytest.mark.parametrize("type_", ["text/plain", "application/x-ndjson", "image/png"])
def test_an_empty_body_of_a_kind_that_may_be_empty_has_come(type_: str) -> None:
    contract, operation = described("3.1.0", {}, **_answers({}, type_))
    assert of_answer(contract, operation, "") == []


def test_a_body_without_a_type_is_said_to_be_unchecked() -> None:
    contract, operation = described("3.1.0", {}, **_answers(_OBJECT))
    assert of_answer(contract, operation, "{}") == [f"{_UNCHECKED}a body without a `Content-Type` cannot be"]


@pytest.mark.parametrize(
    ("version", "method", "is_told"),
    [("3.0.3", "post", True), ("3.0.3", "get", False), ("3.0.3", "delete", False), ("3.1.0", "delete", True)],
)
def test_a_required_body_is_missed_where_a_request_has_one(version: str, method: str, is_told: Any) -> None:
    body = {"required": True, "content": {"application/json": {}}}
    contract, operation = described(version, {}, method, requestBody=body)
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Send

    found = contract.check_request(Send(Request(method.upper(), "https://h/a"), operation), operation)
    assert bool(found) == is_told


# --- media types ---


@pytest.mark.parametrize(
    ("documented", "came", "is_told"),
    [
        ("application/json; charset=utf-8", "application/json", False),
        ("Application/Json", "application/json;charset=UTF-8", False),
        ("application/*+json", "application/problem+json", False),
        ("application/*", "application/json", False),
        ("*/*", "application/json", False),
        ("application/json", "text/html", True),
        ("application/vnd.a+json", "application/json", True),
    ],
)
def test_media_types_compare_without_case_and_parameters(documented: str, came: str, is_told: Any) -> None:
    contract, operation = described("3.0.3", {}, **_answers(_OBJECT, documented))
    assert bool(of_answer(contract, operation, '{"n": 1}', Content_Type=came)) == is_told


def test_of_media_types_that_differ_in_parameters_the_one_that_came_counts() -> None:
    content = {"application/json;v=1": {"schema": _OBJECT}, "application/json;v=2": {"schema": {"type": "array"}}}
    contract, operation = described("3.0.3", {}, responses={"200": {"content": content}})
    assert of_answer(contract, operation, "[]", Content_Type='application/json; v="2"') == []
    assert of_answer(contract, operation, "[]", Content_Type="application/json; v=1") != []
    assert of_answer(contract, operation, "[]", Content_Type="application/json") == []
    assert of_answer(contract, operation, "5", Content_Type="application/json") != []


# --- schemas of each version ---


@pytest.mark.parametrize(
    ("version", "schema", "good", "bad"),
    [
        ("3.0.3", {"type": "string", "nullable": True}, None, 5),
        ("3.0.3", {"type": "string", "enum": ["a"], "nullable": True}, None, "b"),
        ("3.0.3", {"nullable": True, "allOf": [{"$ref": "#/components/schemas/S"}]}, None, {}),
        ("3.0.3", {"type": "number", "minimum": 1, "exclusiveMinimum": True}, 1.5, 1),
        ("3.0.3", {"type": "number", "maximum": 1, "exclusiveMaximum": False}, 1, 2),
        ("3.0.3", {"$ref": "#/components/schemas/S", "maxProperties": 0}, {"n": 1}, {}),
        ("3.1.0", {"$ref": "#/components/schemas/S", "maxProperties": 1}, {"n": 1}, {"n": 1, "m": 2}),
        ("3.0.3", {"type": "number", "multipleOf": 0.01}, 4.35, 1.105),
        ("3.1.0", {"type": ["integer", "null"]}, None, "x"),
        ("3.1.0", {"const": 5}, 5, 6),
        ("3.1.0", {"prefixItems": [{"type": "string"}], "items": False}, ["a"], ["a", 1]),
        (
            "3.1.0",
            {"allOf": [{"$ref": "#/components/schemas/S"}], "unevaluatedProperties": False},
            {"n": 1},
            {"n": 1, "m": 1},
        ),
        ("3.1.0", {"$defs": {"T": {"$anchor": "t", "type": "integer"}}, "$ref": "#t"}, 5, "x"),
        ("3.0.3", {"type": "integer", "format": "int32"}, 5, 3_000_000_000),
        ("3.0.3", {"type": "integer"}, 10**30, 1.5),
        ("3.0.3", {"properties": {"x": {"required": True}}}, {"x": 1}, None),
        ("2.0", {"type": "string", "x-nullable": True}, None, 5),
        ("2.0", {"$ref": "#/definitions/S"}, {"n": 1}, {}),
    ],
)
def test_each_version_says_what_fits_in_its_own_words(
    version: str, schema: dict[str, Any], good: Any, bad: Any
) -> None:
    answers = {"responses": {"200": {"schema": schema}}} if version == "2.0" else _answers(schema)
    contract, operation = described(version, {"S": _OBJECT}, **answers)
    assert of_answer(contract, operation, json.dumps(good), Content_Type="application/json") == []
    if bad is not None:
        assert of_answer(contract, operation, json.dumps(bad), Content_Type="application/json") != []


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_property_of_the_other_direction_is_not_required(version: str) -> None:
    schema = {
        "allOf": [{"$ref": "#/components/schemas/P"}],
        "required": ["id", "secret", "name"],
    }
    properties = {"id": {"type": "string", "readOnly": True}, "secret": {"writeOnly": True}, "name": {}}
    content = {"content": {"application/json": {"schema": schema}}}
    contract, operation = described(
        version, {"P": {"type": "object", "properties": properties}}, requestBody=content, responses={"200": content}
    )
    assert of_body(contract, operation, "application/json", {"name": "x", "secret": "y"}) == []
    assert of_body(contract, operation, "application/json", {"name": "x"}) == ["the request's body lacks `secret`"]
    assert of_answer(contract, operation, '{"id": "1", "name": "x"}', Content_Type="application/json") == []
    assert of_answer(contract, operation, '{"name": "x"}', Content_Type="application/json") == [
        "the answer's body lacks `id`"
    ]
    told = of_body(contract, operation, "application/json", {"id": "1", "name": "x", "secret": "y"})
    # "SHOULD NOT be sent as part of the request" is said by 3.0 alone
    said = ["the request's body at `/id` belongs to messages of the other direction only"]
    assert told == (said if version == "3.0.3" else [])


# --- parameters ---


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        (_parameter(_INTEGER), 5, "abc"),
        (_parameter(_INTEGER), "5", 1.5),
        (_parameter({"type": "string", "minLength": 2}), 55, 5),
        (_parameter({"type": "boolean"}), "true", "yes"),
        (_parameter({"type": "array", "items": _INTEGER}), "5", "x"),
        (_parameter({"type": "array", "items": _INTEGER}, explode=False), "5,6", "5,x"),
        (_parameter(_INTEGER, allowEmptyValue=True), "", "x"),
        (_parameter({"type": "object", "properties": {"a": _INTEGER}}, style="deepObject"), {"a": "1"}, {"a": "x"}),
        (_parameter({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}),
         ["x", "y"], {"a": 1}),
        (_parameter({"type": ["integer", "null"]}), 1, "abc"),
        (_parameter({"type": "string"}), "x", {"a": 1}),
        (_parameter({"type": "string"}), ["x"], ["x", "y"]),
        (_parameter({"type": "string"}, style="deepObject"), "x", {"a": 1}),
        (_parameter({"type": "array", "items": {"type": "string"}}), [{"a": 1}], {"a": 1}),
        (_parameter(_INTEGER, required=True), 1, []),
        ({"parameters": [{"name": "n", "in": "query", "content": {"application/json": {"schema": _OBJECT}}}]},
         {"n": 1}, {"n": "1"}),
        ({"parameters": [{"name": "N", "in": "header", "schema": {"type": "array", "items": _INTEGER}}]},
         [1, 2], ["x"]),
        ({"parameters": [{"name": "q", "in": "querystring", "content": {
            "application/x-www-form-urlencoded": {"schema": _OBJECT}}}]}, "n=1", "n=x"),
    ],
)  # fmt: skip
def test_a_parameter_is_held_to_what_is_written(parameter: dict[str, Any], good: Any, bad: Any) -> None:
    contract, operation = described("3.1.0", {}, **parameter)
    assert of_parameter(contract, operation, good) == []
    assert of_parameter(contract, operation, bad) != []


# --- bodies ---


@pytest.mark.parametrize(
    ("type_", "schema", "good", "bad"),
    [
        ("multipart/form-data", _OBJECT, {"n": 1}, {"n": "x"}),
        ("multipart/form-data", {"properties": {"o": _OBJECT}}, {"o": {"n": 1}}, {"o": {"n": "1"}}),
        ("multipart/form-data", {"properties": {"f": {"type": "string", "format": "binary", "maxLength": 3}}},
         {"f": "AAAAAAA="}, None),
        ("application/xml", {**_OBJECT, "xml": {"name": "o"}}, {"n": 1}, {"n": "x"}),
        ("application/x-www-form-urlencoded", {"allOf": [_OBJECT, {"properties": {"e": {"type": "boolean"}}}]},
         {"n": 1, "e": True}, {"n": 1, "e": "no"}),
        ("application/x-www-form-urlencoded", {"properties": {"j": {"type": "string"}}}, {"j": {"a": 1}}, None),
        ("text/plain", _INTEGER, 5, "x"),
        ("application/x-ndjson", {"type": "array", "items": _OBJECT}, [{"n": 1}], [{"n": "x"}]),
    ],
)  # fmt: skip
def test_a_body_of_each_kind_is_checked(type_: str, schema: dict[str, Any], good: Any, bad: Any) -> None:
    contract, operation = described("3.0.3", {}, requestBody={"content": {type_: {"schema": schema}}})
    assert of_body(contract, operation, type_, good) == []
    if bad is not None:
        assert of_body(contract, operation, type_, bad) != []


_HINTS: Final = {
    "type": "object",
    "xml": {"name": "order"},
    "required": ["id", "tags"],
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "tags": {"type": "array", "xml": {"wrapped": True}, "items": {"type": "string", "xml": {"name": "tag"}}},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"n": _INTEGER}}},
        "paid": {"type": "boolean", "nullable": True},
    },
}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<order id="1"><tags><tag>a</tag></tags><lines><n>1</n></lines><lines><n>2</n></lines></order>', None),
        ('<o:order xmlns:o="urn:o" id="1"><o:tags/><o:paid>true</o:paid></o:order>', None),
        ('<order id="x"><tags/></order>', "the answer's body at `/id` must be an integer, not a string"),
        ('<order id="1"/>', "the answer's body lacks `tags`"),
        ('<order id="1"><tags/><lines><n>x</n></lines></order>',
         "the answer's body at `/lines/0/n` must be an integer, not a string"),
        ('<invoice id="1"/>', "the answer's body is not the `application/xml` that it claims to be"),
        ("{}", "the answer's body is not the `application/xml` that it claims to be"),
    ],
)  # fmt: skip
def test_xml_is_read_by_its_hints(text: str, message: str | None) -> None:
    contract, operation = described("3.0.3", {}, **_answers(_HINTS, "application/xml"))
    assert of_answer(contract, operation, text, Content_Type="application/xml") == (
        [] if message is None else [message]
    )


@pytest.mark.parametrize(("content", "is_told"), [("n=1", False), ("n=x", True), ("", True), ("m=1", True)])
def test_a_form_that_comes_is_read(content: str, is_told: Any) -> None:
    type_ = "application/x-www-form-urlencoded"
    contract, operation = described("3.1.0", {}, **_answers(_OBJECT, type_))
    assert bool(of_answer(contract, operation, content, Content_Type=type_)) == is_told


def test_a_form_of_2_0_is_checked() -> None:
    fields = [
        {"name": "n", "in": "formData", "type": "integer", "required": True},
        {"name": "t", "in": "formData", "type": "array", "collectionFormat": "csv", "items": {"type": "integer"}},
    ]
    type_ = "application/x-www-form-urlencoded"
    contract, operation = described("2.0", {}, parameters=fields, consumes=[type_])
    assert of_body(contract, operation, type_, {"n": 1, "t": [1, 2]}) == []
    assert of_body(contract, operation, type_, {"n": "x", "t": [1, "y"]}) == [
        "the request's body at `/n` must be an integer, not a string",
        "the request's body at `/t/1` must be an integer, not a string",
    ]


@pytest.mark.parametrize(
    ("header", "text", "is_told"),
    [
        ({"schema": _INTEGER}, "5", False),
        ({"schema": _INTEGER}, "x", True),
        ({"schema": {"type": "array", "items": _INTEGER}}, "5, 6", False),
        ({"schema": {"type": "array", "items": _INTEGER}}, "5, x", True),
        ({"schema": _OBJECT}, "n,5", False),
        ({"schema": _OBJECT, "explode": True}, "n=5", False),
        ({"schema": _OBJECT}, "n,x", True),
        ({"content": {"application/json": {"schema": _OBJECT}}}, '{"n": 5}', False),
        ({"content": {"application/json": {"schema": _OBJECT}}}, '{"n": "5"}', True),
        ({"content": {"application/json": {"schema": _OBJECT}}}, "{", True),
    ],
)
def test_a_header_of_an_answer_is_checked(header: dict[str, Any], text: str, is_told: Any) -> None:
    contract, operation = described("3.1.0", {}, responses={"200": {"headers": {"X-N": header}}})
    assert bool(of_answer(contract, operation, "", X_N=text)) == is_told


# --- what is not read is said ---


def _unread() -> Iterator[tuple[dict[str, Any], str]]:
    yield (
        {"$schema": "http://json-schema.org/draft-07/schema#"},
        "schemas of the dialect `http://json-schema.org/draft-07/schema#`",
    )
    yield {"type": "nonsense"}, "a schema that is none"
    yield {"$ref": "#/components/schemas/Nowhere"}, "a schema with a reference that leads nowhere"
    yield {"$ref": "#/components/schemas/Round"}, "a schema that leads back to itself"


@pytest.mark.parametrize(("schema", "what"), list(_unread()))
def test_a_schema_that_is_not_read_is_said(schema: dict[str, Any], what: str) -> None:
    around = {"Round": {"anyOf": [{"$ref": "#/components/schemas/Round"}, {}]}}
    contract, operation = described("3.1.0", around, **_answers(schema))
    assert of_answer(contract, operation, "{}", Content_Type="application/json") == [f"{_UNCHECKED}{what} cannot be"]


def test_a_schema_that_refers_to_itself_for_a_part_is_checked_as_deep_as_the_value() -> None:
    tree = {"type": "object", "properties": {"n": _INTEGER, "next": {"$ref": "#/components/schemas/Tree"}}}
    contract, operation = described("3.0.3", {"Tree": tree}, **_answers({"$ref": "#/components/schemas/Tree"}))
    assert of_answer(contract, operation, '{"next": {"next": {"n": 1}}}', Content_Type="application/json") == []
    assert of_answer(contract, operation, '{"next": {"next": {"n": "x"}}}', Content_Type="application/json") == [
        "the answer's body at `/next/next/n` must be an integer, not a string"
    ]
