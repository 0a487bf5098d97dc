"""Where a request goes: which path keys and servers are refused, what a variable may be, how the parts are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opened import described, opened

from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.servers import server_url
from arazzo_engine.apis.urls import BaseUrl, read_base, request_url, why_no_base
from arazzo_engine.diagnostics import ArazzoError, Diagnostic

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation

_BASE = BaseUrl("https://api.example.com", "/v1")


def _api(path: str, version: str, method: str = "get", **rest: Any) -> dict[str, Any]:
    description = described(version, {}, **rest)
    return {**description, "paths": {path: {method: {"operationId": "op", "responses": {}}}}}


def _read(path: str, version: str = "3.1.0") -> Operation:
    api = opened(_api(path, version))
    return api.read(api.places_of("op")[0])


def _refused(description: dict[str, Any], **variables: str) -> Diagnostic:
    api = opened(description)
    with pytest.raises(ArazzoError) as refused:
        server_url(api.read(api.places_of("op")[0]), Access(server_variables=variables))
    (diagnostic,) = refused.value.diagnostics
    return diagnostic


# --- path keys ---


@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("items", "write `/items`"),
        ("", "write `/`"),
        ("@evil.example/x", "write `/@evil.example/x`"),
        (".evil.example/x", "write `/.evil.example/x`"),
        (":8911/x", "write `/:8911/x`"),
        ("1/x", "write `/1/x`"),
        ("{t}/x", "write `/{t}/x`"),
        ("?x=1", "write `/?x=1`"),
        ("\\evil.example/x", "write `/\\evil.example/x`"),
        ("https://evil.example/x", "write `/https://evil.example/x`"),
    ],
)
def test_a_path_key_without_a_slash_is_refused_at_the_key(path: str, fix: str, version: str) -> None:
    diagnostic = _refused(_api(path, version))
    assert (diagnostic.code, diagnostic.fix) == ("api-malformed", fix)
    assert diagnostic.location is not None
    assert diagnostic.location.pointer.startswith("/paths/")
    assert diagnostic.location.pointer.count("/") == 2


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("/v1{/parent}/items", "write `/{parent}`"),
        ("/v1/items{.format}", "write `.{format}`"),
        ("/v1/items{?page,limit}", "leave it out, and describe what it adds as parameters"),
        ("/v1/items?a=1{&page}", "leave it out, and describe what it adds as parameters"),
        ("/v1/items{#part}", "leave it out, and describe what it adds as parameters"),
    ],
)
def test_a_path_with_an_operator_of_a_url_template_is_refused_as_it_would_lead_elsewhere(path: str, fix: str) -> None:
    diagnostic = _refused(_api(path, "3.1.0"))
    assert (diagnostic.code, diagnostic.fix) == ("api-malformed", fix)


@pytest.mark.parametrize(
    "path", ["/#Action=Create", "/a#b?c", "/a?b#c", "/a/../b", "/..", "/./a", "/a/%2E%2e/b", "/%2e"]
)
def test_a_path_key_that_loses_a_part_or_climbs_is_refused(path: str) -> None:
    assert _refused(_api(path, "3.1.0")).code == "api-malformed"


@pytest.mark.parametrize(
    "path",
    ["/", "//a", "/a//b", "/.well-known/x", "/a..b", "/...", "/a?b=/../c", "/{a#b}", "/{..}", "/@me", "/a:b", "/ü é"],
)
def test_a_path_key_that_stays_below_its_server_is_read(path: str) -> None:
    assert _read(path).path == path


@pytest.mark.parametrize("method", ["COPY IT", "CONNECT", "", "GET\r\nX: y", "é"])
def test_a_method_that_http_cannot_carry_to_a_path_is_refused(method: str) -> None:
    description = _api("/a", "3.2.0")
    description["paths"]["/a"] = {"additionalOperations": {method: {"operationId": "op", "responses": {}}}}
    assert _refused(description).code == "api-malformed"


# --- the whole URL ---


@pytest.mark.parametrize(
    ("path", "texts", "query", "url"),
    [
        ("/a", {}, [], "/a"),
        ("/a", {}, ["b=1", "c=2"], "/a?b=1&c=2"),
        ("/{a}/b", {"a": "x%2Fy"}, [], "/x%2Fy/b"),
        ("/a?b", {}, [], "/a?b"),
        ("/a?b", {}, ["c=1"], "/a?b&c=1"),
        ("/a?", {}, ["c=1"], "/a?c=1"),
        ("/a?", {}, [], "/a"),
        ("/{k}?uploadId={id}", {"k": "x", "id": "1"}, ["c=1"], "/x?uploadId=1&c=1"),
        ("/a?b=c?d", {}, [], "/a?b=c?d"),
        ("//a", {}, [], "//a"),
        ("/ü {a}", {"a": "x"}, [], "/%C3%BC%20x"),
    ],
)
def test_path_and_query_are_joined_below_the_server(
    path: str, texts: dict[str, str], query: list[str], url: str
) -> None:
    assert request_url(_BASE, path, texts, query) == f"https://api.example.com/v1{url}"


@pytest.mark.parametrize(("path", "texts"), [("/{a}{b}", {"a": ".", "b": "."}), ("/.{a}", {"a": "%2e"})])
def test_values_that_make_a_segment_of_dots_together_are_refused(path: str, texts: dict[str, str]) -> None:
    with pytest.raises(ArazzoError) as refused:
        request_url(_BASE, path, texts)
    assert [each.code for each in refused.value.diagnostics] == ["value-unsendable"]


# --- servers ---


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://h", "https://h"),
        ("https://h/", "https://h"),
        ("HTTPS://H:8443/v1/", "HTTPS://H:8443/v1"),
        ("https://[::1]:8443/ü", "https://[::1]:8443/%C3%BC"),
        ("https://h/a/../b/./c", "https://h/b/c"),
        ("https://h/a/%2e%2E/../b", "https://h/b"),
        ("https://h/a@b:c", "https://h/a@b:c"),
        ("https://h/..//.", "https://h"),
        ("https://h//a//", "https://h//a"),
    ],
)
def test_a_server_is_an_origin_and_a_path_without_dots(url: str, base: str) -> None:
    assert why_no_base(url) == ""
    assert str(read_base(url)) == base


@pytest.mark.parametrize(
    "url",
    [
        "https://h?x",
        "https://h/v1?",
        "https://h#",
        "https://h/v1#/x",
        "https://a@h",
        "https://a:b@h/v1",
        "https://evil.example\\@h",
        "https://evil.example\\.h",
        "https:///h",
        "https://h:80:90",
        "https://h:8_0",
        "https:/h",
        "h",
        "//h",
    ],
)
def test_what_is_more_or_less_than_an_origin_and_a_path_is_no_server(url: str) -> None:
    assert why_no_base(url)
    with pytest.raises(ValueError, match="not one that requests can go to"):
        read_base(url)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize("url", ["https://h?a=1", "https://h/v1?", "https://h/v1#x", "/v1?x", "https://{h}/v1?k={k}"])
def test_a_query_or_a_fragment_in_a_server_is_refused_at_its_url(url: str, version: str) -> None:
    diagnostic = _refused(_api("/a", version, servers=[{"url": url}]))
    assert diagnostic.code == "api-malformed"
    assert diagnostic.location is not None
    assert diagnostic.location.pointer == "/servers/0/url"


def test_a_server_that_is_not_used_does_no_harm() -> None:
    api = opened(_api("/a", "3.1.0", servers=[{"url": "https://h?a=1"}]))
    operation = api.read(api.places_of("op")[0])
    assert server_url(operation, Access(servers={"": "https://mine/v1"})) == "https://mine/v1"


@pytest.mark.parametrize(
    ("rest", "pointer"),
    [
        ({"host": "h/v1"}, "/host"),
        ({"host": "https://h"}, "/host"),
        ({"host": "user@h"}, "/host"),
        ({"host": "h?x"}, "/host"),
        ({"host": "h\\evil"}, "/host"),
        ({"host": "h", "basePath": "v1"}, "/basePath"),
        ({"host": "h", "basePath": ".evil.example"}, "/basePath"),
        ({"host": "h", "basePath": "@evil.example"}, "/basePath"),
        ({"host": "h", "basePath": "/v1?x=1"}, "/basePath"),
        ({"host": "h", "basePath": "/v1#x"}, "/basePath"),
        ({"basePath": "//evil.example"}, "/basePath"),
    ],
)
def test_a_host_or_a_base_path_that_is_more_than_that_is_refused(rest: dict[str, Any], pointer: str) -> None:
    diagnostic = _refused(_api("/a", "2.0", **rest))
    assert diagnostic.code == "api-malformed"
    assert diagnostic.location is not None
    assert diagnostic.location.pointer == pointer


@pytest.mark.parametrize("scheme", ["https://evil.example/", "//evil.example", "https:", ""])
def test_a_scheme_that_is_none_leads_nowhere(scheme: str) -> None:
    description = _api("/a", "2.0", host="h", schemes=[scheme])
    api = opened(description)
    assert server_url(api.read(api.places_of("op")[0]), Access()) == "https://h"


# --- the variables of a server ---

_VARIABLE = {"default": "v"}


def _server(url: str, **variables: dict[str, Any]) -> dict[str, Any]:
    return _api("/a", "3.1.0", servers=[{"url": url, "variables": variables}])


def _filled(description: dict[str, Any], **values: str) -> str:
    api = opened(description, uri="https://descriptions.example.com/a/api.json")
    return server_url(api.read(api.places_of("op")[0]), Access(server_variables=values))


@pytest.mark.parametrize(
    ("url", "value", "filled"),
    [
        ("https://{x}.example.com/v1", "eu", "https://eu.example.com/v1"),
        ("https://{x}.example.com/v1", "a.b", "https://a.b.example.com/v1"),
        ("https://s3-{x}.example.com", "eu", "https://s3-eu.example.com"),
        ("https://{x}/v1", "h:8443", "https://h:8443/v1"),
        ("https://h:{x}/v1", "8443", "https://h:8443/v1"),
        ("https://h/{x}/y", "a/b", "https://h/a/b/y"),
        ("https://h/{x}", "", "https://h"),
        ("https://h/{x}", "me@here", "https://h/me@here"),
        ("{x}://h/v1", "http", "http://h/v1"),
        ("{x}", "https://h/v1", "https://h/v1"),
        ("{x}/v1", "https://h:8443", "https://h:8443/v1"),
        ("{x}:8443/v1", "https://h", "https://h:8443/v1"),
        ("/{x}/v1", "b", "https://descriptions.example.com/b/v1"),
        ("{x}/v1", "b", "https://descriptions.example.com/a/b/v1"),
    ],
)
def test_a_value_stands_where_its_variable_does(url: str, value: str, filled: str) -> None:
    assert _filled(_server(url, x=_VARIABLE), x=value) == filled


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://{x}.example.com/v1", "evil.example/"),
        ("https://{x}.example.com/v1", "evil.example?"),
        ("https://{x}.example.com/v1", "evil.example#"),
        ("https://{x}.example.com/v1", "evil.example\\"),
        ("https://{x}.example.com/v1", "me@evil"),
        ("https://{x}/v1", "evil.example/x"),
        ("https://h:{x}/v1", "80@evil.example"),
        ("https://h:{x}/v1", "80/evil"),
        ("https://h:{x}/v1", "8_0"),
        ("https://h/{x}", "a?b"),
        ("https://h/{x}/y", "a#b"),
        ("https://h/v1/{x}", ".."),
        ("https://h/v1/{x}", "a/../../b"),
        ("https://h/v1/{x}/y", "%2e%2E"),
        ("https://h/v1/.{x}", "."),
        ("{x}://h/v1", "https://evil.example/x"),
        ("{x}://h/v1", "https://evil.example?"),
        ("{x}/v1", "https://h/y?z"),
        ("{x}/v1", "//evil.example"),
        ("{x}/v1", "https://me:secret@evil.example"),
        ("/{x}/v1", "/evil.example"),
        ("/{x}evil.example/v1", "\n/"),
    ],
)
def test_a_value_never_changes_what_stands_around_its_variable(url: str, value: str) -> None:
    with pytest.raises(ArazzoError) as refused:
        _filled(_server(url, x=_VARIABLE), x=value)
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code in {"server-variable", "server-missing"}
    assert "secret" not in str(diagnostic)


@pytest.mark.parametrize(
    ("variable", "value", "filled"),
    [
        ({"default": "/v1"}, "/v2", "https://h/v2"),
        ({"default": "/v1"}, "", "https://h"),
        ({"default": "", "enum": ["", "/v1"]}, "/v1", "https://h/v1"),
        ({"default": "/v1"}, ".evil.example", None),
        ({"default": "/v1"}, "0", None),
        ({"default": ".example"}, "/v1", None),
    ],
)
def test_a_path_right_after_a_host_is_one_where_the_description_has_one(
    variable: dict[str, Any], value: str, filled: str | None
) -> None:
    description = _server("https://h{x}", x=variable)
    if filled is None:
        with pytest.raises(ArazzoError):
            _filled(description, x=value)
    else:
        assert _filled(description, x=value) == filled


def test_a_host_may_go_on_with_a_path_where_the_description_names_it_so() -> None:
    description = _server("https://{x}/y", x={"default": "h/v1"})
    assert [_filled(description), _filled(description, x="mine/v2")] == ["https://h/v1/y", "https://mine/v2/y"]


def test_a_default_that_changes_what_is_around_it_is_a_mistake_of_the_description() -> None:
    diagnostic = _refused(_server("https://{x}.example.com", x={"default": "evil.example/"}))
    assert diagnostic.code == "api-malformed"
    assert diagnostic.location is not None
    assert diagnostic.location.pointer == "/servers/0/variables/x"
