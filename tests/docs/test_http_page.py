"""The page about HTTP: its tables are made by the code, and what it says about limits is what the code has."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from msgspec.structs import replace
from wire_facts import FACTS, Fact, Outcome

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import In, MediaType, ParameterDescription
from arazzo_engine.apis.descriptions.schemas import Shape
from arazzo_engine.apis.security.schemes import KINDS
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.content_types import WRITTEN_FROM, listed
from arazzo_engine.apis.wire_forms.parameters import cookie_pairs, header_text, path_text, query_pairs, query_string
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.payloads import parse_payload
from arazzo_engine.world.authorizing.credentials import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PAGE: Final = places.ROOT / "docs" / "http.md"
_PLACE: Final = read_document("{}", "file:///api.json").root()
_VALUES: Final = (None, "blue", ["blue", "black"], {"R": 100, "G": 200})
_STYLES: Final = (
    (In.PATH, "simple", (False, True)),
    (In.PATH, "label", (False, True)),
    (In.PATH, "matrix", (False, True)),
    (In.QUERY, "form", (True, False)),
    (In.QUERY, "spaceDelimited", (False,)),
    (In.QUERY, "pipeDelimited", (False,)),
    (In.QUERY, "deepObject", (True,)),
    (In.HEADER, "simple", (False, True)),
    (In.COOKIE, "form", (True, False)),
    (In.COOKIE, "cookie", (True, False)),
)
_WRITERS: Final[dict[In, Callable[[ParameterDescription, Any], str]]] = {
    In.PATH: path_text,
    In.QUERY: lambda description, value: "&".join(query_pairs(description, value)),
    In.QUERYSTRING: lambda description, value: "&".join(query_string(description, value)),
    In.HEADER: header_text,
    In.COOKIE: lambda description, value: "; ".join(cookie_pairs(description, value)),
}
_OPEN: Final[tuple[tuple[In, str, Any], ...]] = (
    (In.PATH, "simple", "a/b?c#d é"),
    (In.QUERY, "form", "a b&c=d"),
    (In.QUERY, "form", [{"a": 1}]),
    (In.QUERY, "form", []),
    (In.QUERY, "deepObject", {"a": {"b": ["x", "y"]}}),
    (In.QUERY, "deepObject", [{"field": "Name"}]),
    (In.QUERY, "pipeDelimited", ["a|b"]),
    (In.HEADER, "simple", ["a,b", "c"]),
    (In.COOKIE, "cookie", "a;b"),
)
_BODIES: Final = (
    ("application/json", {"a": [1, None]}),
    ("application/x-www-form-urlencoded", {"a": ["x", "y z"], "b": {"c": 1}, "d": [{"e": 2}]}),
    ("multipart/form-data", {"title": "x", "meta": {"a": 1}}),
    ("application/xml", {"a": "<"}),
    ("application/x-ndjson", [{"a": 1}, 2]),
    ("application/json-seq", [1]),
    ("text/plain", 1.5),
    ("application/octet-stream", "AP8="),
)
_ANSWERS: Final = (
    ("application/json", b'{"a": 1}'),
    (None, b'{"a": 1}'),
    ("text/plain", b'{"a": 1}'),
    ("application/xml", b"<a/>"),
    ("text/plain; charset=iso-8859-1", b"\xe9"),
    ("application/x-ndjson", b'{"a": 1}\n2\n'),
    ("application/vnd.shop+jsonl", b'{"a": 1}\n2\n'),
    ("application/x-csv", b"a,b"),
    ("text/event-stream", b"event: tick\ndata: 1\n\n"),
    ("image/png", b"\x89PNG"),
)


def parameters() -> Iterator[str]:
    yield '| in | style | explode | `null` or `""` | `"blue"` | `["blue", "black"]` | `{"R": 100, "G": 200}` |'
    yield "|---|---|---|---|---|---|---|"
    for location, style, explodes in _STYLES:
        for explode in explodes:
            texts = (_parameter(location, style, value, explode=explode) for value in _VALUES)
            yield f"| {location} | {style} | {str(explode).lower()} | {' | '.join(texts)} |"


def open_values() -> Iterator[str]:
    yield "| in | style | value | sent |"
    yield "|---|---|---|---|"
    for location, style, value in _OPEN:
        explode = style in {"form", "deepObject"}
        shown = _code(json.dumps(value, ensure_ascii=False))
        yield f"| {location} | {style} | {shown} | {_parameter(location, style, value, explode=explode)} |"


def bodies() -> Iterator[str]:
    yield "| kind | written from | media type | payload | sent |"
    yield "|---|---|---|---|---|"
    for name, payload in _BODIES:
        kind = kind_of_body(name)
        body = write_body(payload, name, MediaType(name, shape=Shape(name="thing")))
        shown = _code(json.dumps(payload, ensure_ascii=False))
        sent = _code(_bytes(bytes(body.content)))
        yield f"| {kind.value} | {listed(WRITTEN_FROM[kind])} | {name} | {shown} | {sent} |"


def answers() -> Iterator[str]:
    yield "| content type | bytes | `$response.body` |"
    yield "|---|---|---|"
    for name, content in _ANSWERS:
        value = parse_payload(content, name).value
        yield f"| {name or 'none'} | {_code(_bytes(content))} | {_code(json.dumps(value, ensure_ascii=False))} |"


def security() -> Iterator[str]:
    yield "| kind | given | as a mapping | sent |"
    yield "|---|---|---|---|"
    for name, kind in KINDS.items():
        forms, mapping = " or ".join(map(_code, kind.forms)), " or ".join(map(_code, replace(kind, forms=()).written()))
        yield f"| {name} | {forms} | {mapping} | {kind.sent} |"


def facts() -> Iterator[str]:
    yield "| what happens on the wire | in | sent | processed | the run says | may it go again |"
    yield "|---|---|---|---|---|---|"
    for fact in FACTS:
        known = [name for name, key in (("HTTP/1.1", "http/1.1"), ("HTTP/2", "h2")) if fact.talk(key)]
        reasons = dict.fromkeys(_reason(fact, key) for key in ("http/1.1", "h2") if fact.talk(key))
        row = (fact.event, ", ".join(known), *fact.outcome.value[:2], ", or ".join(reasons), fact.outcome.value[2])
        yield f"| {' | '.join(row)} |"


def _reason(fact: Fact, protocol: str) -> str:
    if fact.outcome is Outcome.ANSWERED:
        return f"the answer, {fact.says}"
    return _code(fact.reason(protocol, "a.example", 30))


_SECTIONS: Final = {
    "facts": facts,
    "parameters": parameters,
    "open values": open_values,
    "bodies": bodies,
    "answers": answers,
    "security": security,
}


def _parameter(location: In, style: str, value: object, *, explode: bool) -> str:
    description = ParameterDescription(_PLACE, "color", location, style=style, explode=explode)
    try:
        text = _WRITERS[location](description, value)
    except ArazzoError as error:
        return f"refused: {error.diagnostics[0].code}"
    return _code(text) if text else "nothing"


def _bytes(content: bytes) -> str:
    return content.decode("latin-1").encode("unicode_escape").decode("ascii")


def _code(text: str) -> str:
    return f"`{text.replace('|', chr(92) + '|')}`"


def _with_section(page: str, name: str, lines: Iterator[str]) -> str:
    start, end = f"<!-- {name}: made by the code -->", f"<!-- {name}: end -->"
    pattern = re.compile(f"{re.escape(start)}\n.*?{re.escape(end)}", re.DOTALL)
    assert len(pattern.findall(page)) == 1, name
    made = "\n".join((start, *lines, end))
    return pattern.sub(lambda _: made, page)


@pytest.mark.parametrize("name", _SECTIONS)
def test_the_tables_are_those_of_the_code(name: str) -> None:
    page = _PAGE.read_text()
    made = _with_section(page, name, _SECTIONS[name]())
    if "UPDATE_GOLDEN" in os.environ:
        _PAGE.write_text(made)
        return
    assert page == made


@pytest.mark.parametrize("name", FIELDS)
def test_every_member_of_a_credential_is_named(name: str) -> None:
    assert f"`{name}`" in _PAGE.read_text().partition("## Security")[2]


def test_every_kind_of_body_is_shown() -> None:
    assert {kind_of_body(name) for name, _ in _BODIES} == set(BodyKind)
