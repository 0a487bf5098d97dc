"""Values drawn from schemas: what fits is never reported, and what does not fit always is, wherever it stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from contracted import described
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.apis.wire_forms.parameters import cookie_pairs, header_text, path_text, query_pairs
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.world.contracts.checking import Contract

Drawn = tuple[dict[str, Any], Any, Any]
_WORDS: Final = st.text("abcxyz", min_size=3, max_size=5)


@st.composite
def _scalars(draw: st.DrawFn) -> Any:
    word = draw(_WORDS)
    number = draw(st.integers(2, 99))
    cents = draw(st.integers(1, 99_999)) / 100
    return draw(
        st.sampled_from(
            [
                ({"type": "integer", "minimum": 2}, number, word),
                ({"type": "integer", "maximum": 99, "format": "int32"}, number, 3_000_000_000),
                ({"type": "number", "multipleOf": 0.01}, cents, cents + 0.001),
                ({"type": "boolean"}, True, word),
                ({"type": "string", "minLength": 3}, word, "z"),
                ({"type": "string", "enum": [word, "12"]}, word, f"{word}!"),
                ({"type": "string", "pattern": r"^\d+$"}, str(number), word),
                ({"type": "string", "format": "uuid"}, "c0ffee00-0000-4000-8000-00000000000a", word),
                ({"enum": [number, number + 1]}, number, number - 1),
            ]
        )
    )


_COMBINATIONS: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "plain": lambda schema: schema,
    "allOf": lambda schema: {"allOf": [schema, {}]},
    "anyOf": lambda schema: {"anyOf": [schema, {"type": "object", "required": ["nowhere"]}]},
    "not": lambda schema: {"allOf": [schema], "not": {"type": "object", "required": ["nowhere"]}},
}
_OPTIONAL: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "3.0.3": lambda schema: {**schema, "nullable": True},
    "3.1.0": lambda schema: {"anyOf": [schema, {"type": "null"}]},
    "2.0": lambda schema: schema,
}


@st.composite
def _drawn(draw: st.DrawFn, version: str, depth: int) -> Drawn:
    kind = draw(st.sampled_from(["scalar", "list", "object"] if depth else ["scalar"]))
    if kind == "scalar":
        schema, good, bad = draw(_scalars())
    elif kind == "list":
        inner, good, bad = draw(_drawn(version, depth - 1))
        count = draw(st.integers(0, 2))
        schema, good, bad = (
            {"type": "array", "items": inner, "minItems": 1},
            [good] * (count + 1),
            [good] * count + [bad],
        )
    else:
        inner, good, bad = draw(_drawn(version, depth - 1))
        schema = {"type": "object", "properties": {"m": inner, "o": {"type": "string"}}, "required": ["m"]}
        good, bad = {"m": good, "o": "word"}, draw(st.sampled_from([{"m": bad}, {"o": "word"}]))
    schema = _COMBINATIONS[draw(st.sampled_from(sorted(_COMBINATIONS) if version[0] == "3" else ["allOf", "plain"]))](
        schema
    )
    return (_OPTIONAL[version](schema) if draw(st.booleans()) else schema), good, bad


def _codes(found: tuple[Any, ...]) -> list[str]:
    return [each.code for each in found]


_STYLES: Final = [
    ("query", "form", True), ("query", "form", False), ("query", "spaceDelimited", False),
    ("query", "pipeDelimited", False), ("query", "deepObject", True), ("header", "simple", False),
    ("header", "simple", True), ("path", "simple", False), ("path", "simple", True), ("path", "label", False),
    ("path", "label", True), ("path", "matrix", False), ("path", "matrix", True), ("cookie", "form", True),
    ("cookie", "form", False),
]  # fmt: skip
_WRITERS: Final = {"query": query_pairs, "header": header_text, "path": path_text, "cookie": cookie_pairs}


def _asked(contract: Contract, operation: Operation, value: Any) -> tuple[Any, ...]:
    (parameter,) = operation.parameters
    try:
        _WRITERS[parameter.location](parameter, value)
    except ArazzoError:
        assume(condition=False)
    effect = Send(Request("POST", "https://h/a"), operation, parameters=((parameter, value),))
    return contract.check_request(effect, operation)


@pytest.mark.parametrize(("location", "style", "explode"), _STYLES)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_parameter_is_held_to_its_schema_in_every_style(
    version: str, location: str, style: str, explode: Any, data: st.DataObject
) -> None:
    schema, good, bad = data.draw(_drawn(version, 2 if style == "deepObject" else 1))
    parameter = {"name": "n", "in": location, "required": True, "style": style, "explode": explode}
    contract, operation = described(
        version, {"S": schema}, parameters=[{**parameter, "schema": {"$ref": "#/components/schemas/S"}}]
    )
    assert _asked(contract, operation, good) == ()
    assert _codes(_asked(contract, operation, _as_text(good))) == []
    assert set(_codes(_asked(contract, operation, bad))) == {"request-contract"}


def _as_text(value: Any) -> Any:
    """Return a value with the texts of its scalars: it is written the same way."""
    if isinstance(value, dict):
        return {name: _as_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return value if isinstance(value, str) else json.dumps(value)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_parameter_of_json_keeps_its_types(data: st.DataObject) -> None:
    schema, good, bad = data.draw(_drawn("3.1.0", 2))
    content = {"application/json": {"schema": schema}}
    contract, operation = described("3.1.0", {}, parameters=[{"name": "n", "in": "query", "content": content}])
    assert _asked(contract, operation, good) == ()
    assert set(_codes(_asked(contract, operation, bad))) == {"request-contract"}


def _body_asked(contract: Contract, operation: Operation, type_: str, value: Any) -> list[str]:
    try:
        written = write_body(value, type_, describe_body(type_, operation))
    except ArazzoError:
        assume(condition=False)
    request = Request("POST", "https://h/a", (("Content-Type", written.content_type),), written.content, value)
    asked = _codes(contract.check_request(Send(request, operation), operation))
    # what was written, given as the text that it is
    # a list within a list is none in XML, and one part that holds a list may be that or a list of one
    is_text = "json" not in type_ and not re.search(r"\[[^{}]*\[", json.dumps(value))
    raw = Request("POST", "https://h/a", request.headers, written.content, bytes(written.content).decode())
    again = _codes(contract.check_request(Send(raw, operation), operation)) if is_text else asked
    assert set(asked) == set(again)
    return asked


def _came(contract: Contract, operation: Operation, type_: str, value: Any) -> list[str]:
    written = write_body(value, type_, describe_body(type_, operation))
    response = Response(200, (("Content-Type", written.content_type),), bytes(written.content))
    return _codes(contract.check_response(operation, Request("POST", "https://h/a"), response))


_ENCODINGS: Final = [{}, {"m": {"contentType": "application/json"}}, {"m": {"style": "deepObject", "explode": True}}]


_TYPES: Final = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/xml",
    "a/b+json",
]


@pytest.mark.parametrize(
    ("version", "type_"),
    [
        (version, each)
        for version in ("3.0.3", "3.1.0", "2.0")
        for each in _TYPES
        if version != "2.0" or "form" not in each
    ],
)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_body_is_held_to_its_schema_whatever_it_is_written_as(version: str, type_: str, data: st.DataObject) -> None:
    inner, good, bad = data.draw(_drawn(version, 2))
    schema = {"type": "object", "properties": {"m": inner, "k": {"type": "integer"}}, "required": ["m"]}
    place = "components/schemas" if version[0] == "3" else "definitions"
    reference = {"$ref": f"#/{place}/S"}
    body: dict[str, Any]
    if version[0] == "3":
        encoding = data.draw(st.sampled_from(_ENCODINGS)) if "form" in type_ and "style" not in type_ else {}
        if "multipart" in type_ and "style" in str(encoding):
            encoding = {}
        content = {"content": {type_: {"schema": reference, **({"encoding": encoding} if encoding else {})}}}
        body = {"requestBody": content, "responses": {"200": content}}
    else:
        body = {
            "parameters": [{"name": "b", "in": "body", "schema": reference}],
            "consumes": [type_],
            "produces": [type_],
        }
        body["responses"] = {"200": {"schema": reference}}
    contract, operation = described(version, {"S": schema}, **body)
    for value, codes in (({"m": good, "k": 1}, set()), ({"m": bad, "k": 1}, {"contract"})):
        assert {each.partition("-")[2] for each in _body_asked(contract, operation, type_, value)} == codes, (
            schema,
            value,
        )
        is_plain = not re.search(r"\[[^{}]*\[", json.dumps(value)) or "json" in type_
        if is_plain and not body.get("requestBody", {}).get("content", {}).get(type_, {}).get("encoding"):
            assert {each.partition("-")[2] for each in _came(contract, operation, type_, value)} == codes, (
                schema,
                value,
            )
