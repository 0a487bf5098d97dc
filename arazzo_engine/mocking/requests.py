"""Whether a request is what its operation describes, as far as its parameters go: what is missing, and wrong types.

Decides what is a mistake of the client. The body is looked at by the contracts, elsewhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation, ParameterDescription
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.mocking.routes import Found

# of parts of parts of a schema
_DEEPEST: Final = 8
# what is looked at here, or says nothing of values
_SAID: Final = frozenset(("type", "enum", "description", "title", "default", "example", "examples", "deprecated"))
_FORMS: Final = {
    "integer": lazy_pattern(r"-?\d+"),
    "number": lazy_pattern(r"-?\d+(\.\d+)?([eE][+-]?\d+)?"),
    "boolean": lazy_pattern(r"true|false"),
}


class Given(Struct, frozen=True):
    """A request, the operation that it means, and the values in its query."""

    found: Found
    request: Request
    query: Mapping[str, list[str]]

    def texts_of(self, described: ParameterDescription) -> list[str] | None:
        """Return the texts of a parameter, ``None`` for one that is not looked at."""
        name = described.name
        match described.location:
            case In.PATH:
                return [self.found.values[name]] if name in self.found.values else None
            case In.QUERY:
                # an object may be spread over several names
                known = self.query.get(name, [])
                return known or ([] if described.style == "form" and described.required else None)
            case In.HEADER:
                value = header(self.request.headers, name)
                return [] if value is None else [value]
            case In.COOKIE:
                return [each for given, each in _cookies(self.request) if given == name]
            case _:
                return None


class ParameterCheck(Struct, frozen=True):
    """What a parameter must be: its described type and the ``form`` of that, or one of some ``values``.

    With ``more``, its schema says more of it than that.
    """

    described: ParameterDescription
    type_: str
    form: re.Pattern[str] | None
    values: tuple[str, ...]
    more: bool = False

    def wrong(self, text: str) -> Iterator[str]:
        """Yield what is wrong with a text."""
        told = f"{self.described.location} parameter `{self.described.name}`"
        if self.form is not None and self.form.fullmatch(text) is None:
            yield f"{told} is no {self.type_}"
        if self.values and self.form is None and text not in self.values:
            yield f"{told} is none of {', '.join(self.values)}"


def checks_of(operation: Operation, resolver: Resolver) -> tuple[ParameterCheck, ...]:
    """Return what the parameters of an operation must be."""
    return tuple(_check(each, resolver) for each in operation.parameters)


def _check(parameter: ParameterDescription, resolver: Resolver) -> ParameterCheck:
    schema = {} if parameter.schema is None else _written(parameter.schema.at, resolver)
    type_ = str(schema.get("type"))
    values = tuple(_text_of(each) for each in as_list(schema.get("enum")) if each is not None)
    is_more = bool(schema.keys() - _SAID) or isinstance(schema.get("type"), list)
    return ParameterCheck(parameter, type_, _FORMS.get(type_), values, is_more)


def _written(at: Place, resolver: Resolver) -> dict[str, JsonValue]:
    try:
        return as_mapping(value_at(resolver.resolve(at)))
    except ArazzoError:
        # what leads nowhere says nothing
        return {}


def _text_of(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _cookies(request: Request) -> Iterator[tuple[str, str]]:
    for each in (header(request.headers, "cookie") or "").split(";"):
        name, sign, value = each.strip().partition("=")
        if sign:
            yield name, value


def mistakes(
    checks: Sequence[ParameterCheck], given: Given, judge: Callable[[ParameterDescription, JsonValue], Iterator[str]]
) -> Iterator[str]:
    """Yield what is wrong with the parameters of a request, and with a body that must be there.

    ``judge`` holds a value to the rest of a schema.
    """
    for each in checks:
        values = given.texts_of(each.described)
        if values is None:
            continue
        if not values and each.described.required:
            yield f"{each.described.location} parameter `{each.described.name}` is missing"
        wrong = [reason for value in values for reason in each.wrong(value)]
        if values and each.more and not wrong:
            wrong = [*judge(each.described, values[0] if len(values) == 1 else [*values])]
        yield from wrong
    body = given.found.operation.request_body
    if body is not None and body.required and not given.request.content:
        yield "the body is missing"


def given_by_server(operation: Operation, resolver: Resolver) -> frozenset[str]:
    """Return the members of a body that a client may not choose: those that are ``readOnly``."""
    described = () if operation.request_body is None else operation.request_body.media_types
    schemas = [each.schema.at for each in described if each.schema is not None]
    try:
        return frozenset(name for at in schemas for name in _read_only(resolver.resolve(at), resolver, _DEEPEST))
    except ArazzoError:
        # a schema that leads nowhere says nothing
        return frozenset()


def _read_only(at: Place, resolver: Resolver, depth: int) -> Iterator[str]:
    value = as_mapping(value_at(at))
    for name in as_mapping(value.get("properties")):
        if as_mapping(value_at(resolver.resolve(at.child("properties", name)))).get("readOnly") is True:
            yield name
    for index in range(len(as_list(value.get("allOf"))) if depth else 0):
        yield from _read_only(resolver.resolve(at.child("allOf", index)), resolver, depth - 1)
