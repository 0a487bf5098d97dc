"""The headers of an answer: which are promised, and the values that one may mean.

Decides what a header's text is read as. It has no types on the wire, so every reading of it counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import Resolver, value_at
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.messages.payloads import is_json, parse_json
from arazzo_engine.world.contracts.values.readings import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import Operation, ResponseDescription
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

WIRE = Wire(1, joint=",")


class Promised(Struct, frozen=True):
    """A header that an answer is documented to have."""

    at: Place
    name: str
    required: bool
    schema: Schema | None
    is_json: bool


def promised_headers(operation: Operation, answer: ResponseDescription, resolver: Resolver) -> Iterator[Promised]:
    """Yield the headers of a documented answer."""
    described = resolver.resolve(operation.at.child("responses", answer.status))
    for name, schema in answer.headers.items():
        # "If a response header is defined with the name "Content-Type", it SHALL be ignored."
        if name.lower() == "content-type":
            continue
        at = resolver.resolve(described.child("headers", name))
        value = as_mapping(value_at(at))
        content = next(iter(as_mapping(value.get("content"))), None)
        if content is not None:
            place = resolver.resolve(at.child("content", content)).child("schema")
            schema = Schema(place, value_at(place)) if "schema" in as_mapping(value["content"][content]) else None  # noqa: PLW2901 - the other way of describing it
        yield Promised(at, name, value.get("required") is True, schema, content is not None and is_json(content))


def header_values(text: str, promised: Promised) -> tuple[JsonValue, ...]:
    """Return what a header may mean; none when it is not the JSON that it is described as."""
    if promised.is_json:
        try:
            return (parse_json(text),)
        except MalformedText:
            return ()
    texts = [each.strip() for each in text.split(",")]
    pairs = [each.partition("=") for each in texts]
    exploded = {name: value for name, sign, value in pairs if sign}
    flat = dict(zip(texts[::2], texts[1::2], strict=False))
    objects = [each for each in (exploded, flat) if each and len(each) * (1 if each is exploded else 2) == len(texts)]
    return (text, texts, *objects)
