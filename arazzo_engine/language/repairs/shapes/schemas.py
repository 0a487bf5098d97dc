"""The repair of schemas of inputs that are named by an expression: a schema is referred to by ``$ref`` and a URI.

An expression where a schema stands, and a Reusable Object of another one, can only mean that component. Where a source
is, and so what is written for its URL, linking knows. What names nothing is left for the check of the schema to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.repairs.names import entries, members
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

# a component, as an expression or as a URI; schemas are a section of descriptions of APIs, and of some Arazzo documents
_COMPONENT: Final = lazy_pattern(
    r"(?:\$components\.(?P<section>inputs|schemas)\.|#/components/(?P<named>inputs)/)(?P<name>[A-Za-z0-9.\-_]+)"
)
_OF_SOURCE: Final = lazy_pattern(r"\{?\$sourceDescriptions\.(?P<name>[A-Za-z0-9_\-]+)\.url\}?(?P<part>#.*)")
# JSON Schema 2020-12: the members of a schema that are schemas, lists of them and maps of them
_SINGLE: Final = (
    *("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS: Final = ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties")


class _Known(Struct, frozen=True):
    """What a document has that a schema can be named by: its components by section, and the URLs of its sources."""

    components: dict[str, dict[str, JsonValue]]
    urls: dict[JsonValue, JsonValue]


def schemas_by_expression(document: JsonValue) -> Iterator[tuple[Pointer, JsonValue, JsonValue]]:
    """Yield where a schema is named by an expression, what stands there, and the reference that is meant."""
    components = {each: members(members(document, "components"), each) for each in ("inputs", "schemas")}
    sources = [each for each in entries(document, "sourceDescriptions") if isinstance(each, dict)]
    known = _Known(components, {str(each.get("name")): each.get("url") for each in sources})
    for at, schema in _schemas(document, components):
        written = _reference(schema, known)
        if written is not None:
            yield at, schema, written


def _reference(schema: JsonValue, known: _Known) -> JsonValue:
    """Return the schema with a reference by URI, ``None`` where it has one, or names nothing that is there."""
    if isinstance(schema, str):
        uri = _uri(schema, known)
        return None if uri is None else {"$ref": uri}
    if not isinstance(schema, dict):
        return None
    named = "$ref" if "$ref" in schema else "reference"
    text = schema.get(named)
    uri = _uri(text, known) if isinstance(text, str) and text != "" else None
    if uri is None or (uri == text and (named == "$ref" or not uri.startswith("{"))):
        return None
    return {("$ref" if name == named else name): (uri if name == named else each) for name, each in schema.items()}


def _uri(text: str, known: _Known) -> str | None:
    """Return the URI of what a text names: a component, as an expression or as the URI itself; a part of a source."""
    if of_source := _OF_SOURCE.fullmatch(text):
        url = known.urls.get(of_source["name"])
        is_known = isinstance(url, str) and "#" not in url
        return f"{{$sourceDescriptions.{of_source['name']}.url}}{of_source['part']}" if is_known else None
    match = _COMPONENT.fullmatch(text)
    if match is None:
        return None
    section, name = match["section"] or match["named"], match["name"]
    # one in another case is as sure as it is for ids, and no slip is
    components = known.components[section]
    meant = name if name in components else Vocabulary(tuple(components)).in_its_case(name)
    return None if meant is None else f"#/components/{section}/{meant}"


def _schemas(document: JsonValue, components: dict[str, dict[str, JsonValue]]) -> Iterator[tuple[Pointer, JsonValue]]:
    waiting: list[tuple[Pointer, JsonValue]] = [
        (("components", section, name), schema)
        for section in components
        for name, schema in components[section].items()
    ]
    for index, workflow in enumerate(entries(document, "workflows")):
        if isinstance(workflow, dict) and "inputs" in workflow:
            waiting.append((("workflows", str(index), "inputs"), workflow["inputs"]))
    while waiting:
        at, schema = waiting.pop()
        yield at, schema
        if isinstance(schema, dict):
            waiting.extend(((*at, *tokens), each) for tokens, each in _within(schema))


def _within(schema: dict[str, JsonValue]) -> Iterator[tuple[Pointer, JsonValue]]:
    yield from (((name,), schema[name]) for name in _SINGLE if name in schema)
    for name in _LISTS:
        yield from (((name, str(index)), each) for index, each in enumerate(entries(schema, name)))
    for name in _MAPS:
        yield from (((name, key), each) for key, each in members(schema, name).items())
