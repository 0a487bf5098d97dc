"""What an operation needs before it can be called, and what its answer gives to those that come after.

Decides which values count: of a request all that is required, of an answer its ids and its members one level down.
Nothing is matched here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.idempotency import is_key
from arazzo_engine.apis.own_headers import is_own
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.uris import path_of
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.drafting.names import is_id, thing_of, thing_of_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import (
        MediaType,
        Operation,
        ParameterDescription,
        ResponseDescription,
    )
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.drafting.plain_schemas import Plain

_PREFERRED: Final = ("application/json", "+json", "application/x-www-form-urlencoded", "multipart/form-data")
_DEEPEST: Final = 3
_BODY: Final = "$response.body#"
_SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
# members that hold what an answer is about, whatever that is
_WRAPPERS: Final = frozenset({"data", "result", "results", "item", "items", "records", "value", "values", "content"})
# so many objects around a value are looked into
_MOST_WRAPPED: Final = 2


class Need(Struct, frozen=True):
    """A value that a request must have: a parameter, or with a ``pointer`` a part of the body.

    ``thing`` is of what it is the id, empty when it is none; ``schema`` stands by itself.
    """

    name: str
    thing: str
    schema: dict[str, Any]
    location: str = ""
    pointer: tuple[str, ...] = ()


class Gift(Struct, frozen=True):
    """A value in an answer: its pointer, its name, of what it is the id, and its type."""

    name: str
    thing: str
    type: str
    pointer: tuple[str, ...]


class Link(Struct, frozen=True):
    """What a description says itself: a part of an answer is a parameter of another operation."""

    operation_id: str
    parameter: str
    pointer: tuple[str, ...]


class Body(Struct, frozen=True):
    """The body of a request: its media type, and what must be filled in, which is all of it when it ``is_whole``."""

    content_type: str
    needs: tuple[Need, ...]
    is_whole: bool = False


def things_of(path: str) -> tuple[str, ...]:
    """Return what a path speaks of, from its beginning: `user` and `order` for `/users/{id}/orders`."""
    return tuple(thing_of(segment) for segment in path.split("/") if segment and "{" not in segment)


def main_thing(operation: Operation) -> str:
    """Return what an operation is about: the last thing of its path, or of its server's path where it has none."""
    server = operation.servers[0].url if operation.servers else ""
    things = things_of(operation.path) or things_of(path_of(server))
    return things[-1] if things else ""


def is_filled_in(parameter: ParameterDescription) -> bool:
    """Whether the engine writes a header by itself, as it does the keys of idempotency and a credential."""
    is_given = is_key(parameter.name) or parameter.name.lower() == "authorization"
    return is_own(parameter) or (parameter.location is In.HEADER and is_given)


def parameter_needs(operation: Operation, plain: Plain) -> Iterator[Need]:
    """Yield the parameters that must be given."""
    for each in operation.parameters:
        if (each.required or each.location is In.PATH) and not is_filled_in(each):
            yield need_of(operation, each, plain)


def need_of(operation: Operation, parameter: ParameterDescription, plain: Plain) -> Need:
    """Return a parameter as what a request needs."""
    name, is_in_path = parameter.name, parameter.location is In.PATH
    schema = parameter.schema or (parameter.content.schema if parameter.content is not None else None)
    thing = thing_of_id(name)
    if is_in_path and (is_id(name) or not thing):
        thing = thing or _thing_before(operation.path, name)
    return Need(name, thing, plain.schema(schema), parameter.location)


def _thing_before(path: str, name: str) -> str:
    """Return what the segment before a placeholder speaks of: `/orders/{id}` is about an `order`."""
    before, found, _ = path.partition("{" + name + "}")
    things = things_of(before) if found else ()
    return things[-1] if things else ""


def body_of(operation: Operation, plain: Plain) -> Body | None:
    """Return what the body of a request must be, ``None`` when none must be sent.

    One that must have members is sent, too: few descriptions say of a body that it is required.
    """
    described = operation.request_body
    if described is None or not described.media_types:
        return None
    media_type = _preferred(described.media_types)
    needs = tuple(_members(media_type.schema, plain, ()))
    content_type = "application/json" if "*" in media_type.name else media_type.name
    if needs and _has_members(media_type):
        return Body(content_type, needs)
    if not described.required:
        return None
    return Body(content_type, (Need("body", "", plain.schema(media_type.schema)),), is_whole=True)


def _preferred(media_types: tuple[MediaType, ...]) -> MediaType:
    ranked = (each for wanted in _PREFERRED for each in media_types if wanted in each.name.lower())
    return next(ranked, media_types[0])


def _has_members(media_type: MediaType) -> bool:
    return any(each in media_type.name.lower() for each in _PREFERRED)


def _members(schema: Schema | None, plain: Plain, above: tuple[str, ...]) -> Iterator[Need]:
    """Yield what an object must have, down to values; an object whose parts are not known is one value."""
    if schema is None or plain.has_alternatives(schema):
        return
    members = plain.members(schema)
    for name in plain.required(schema):
        pointer = (*above, name)
        within = tuple(_members(members.get(name), plain, pointer)) if len(pointer) < _DEEPEST else ()
        if within:
            yield from within
        else:
            yield Need(name, thing_of_id(name), plain.schema(members.get(name)), pointer=pointer)


def success_of(operation: Operation) -> ResponseDescription | None:
    """Return the first documented success of an operation."""
    return next((each for each in operation.responses if each.status.startswith("2")), None)


def links_of(operation: Operation, plain: Plain) -> Iterator[Link]:
    """Yield the links of the answer of a success, of those that lead to an operation by its id."""
    success = success_of(operation)
    if success is None:
        return
    for link in as_mapping(plain.part_of(operation, "responses", success.status, "links")).values():
        said = as_mapping(link)
        for name, value in as_mapping(said.get("parameters")).items():
            if isinstance(value, str) and value.startswith(_BODY) and isinstance(said.get("operationId"), str):
                pointer = parse_pointer(value.removeprefix(_BODY))
                yield Link(str(said["operationId"]), name.rpartition(".")[2], pointer)


def gifts_of(operation: Operation, plain: Plain) -> Iterator[Gift]:
    """Yield what the answer of a success gives."""
    success = success_of(operation)
    media_types = success.media_types if success is not None else ()
    schema = next((each.schema for each in media_types if "json" in each.name.lower()), None)
    yield from _given(schema, plain, (), main_thing(operation))


def _given(schema: Schema | None, plain: Plain, above: tuple[str, ...], thing: str) -> Iterator[Gift]:
    if plain.has_alternatives(schema):
        return
    elements = plain.elements(schema)
    if elements is not None:
        if "0" not in above:
            yield from _given(elements, plain, (*above, "0"), thing)
        return
    members = plain.members(schema)
    for name, each in members.items():
        type_ = plain.schema(each).get("type")
        # what may be null is given to nobody who needs a value
        if isinstance(type_, str) and type_ in _SCALARS:
            of = thing_of_id(name) or (thing if is_id(name) else "")
            yield Gift(name, of, type_, (*above, name))
    if len([each for each in above if each != "0"]) < _MOST_WRAPPED:
        for name, each in members.items():
            yield from _given(each, plain, (*above, name), thing if name.lower() in _WRAPPERS else thing_of(name))
