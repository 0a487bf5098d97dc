"""Whether a request is what its operation describes, as far as its parameters go: what is missing, and wrong types.

Decides what is a mistake of the client. The body is looked at by the contracts, elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.messages.exchange import header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation, ParameterDescription
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.mocking.routes import Found

# of parts of parts of a schema
_DEEPEST: Final = 8
_FORMS: Final = {
    "integer": re.compile(r"-?\d+"),
    "number": re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?"),
    "boolean": re.compile(r"true|false"),
}


class ParameterCheck(Struct, frozen=True):
    """What a parameter must be: its described type and the ``form`` of that, or one of some ``values``."""

    described: ParameterDescription
    type_: str
    form: re.Pattern[str] | None
    values: tuple[str, ...]

    def given(self, found: Found, request: Request, query: Mapping[str, list[str]]) -> list[str] | None:
        """Return the texts of the parameter, ``None`` for one that is not looked at."""
        name = self.described.name
        match self.described.location:
            case In.PATH:
                return [found.values[name]] if name in found.values else None
            case In.QUERY:
                # an object may be spread over several names
                known = query.get(name, [])
                return known or ([] if self.described.style == "form" and self.described.required else None)
            case In.HEADER:
                value = header(request.headers, name)
                return [] if value is None else [value]
            case _:
                return None

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
    schema = {} if parameter.schema is None else as_mapping(value_at(resolver.resolve(parameter.schema.at)))
    type_ = str(schema.get("type"))
    values = tuple(map(str, as_list(schema.get("enum"))))
    return ParameterCheck(parameter, type_, _FORMS.get(type_), values)


def mistakes(
    checks: Sequence[ParameterCheck], found: Found, request: Request, query: Mapping[str, list[str]]
) -> Iterator[str]:
    """Yield what is wrong with the parameters of a request, and with a body that must be there."""
    for each in checks:
        values = each.given(found, request, query)
        if values is None:
            continue
        if not values and each.described.required:
            yield f"{each.described.location} parameter `{each.described.name}` is missing"
        yield from (reason for value in values for reason in each.wrong(value))
    body = found.operation.request_body
    if body is not None and body.required and not request.content:
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
