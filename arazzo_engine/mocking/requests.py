"""Whether a request is what its operation describes, as far as its parameters go: what is missing, and wrong types.

Decides what is a mistake of the client. The body is looked at by the contracts, elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.messages.exchange import header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.mocking.routes import Found

_FORMS: Final = {
    "integer": re.compile(r"-?\d+"),
    "number": re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?"),
    "boolean": re.compile(r"true|false"),
}


def mistakes(found: Found, request: Request, query: Mapping[str, list[str]], resolver: Resolver) -> Iterator[str]:
    """Yield what is wrong with the parameters of a request, and with a body that must be there."""
    for each in found.operation.parameters:
        values = _given(each, found, request, query)
        if values is None:
            continue
        if not values and each.required:
            yield f"{each.location} parameter `{each.name}` is missing"
        yield from (reason for value in values for reason in _wrong(each, value, resolver))
    body = found.operation.request_body
    if body is not None and body.required and not request.content:
        yield "the body is missing"


def _given(
    parameter: ParameterDescription, found: Found, request: Request, query: Mapping[str, list[str]]
) -> list[str] | None:
    """Return the texts of a parameter, ``None`` for one that is not looked at."""
    match parameter.location:
        case In.PATH:
            return [found.values[parameter.name]] if parameter.name in found.values else None
        case In.QUERY:
            # an object may be spread over several names
            known = query.get(parameter.name, [])
            return known or ([] if parameter.style == "form" and parameter.required else None)
        case In.HEADER:
            value = header(request.headers, parameter.name)
            return [] if value is None else [value]
        case _:
            return None


def _wrong(parameter: ParameterDescription, text: str, resolver: Resolver) -> Iterator[str]:
    if parameter.schema is None:
        return
    schema = as_mapping(value_at(resolver.resolve(parameter.schema.at)))
    form = _FORMS.get(str(schema.get("type")))
    if form is not None and form.fullmatch(text) is None:
        yield f"{parameter.location} parameter `{parameter.name}` is no {schema['type']}"
    values = as_list(schema.get("enum"))
    if values and form is None and text not in map(str, values):
        yield f"{parameter.location} parameter `{parameter.name}` is none of {', '.join(map(str, values))}"
