"""What each word of OpenAPI 2.0 becomes in the values that every version gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opened import described, opened

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation


def read(operation: dict[str, Any], **rest: Any) -> Operation:
    api = opened(described("2.0", operation, **rest))
    return api.read(api.places_of("op")[0])


def refusal(operation: dict[str, Any], **rest: Any) -> tuple[str, str]:
    with pytest.raises(ArazzoError) as refused:
        read(operation, **rest)
    diagnostic = refused.value.diagnostics[0]
    return diagnostic.code, "" if diagnostic.location is None else diagnostic.location.pointer


@pytest.mark.parametrize(
    ("rest", "own", "urls"),
    [
        ({"host": "a.example", "basePath": "/v1", "schemes": ["https"]}, {}, ["https://a.example/v1"]),
        ({"host": "a.example:8443", "schemes": ["https"]}, {}, ["https://a.example:8443/"]),
        # credentials are not sent in the clear where there is a choice
        ({"host": "a.example", "schemes": ["http", "https"]}, {}, ["https://a.example/", "http://a.example/"]),
        ({"host": "a.example", "schemes": ["http"]}, {"schemes": ["https"]}, ["https://a.example/"]),
        ({"host": "a.example", "basePath": "/v1"}, {}, ["//a.example/v1"]),
        ({"basePath": "/v1", "schemes": ["https"]}, {}, ["/v1"]),
        ({}, {}, ["/"]),
    ],
)
def test_host_base_path_and_schemes_are_the_servers(rest: dict[str, Any], own: dict[str, Any], urls: list[str]) -> None:
    assert [server.url for server in read(own, **rest).servers] == urls


@pytest.mark.parametrize(
    ("location", "collection_format", "style"),
    [
        ("query", None, ("form", False)),
        ("query", "csv", ("form", False)),
        ("query", "ssv", ("spaceDelimited", False)),
        ("query", "tsv", ("tabDelimited", False)),
        ("query", "pipes", ("pipeDelimited", False)),
        ("query", "multi", ("form", True)),
        ("path", "csv", ("simple", False)),
        ("header", None, ("simple", False)),
    ],
)
def test_a_collection_format_is_a_style(location: str, collection_format: str | None, style: tuple[str, bool]) -> None:
    parameter = {"name": "p", "in": location, "type": "array", "items": {"type": "integer"}}
    if collection_format:
        parameter["collectionFormat"] = collection_format
    (found,) = read({"parameters": [parameter]}).parameters
    assert (found.style, found.explode, found.location) == (*style, In(location))
    assert found.schema is not None
    assert found.schema.value == {"type": "array", "items": {"type": "integer"}}


@pytest.mark.parametrize(
    ("location", "collection_format", "code"),
    [
        ("path", "multi", "unsupported-feature"),
        ("header", "ssv", "unsupported-feature"),
        ("query", "csvs", "api-malformed"),
    ],
)
def test_a_list_that_cannot_be_written_is_refused(location: str, collection_format: str, code: str) -> None:
    parameter = {"name": "p", "in": location, "type": "array", "collectionFormat": collection_format}
    found, pointer = refusal({"parameters": [parameter]})
    assert found == code
    assert pointer.startswith("/paths/~1things/post/parameters/0")


def test_the_keywords_of_a_schema_stand_beside_those_of_the_parameter() -> None:
    own = {"name": "p", "in": "query", "description": "d", "required": True, "allowEmptyValue": False}
    (found,) = read({"parameters": [{**own, "type": "string", "format": "date", "enum": ["2026-01-31"]}]}).parameters
    assert found.required
    assert found.schema is not None
    assert found.schema.value == {"type": "string", "format": "date", "enum": ["2026-01-31"]}


def test_a_body_has_the_media_types_that_are_consumed() -> None:
    body = {"name": "body", "in": "body", "required": True, "schema": {"type": "object"}}
    own = read({"parameters": [body], "consumes": ["application/xml", "application/json"]}, consumes=["text/plain"])
    assert own.request_body is not None
    assert own.request_body.required
    assert [each.name for each in own.request_body.media_types] == ["application/xml", "application/json"]
    of_all = read({"parameters": [body]}, consumes=["text/plain"]).request_body
    assert of_all is not None
    assert [each.name for each in of_all.media_types] == ["text/plain"]
    unsaid = read({"parameters": [body]}).request_body
    assert unsaid is not None
    assert [each.name for each in unsaid.media_types] == ["application/json"]


@pytest.mark.parametrize(
    ("types", "consumes", "media_types"),
    [
        (["string"], [], ["application/x-www-form-urlencoded"]),
        (["string"], ["multipart/form-data"], ["multipart/form-data"]),
        (["string", "file"], ["application/x-www-form-urlencoded"], ["multipart/form-data"]),
        (["string"], ["application/json"], ["application/x-www-form-urlencoded"]),
    ],
)
def test_form_data_is_a_form(types: list[str], consumes: list[str], media_types: list[str]) -> None:
    fields = [{"name": f"f{index}", "in": "formData", "type": type_} for index, type_ in enumerate(types)]
    fields[0]["required"] = True  # type: ignore[assignment]  # any value of a field
    operation = read({"parameters": fields, "consumes": consumes})
    assert operation.parameters == ()
    assert operation.request_body is not None
    assert operation.request_body.required
    assert [each.name for each in operation.request_body.media_types] == media_types
    schema = operation.request_body.media_types[0].schema
    assert schema is not None
    assert schema.value["required"] == ["f0"]
    assert schema.value["properties"]["f0"] == {"type": "string"}
    if "file" in types:
        assert schema.value["properties"]["f1"] == {"type": "string", "format": "binary"}


def test_an_operation_has_one_body() -> None:
    body = {"name": "body", "in": "body", "schema": {}}
    assert refusal({"parameters": [body, {"name": "f", "in": "formData", "type": "string"}]})[0] == "api-malformed"


def test_responses_have_the_media_types_that_are_produced() -> None:
    response = {
        "schema": {"type": "object"},
        "examples": {"application/json": {"a": 1}},
        "headers": {"X-Count": {"type": "integer", "description": "d"}},
    }
    operation = read({"produces": ["application/json", "application/xml"], "responses": {"200": response, "204": {}}})
    described, empty = operation.responses
    assert [(each.name, each.examples) for each in described.media_types] == [
        ("application/json", ({"a": 1},)),
        ("application/xml", ()),
    ]
    assert described.headers["X-Count"] is not None
    assert described.headers["X-Count"].value == {"type": "integer"}
    assert empty.media_types == ()


def test_security_definitions_are_security_schemes() -> None:
    definitions = {
        "basic": {"type": "basic"},
        "key": {"type": "apiKey", "in": "query", "name": "k"},
        "login": {"type": "oauth2", "flow": "application", "tokenUrl": "https://a.example/token", "scopes": {}},
    }
    security: list[dict[str, list[str]]] = [{"basic": []}, {"key": [], "login": ["read"]}]
    operation = read({"security": security}, securityDefinitions=definitions)
    found = [[(r.scheme.type, r.scheme.scheme, r.scopes) for r in alternative] for alternative in operation.security]
    assert found == [[("http", "basic", ())], [("apiKey", "", ()), ("oauth2", "", ("read",))]]
    assert operation.security[1][0].scheme.location is In.QUERY


@pytest.mark.parametrize("version", ["1.2", "2.1", 2, {}])
def test_an_older_version_is_refused(version: object) -> None:
    with pytest.raises(ArazzoError) as refused:
        opened({"swagger": version, "paths": {}})
    assert [each.code for each in refused.value.diagnostics] == ["version-unsupported"]
