"""The server of an operation: which level names it, what its variables are, and what a relative one is relative to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from opened import described, opened

from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.servers import server_url
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation

_REGION: Final = {
    "url": "https://{region}.example.com/{base}",
    "variables": {"region": {"default": "us", "enum": ["eu", "us"]}, "base": {"default": "v1"}},
}


def _operation(servers: list[Any] | None = None, uri: str = "file:///api.json", **levels: list[Any]) -> Operation:
    description = described("3.2.0", {"servers": levels.get("operation", [])})
    description["paths"]["/things"]["servers"] = levels.get("path", [])
    description |= {} if servers is None else {"servers": servers}
    api = opened(description, uri=uri)
    return api.read(api.places_of("op")[0])


def _url(operation: Operation, **variables: str) -> str:
    access = Access(server_variables={name.replace("__", "."): value for name, value in variables.items()})
    return server_url(operation, access)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, "https://document.example.com"),
        ({"path": [{"url": "https://path.example.com"}]}, "https://path.example.com"),
        ({"operation": [{"url": "https://operation.example.com"}]}, "https://operation.example.com"),
        (
            {"path": [{"url": "https://path.example.com"}], "operation": [{"url": "https://operation.example.com"}]},
            "https://operation.example.com",
        ),
    ],
)
def test_the_nearest_level_names_the_server(levels: dict[str, Any], expected: str) -> None:
    assert _url(_operation([{"url": "https://document.example.com", "name": "production"}], **levels)) == expected


def test_what_the_user_names_goes_before_every_level() -> None:
    operation = _operation(operation=[{"url": "https://operation.example.com"}])
    access = Access(servers={"api": "https://mine.example.com/v2/"})
    assert server_url(operation, access) == "https://mine.example.com/v2"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "https://us.example.com/v1"),
        ({"region": "eu"}, "https://eu.example.com/v1"),
        ({"region": "us", "api__region": "eu"}, "https://eu.example.com/v1"),
        ({"other__region": "eu", "base": "v2"}, "https://us.example.com/v2"),
    ],
)
def test_variables_have_the_users_values_or_their_defaults(variables: dict[str, str], expected: str) -> None:
    assert _url(_operation([_REGION]), **variables) == expected


@pytest.mark.parametrize(
    ("server", "variables"),
    [
        (_REGION, {"region": "ap"}),
        (_REGION, {"api__region": ""}),
        ({"url": "https://{region}.example.com"}, {}),
        ({"url": "https://{region}.example.com", "variables": {"region": {"enum": ["eu"]}}}, {}),
        ({"url": "https://{region}.example.com", "variables": {"region": {"default": "us", "enum": ["eu"]}}}, {}),
    ],
)
def test_a_variable_without_an_allowed_value_is_refused(server: dict[str, Any], variables: dict[str, str]) -> None:
    with pytest.raises(ArazzoError) as refused:
        _url(_operation([server]), **variables)
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "server-variable"
    assert diagnostic.location is not None
    assert diagnostic.location.pointer == "/servers/0"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/v1", "https://descriptions.example.com/v1"),
        (".", "https://descriptions.example.com/a"),
        ("../v1/", "https://descriptions.example.com/v1"),
        ("//api.example.com/v1", "https://api.example.com/v1"),
        ("{base}", "https://descriptions.example.com/a/v1"),
    ],
)
def test_a_relative_server_is_relative_to_where_the_description_was_found(url: str, expected: str) -> None:
    server = {"url": url, "variables": {"base": {"default": "v1"}}}
    assert _url(_operation([server], "https://descriptions.example.com/a/api.json")) == expected


def test_a_relative_server_of_another_document_is_relative_to_that() -> None:
    item = {"servers": [{"url": "v2"}], "post": {"operationId": "op", "responses": {}}}
    description = described("3.1.0", {}) | {
        "paths": {"/things": {"$ref": "https://b.example.com/x/paths.json#/things"}}
    }
    others = {"https://b.example.com/x/paths.json": {"things": item}}
    api = opened(description, others, uri="https://a.example.com/api.json")
    assert _url(api.read(api.places_of("op")[0])) == "https://b.example.com/x/v2"


def test_no_server_is_the_root_of_where_the_description_was_found() -> None:
    assert _url(_operation(None, "https://descriptions.example.com/a/api.json")) == "https://descriptions.example.com"
    assert _url(_operation([], "https://descriptions.example.com/a/api.json")) == "https://descriptions.example.com"


@pytest.mark.parametrize("url", ["/v1", "//api.example.com/v1", "v1"])
def test_a_server_relative_to_a_file_is_asked_for(url: str) -> None:
    with pytest.raises(ArazzoError, match="relative to a file"):
        _url(_operation([{"url": url}]))


@pytest.mark.parametrize("servers", [None, []])
def test_a_file_that_names_no_server_is_told_as_that(servers: Any) -> None:
    with pytest.raises(ArazzoError) as refused:
        _url(_operation(servers))
    (problem,) = refused.value.diagnostics
    assert problem.message.endswith("names no server, so it is `/`, relative to a file")


@pytest.mark.parametrize("url", ["ftp://a.example.com", "wss://a.example.com", "https:", "mailto:me"])
def test_a_server_that_speaks_no_http_is_refused(url: str) -> None:
    with pytest.raises(ArazzoError) as refused:
        _url(_operation([{"url": url}]))
    assert [each.code for each in refused.value.diagnostics] == ["server-missing"]
