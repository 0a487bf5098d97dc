"""Which of several schemas is the one of a value, by a member that tells them apart: OpenAPI's ``discriminator``.

Decides it where that member is known and names one of them: by its ``mapping``, by the name of a schema, or since all
others have another value there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.descriptions.resources import resource_of
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.schemas.parts import UnreadSchemaError, properties
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.uris import resolve_uri
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.documents.values import JsonValue

# where descriptions have their schemas by names
_SHELVES: Final = frozenset({"schemas", "definitions"})
_LOCAL: Final = lazy_pattern(r"(?:#/(?:components/schemas|definitions)/)?(?P<name>[A-Za-z0-9._\-]+)")


def told_apart(
    whole: tuple[Schema, ...], alternatives: tuple[Schema, ...], value: JsonValue, parts: Parts
) -> Schema | None:
    """Return the alternative that a value names, ``None`` where it names none; ``whole`` are those that list them."""
    for part in whole:
        discriminator = as_mapping(as_mapping(part.value).get("discriminator"))
        member = discriminator.get("propertyName")
        name = as_mapping(value).get(member) if isinstance(member, str) else None
        if isinstance(name, str) and isinstance(member, str):
            mapped = as_mapping(discriminator.get("mapping")).get(name)
            named = [each for each in alternatives if _is_named(each, name, mapped)]
            found = named or [each for each in alternatives if _may_be(each, member, name, parts)]
            return found[0] if len(found) == 1 else None
    return None


def inheriting(whole: tuple[Schema, ...], value: JsonValue, parts: Parts) -> tuple[Schema, ...]:
    """Return what holds besides of a value that names a schema which inherits from one of these by its ``allOf``.

    OpenAPI 3.0.3, Discriminator Object: "the value will correspond to the name of a schema"; OpenAPI 2.0, Schema
    Object, discriminator: "the value MUST be the name of this schema or any schema that inherits it." One that names
    another schema has nothing besides.
    """
    for part in whole:
        name = _named_by(as_mapping(part.value).get("discriminator"), value)
        schema = _beside(part, name) if name else None
        if schema is not None:
            found = {each.at: each for each in parts.together(schema)}
            known = {each.at for each in whole}
            return tuple(each for at, each in found.items() if at not in known) if part.at in found else ()
    return ()


def _named_by(discriminator: JsonValue, value: JsonValue) -> str:
    """Return the name of the schema that a value names, an empty one where it names none of those beside."""
    said = as_mapping(discriminator)
    member = discriminator if isinstance(discriminator, str) else said.get("propertyName")
    name = as_mapping(value).get(member) if isinstance(member, str) else None
    mapped = as_mapping(said.get("mapping")).get(name, name) if isinstance(name, str) else None
    match = _LOCAL.fullmatch(mapped) if isinstance(mapped, str) else None
    return "" if match is None else match["name"]


def _beside(base: Schema, name: str) -> Schema | None:
    """Return the schema of a name where the one stands that has, or is a part of what has, a discriminator."""
    pointer = base.at.pointer
    around = pointer[: pointer.index("allOf") - 1] if "allOf" in pointer else pointer[:-1]
    place = Place(base.at.document, (*around, name))
    value = value_at(place) if around and around[-1] in _SHELVES else None
    return Schema(place, value) if isinstance(value, dict) else None


def _is_named(alternative: Schema, name: str, mapped: JsonValue) -> bool:
    """Whether a schema is the one that a value of the member stands for.

    OpenAPI 3.0.3, Discriminator Object: "the value will correspond to the name of a schema defined in the OAS
    document", where the mapping has no other for it.
    """
    reference = as_mapping(alternative.value).get("$ref")
    if not isinstance(reference, str):
        return False
    implicit = reference.rpartition("/")[2]
    if not isinstance(mapped, str):
        return implicit == name
    base = resource_of(alternative.at)[0]
    return mapped in {reference, implicit} or resolve_uri(base, mapped) == resolve_uri(base, reference)


def _may_be(alternative: Schema, member: str, name: str, parts: Parts) -> bool:
    """Whether the schema of a member takes a name, as far as it lists what it takes."""
    try:
        named = properties(tuple(parts.together(alternative)), member)
        listed = [as_mapping(part.value) for each in named for part in parts.together(each)]
    except UnreadSchemaError:
        return True
    return all(each.get("const", name) == name and name in as_list(each.get("enum", [name])) for each in listed)
