"""A JSON Schema of a description, and what it says about how a value is written.

Values only: ``shapes`` makes the one from the other. A schema is kept as it is written, with its place, so that its
references can be followed when somebody needs what they lead to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.documents.values import ABSENT, Value
from arazzo_engine.language.messages.payloads import is_text

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue


class Schema(Struct, frozen=True):
    """A JSON Schema of a description, unresolved: ``value`` as written, ``at`` its place for ``$ref`` s."""

    at: Place
    value: JsonValue


class Xml(Struct, frozen=True):
    """How a value becomes XML; ``node_type`` is that of OpenAPI 3.2, empty for the default."""

    name: str = ""
    namespace: str = ""
    prefix: str = ""
    node_type: str = ""


class Shape(Struct, eq=False):
    """What a schema says; shapes of recursive schemas refer to each other.

    ``name`` is that of the component the schema is, ``fixed`` the only value that it allows or its default, ``types``
    what a value may be by any of its parts, and ``prefix`` the elements of a list by position. An element that
    ``names_itself`` bears its own name under any property; one that ``wraps`` another has that within itself.
    """

    name: str = ""
    type: str = ""
    types: set[str] = field(default_factory=set)
    format: str = ""
    content_encoding: str = ""
    content_media_type: str = ""
    is_described: bool = False
    fixed: Value = ABSENT
    xml: Xml = Xml()
    properties: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    prefix: list[Shape] = field(default_factory=list)
    additional: Shape | None = None
    names_itself: bool = False
    wraps: Shape | None = None

    @property
    def is_binary(self) -> bool:
        """Whether the value is bytes, which a JSON value can only hold as base64."""
        if self.format == "binary":
            return True
        # OpenAPI 3.1 migrates `format: binary` to `contentMediaType` without `contentEncoding`
        kind = self.content_media_type
        return bool(kind) and not self.content_encoding and not is_text(kind)

    @property
    def is_base64(self) -> bool:
        """Whether the value is a text that holds bytes."""
        return self.format == "byte" or self.content_encoding in {"base64", "base64url"}

    def of(self, name: str) -> Shape | None:
        """Return the shape of a member."""
        return self.properties.get(name, self.additional)

    def at(self, index: int) -> Shape | None:
        """Return the shape of an element."""
        return self.prefix[index] if index < len(self.prefix) else self.items

    def element_name(self, name: str) -> str:
        """Return what its element or attribute is called in XML, under the property ``name``."""
        return self.xml.name or (self.name if self.names_itself else name)
