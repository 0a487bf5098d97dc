"""What HTTP cannot carry is told when a document is read: names of schemes, headers and cookies, and methods."""

from __future__ import annotations

from typing import Any

import pytest
from validated import codes, validated

_REFUSED = [("error", "api-malformed")]


def _scheme(scheme: dict[str, Any], *others: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is found when the second step's operation needs a scheme, or one of others."""
    named = {f"s{number}": each for number, each in enumerate((scheme, *others))}
    security: list[dict[str, list[str]]] = [{name: []} for name in named]
    return codes(validated({}, {"security": security}, components={"securitySchemes": named}))


@pytest.mark.parametrize(
    "scheme",
    [
        *(
            {"type": "apiKey", "in": "header", "name": name}
            for name in (
                "X Key",
                "X-Kéy",
                "X-Key\r\nX-Other",
                "X:Key",
                "X-Key\x00",
                "Content-Length",
                "connection",
                "HOST",
            )
        ),
        {"type": "apiKey", "in": "header", "name": "Proxy-Authorization"},
        *({"type": "apiKey", "in": "cookie", "name": name} for name in ("a=b", "a;b", "a b", "a,b", "ä", 'a"', "a\n")),
        *({"type": "http", "scheme": scheme} for scheme in ("bearer token", "Bäsic", "basic\n", "a,b")),
    ],
)
def test_a_scheme_that_no_request_can_carry_is_refused_when_it_is_read(scheme: dict[str, Any]) -> None:
    assert _scheme(scheme) == _REFUSED


@pytest.mark.parametrize(
    "scheme",
    [
        {"type": "apiKey", "in": "header", "name": "X_Key.2"},
        {"type": "apiKey", "in": "header", "name": "Cookie"},
        {"type": "apiKey", "in": "query", "name": "api key=é"},
        {"type": "apiKey", "in": "cookie", "name": "session[id]"},
        {"type": "http", "scheme": "AWS4-HMAC-SHA256"},
        {"type": "http", "scheme": "Bearer"},
    ],
)
def test_a_scheme_that_a_request_can_carry_is_no_finding(scheme: dict[str, Any]) -> None:
    assert _scheme(scheme) == []


def test_a_scheme_that_cannot_be_carried_does_no_harm_beside_one_that_can() -> None:
    assert _scheme({"type": "apiKey", "in": "header", "name": "X Key"}, {"type": "http", "scheme": "bearer"}) == []


def test_a_step_that_sets_the_header_itself_needs_no_name_of_the_scheme() -> None:
    own = {"parameters": [{"name": "Authorization", "in": "header", "value": "Own x"}]}
    components = {"securitySchemes": {"s": {"type": "http", "scheme": "own scheme"}}}
    assert validated(own, {"security": [{"s": []}]}, components=components) == ()


@pytest.mark.parametrize("name", ["Proxy-Authorization", "proxy-authorization"])
def test_the_credential_of_a_proxy_is_no_header_of_a_step(name: str) -> None:
    (found,) = validated({"parameters": [{"name": name, "in": "header", "value": "Basic x"}]})
    assert (found.code, found.is_error) == ("header-refused", True)
    assert "is for a proxy, which `--proxy` names with its user and password; a server would get it" in found.message


@pytest.mark.parametrize("name", ["a b", "a=b", "a;b"])
def test_a_cookie_that_is_not_encoded_has_a_name_that_it_can_have(name: str) -> None:
    parameter = {"name": name, "in": "cookie", "value": "$steps.find.outputs.id"}
    declared = {"name": name, "in": "cookie", "style": "cookie", "schema": {}}
    found = validated({"parameters": [parameter]}, {"parameters": [declared]}, openapi="3.2.0")
    assert codes(found) == [("error", "value-unsendable")]
    assert (
        validated({"parameters": [parameter]}, {"parameters": [{**declared, "style": "form"}]}, openapi="3.2.0") == ()
    )


@pytest.mark.parametrize("method", ["COPY IT", "GÊT", "CONNECT", "connect", "A:B", ""])
def test_a_method_that_no_request_can_have_is_refused_when_it_is_read(method: str) -> None:
    described = {"operationId": "tried", "responses": {}}
    found = validated({}, openapi="3.2.0", method="additionalOperations", operation={method: described})
    assert ("error", "api-malformed") in codes(found)


@pytest.mark.parametrize(
    "encoding",
    [
        {"headers": {"X Own": {"schema": {"const": "v"}}}},
        {"headers": {"X-Own\r\nX-Other": {"schema": {"const": "v"}}}},
        {"headers": {"X-Own": {"schema": {"const": "v\r\nX-Other: w"}}}},
        {"contentType": "text/plain\r\nX-Other: w"},
    ],
)
def test_a_part_with_a_header_that_no_message_can_hold_is_refused_when_it_is_read(encoding: dict[str, Any]) -> None:
    media = {"schema": {"type": "object"}, "encoding": {"f": encoding}}
    body = {"contentType": "multipart/form-data", "payload": {"f": "$steps.find.outputs.id"}}
    operation = {"requestBody": {"content": {"multipart/form-data": media}}}
    assert codes(validated({"requestBody": body}, operation)) == [("error", "request-body-unsupported")]


def test_a_part_with_a_header_that_can_be_sent_is_no_finding() -> None:
    encoding = {"contentType": "text/plain", "headers": {"X-Own": {"schema": {"const": "v w"}}}}
    media = {"schema": {"type": "object"}, "encoding": {"f": encoding}}
    body = {"contentType": "multipart/form-data", "payload": {"f": "$steps.find.outputs.id"}}
    assert validated({"requestBody": body}, {"requestBody": {"content": {"multipart/form-data": media}}}) == ()
