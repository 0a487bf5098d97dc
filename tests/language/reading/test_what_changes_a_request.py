"""What a document says about its requests is read, told or refused: extensions, headers of one name, replacements."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import read_description

_DOCUMENT: Final[dict[str, Any]] = {
    "arazzo": "1.1.0",
    "info": {"title": "t", "version": "1"},
    "sourceDescriptions": [{"name": "shop", "url": "shop.yaml"}],
}


def _problems(step: dict[str, Any], **workflow: Any) -> list[tuple[str, str, str]]:
    steps = [{"stepId": "s", "operationId": "op", **step}]
    document = {**_DOCUMENT, "workflows": [{"workflowId": "w", "inputs": {}, "steps": steps, **workflow}]}
    found = read_description(read_document(json.dumps(document), "file:///w.json")).problems
    return [(each.severity.value, each.code, each.message) for each in found]


EXTENSIONS = (
    ("x-security", "no credential comes from it"),
    ("x-operation", "no request is made of it"),
    ("x-serverUrl", "requests go to the server of the API description"),
    ("x-server-url", "requests go to the server of the API description"),
    ("x-allowReserved", "the value is written as the API description says"),
    ("x-headers", "nothing of it is sent"),
    *((name, "nothing is left out because of it") for name in ("x-skip", "x-if", "x-when", "x-skip-if")),
    *((name, "nothing is sent again because of it") for name in ("x-retry", "x-retryPolicy", "x-until")),
    ("x-foreach", "nothing is done for each of a list"),
    ("x-delay", "nothing waits for it"),
)


@pytest.mark.parametrize(("name", "undone"), EXTENSIONS)
def test_an_extension_that_would_change_what_is_sent_is_told_wherever_it_stands(name: str, undone: str) -> None:
    told = [("warning", "extension-ignored", f"`{name}` is an extension that is not read: {undone}")]
    parameter = {"name": "q", "in": "query", "value": 1, name: True}
    assert _problems({name: {}}) == told
    assert _problems({}, **{name: {}}) == told
    assert _problems({"parameters": [parameter]}) == told
    assert _problems({"requestBody": {"payload": {}, name: {}}}) == told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("shop", "http://localhost:4000/v1", "shop=http://localhost:4000/v1"),
        ("the shop", "https://b.example/?a=1&b=2", "'the shop'='https://b.example/?a=1&b=2'"),
        (None, "https://b.example", "<source>=https://b.example"),
        ("shop", "/v1", "<source>=https://…"),
        ("shop", {"url": "https://b.example"}, "<source>=https://…"),
    ],
)
def test_a_server_that_is_named_is_told_with_the_option_that_names_it(name: Any, value: Any, told: str) -> None:
    source = {**({} if name is None else {"name": name}), "url": "a.json", "x-serverUrl": value}
    document = {**_DOCUMENT, "sourceDescriptions": [source], "workflows": []}
    found = read_description(read_document(json.dumps(document), "file:///w.json")).problems
    fixes = [each.fix for each in found if each.code == "extension-ignored"]
    assert fixes == [f"name another one with `--server {told}`"]


_KEY: Final = {"type": "apiKey", "in": "header", "name": "X-Key"}
_BEARER: Final = {"type": "http", "scheme": "bearer"}
_BASIC: Final = {"type": "http", "scheme": "basic"}
_ANY_CREDENTIAL: Final = (
    "where the operation asks for the credential, give it with `--auth <scheme>=…`, else write a parameter for the"
    " header or query that carries it"
)


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        (
            [{"scheme": _KEY, "values": {"apiKey": "$inputs.key"}}],
            "write the parameter `{name: X-Key, in: header, value: $inputs.key}`",
        ),
        # a secret that is written out is not repeated
        ([{"scheme": _KEY, "values": {"apiKey": "abc"}}], "write the parameter `{name: X-Key, in: header, value: …}`"),
        (
            [{"scheme": _BEARER, "values": {"token": "$steps.a.outputs.t"}}, {"scheme": _KEY, "values": {"k": "$url"}}],
            (
                'write the parameters `{name: Authorization, in: header, value: "Bearer {$steps.a.outputs.t}"}`'
                " and `{name: X-Key, in: header, value: $url}`"
            ),
        ),
        ([{"scheme": _BASIC, "values": {"username": "u", "password": "p"}}], _ANY_CREDENTIAL),
        ([{"schemeName": "key", "values": {"apiKey": "abc"}}], _ANY_CREDENTIAL),
        ("anything", _ANY_CREDENTIAL),
        ([], _ANY_CREDENTIAL),
    ],
)
def test_security_that_is_written_out_is_told_with_the_parameters_that_carry_it(value: Any, fix: str) -> None:
    steps = [{"stepId": "s", "operationId": "op", "x-security": value}]
    document = {**_DOCUMENT, "workflows": [{"workflowId": "w", "steps": steps}]}
    found = read_description(read_document(json.dumps(document), "file:///w.json")).problems
    assert [each.fix for each in found] == [fix]


@pytest.mark.parametrize("name", ["x-note", "x-secret", "x-operations-team", "x-speakeasy-test-group", "x-"])
def test_any_other_extension_is_for_others_to_read(name: str) -> None:
    assert _problems({name: {}}) == []


def test_headers_that_differ_in_case_only_are_one_header_twice() -> None:
    one, other = ({"name": name, "in": "header", "value": "x"} for name in ("Authorization", "AUTHORIZATION"))
    told = ("error", "id-duplicate", "`parameters` has parameter `AUTHORIZATION` in `header` twice")
    assert _problems({"parameters": [one, other]}) == [told]
    assert _problems({}, parameters=[one, other]) == [told]


@pytest.mark.parametrize("location", ["query", "cookie", "path"])
def test_other_parameters_that_differ_in_case_are_two(location: str) -> None:
    assert _problems({"parameters": [{"name": name, "in": location, "value": "x"} for name in ("a", "A")]}) == []


def test_replacements_without_a_payload_have_nothing_to_replace_in() -> None:
    replacement = {"target": "/a", "value": 1}
    told = ("error", "field-missing", "the request body has `replacements` and no `payload`")
    assert _problems({"requestBody": {"contentType": "application/json", "replacements": [replacement]}}) == [told]
    assert _problems({"requestBody": {"payload": {"a": 0}, "replacements": [replacement]}}) == []
    assert _problems({"requestBody": {"replacements": []}}) == []


def test_a_variable_of_a_server_is_no_parameter_and_told_with_the_option_that_gives_it() -> None:
    told = ("error", "field-value", "`in` is `server`, and a variable of a server's URL is no parameter")
    assert _problems({"parameters": [{"name": "tenant", "in": "server", "value": "a"}]}) == [told]
