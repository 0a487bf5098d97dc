"""The JSON Schemas of each OpenAPI version in the words of JSON Schema 2020-12, one schema object at a time.

Decides what a keyword of OpenAPI 2.0 and 3.0 means in 2020-12, and what a message of one direction does not have to
hold. References are left as they are, and nothing is known here of the schemas around.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.values import as_list
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.values import JsonValue

# OpenAPI 3.0, Schema Object: "The following properties are taken directly from the JSON Schema definition", and those
# whose "definitions were adjusted to the OpenAPI Specification"; others are no keywords there
_OLD_KEYWORDS: Final = frozenset({
    "type", "enum", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
    "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "required",
    "format", "allOf", "oneOf", "anyOf", "not", "items", "properties", "additionalProperties", "$ref",
})  # fmt: skip
# what names a schema is for references, which are followed elsewhere
_NAMES: Final = ("$id", "$anchor", "$dynamicAnchor", "$schema", "$defs", "definitions", "$comment", "$vocabulary")
_LENGTHS: Final = ("minLength", "maxLength", "pattern")
_VERSION: Final = lazy_pattern(r"(2\.0|3\.\d+)(\..*)?")
_KNOWN_DIALECTS: Final = lazy_pattern(
    r"https?://json-schema\.org/draft/2020-12/schema#?|https://spec\.openapis\.org/oas/3\.\d+/dialect/(base|[\d-]+)"
)


class Direction(StrEnum):
    """Which way a message goes."""

    REQUEST = "request"
    RESPONSE = "response"

    @property
    def foreign(self) -> str:
        """The keyword of a property that belongs to messages of the other way."""
        return "readOnly" if self is Direction.REQUEST else "writeOnly"


class Dialect(Struct, frozen=True):
    """What the schemas of a description are written in; ``unread`` names a dialect that is not known."""

    version: str
    unread: str = ""

    @property
    def is_old(self) -> bool:
        """Whether schemas have the keywords of OpenAPI 2.0 and 3.0."""
        return self.version in {"2.0", "3.0"}

    def translate(self, schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Return a schema object in 2020-12; the schemas in it are left as they are."""
        if not self.is_old:
            return _without_lengths({name: each for name, each in schema.items() if name not in _NAMES})
        if "$ref" in schema:
            # "This object cannot be extended with additional properties and any properties added SHALL be ignored."
            return {"$ref": schema["$ref"]}
        kept = {name: each for name, each in schema.items() if name in _OLD_KEYWORDS}
        _exclude(kept, "exclusiveMinimum", "minimum")
        _exclude(kept, "exclusiveMaximum", "maximum")
        if kept.get("type") == "file":
            kept["type"] = "string"
        if not isinstance(kept.get("required", []), list):
            # draft 3 wrote it beside the property, where it now says nothing
            del kept["required"]
        is_nullable = schema.get("nullable") is True or schema.get("x-nullable") is True
        return _with_null(_without_lengths(kept)) if is_nullable else _without_lengths(kept)


def dialect_of(description: Document) -> Dialect:
    """Return the dialect of a description's schemas."""
    versions = (description.content.at((name,)) for name in ("openapi", "swagger"))
    found = next((_VERSION.fullmatch(each) for each in versions if isinstance(each, str)), None)
    if found is None:
        return Dialect("", "its version of OpenAPI")
    own = description.content.at(("jsonSchemaDialect",))
    dialect = Dialect(found[1])
    return Dialect(found[1], f"schemas of the dialect `{own}`") if not dialect.is_old and is_foreign(own) else dialect


def is_foreign(dialect: JsonValue) -> bool:
    """Whether a ``$schema`` or ``jsonSchemaDialect`` names a dialect that is not read."""
    return isinstance(dialect, str) and _KNOWN_DIALECTS.fullmatch(dialect) is None


def _exclude(schema: dict[str, JsonValue], keyword: str, bound: str) -> None:
    # JSON Schema Wright Draft 00: "exclusiveMaximum" is a boolean that says how "maximum" is meant
    if isinstance(schema.get(keyword), bool) and schema.pop(keyword) and bound in schema:
        schema[keyword] = schema.pop(bound)


def _without_lengths(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    # a value holds bytes as base64, which is longer than they are
    is_bytes = schema.get("format") == "binary" or ("contentMediaType" in schema and "contentEncoding" not in schema)
    return {name: each for name, each in schema.items() if name not in _LENGTHS} if is_bytes else schema


# marks what the translation has put around a schema, so that places are those of the text
WRAPPED: Final = "x-wrapped"


def _with_null(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a schema that allows null as well, whatever its other keywords say."""
    if set(schema) <= {"type", "format", *_LENGTHS, "minimum", "maximum", "properties", "items"} and "type" in schema:
        types = schema["type"]
        return {**schema, "type": [*(as_list(types) or [types]), "null"]}
    # "Allows sending a `null` value for the defined schema": tools that write it beside `allOf` or `enum` mean that
    return {WRAPPED: True, "if": {"not": {"type": "null"}}, "then": schema}
