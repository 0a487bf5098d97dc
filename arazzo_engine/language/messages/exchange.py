"""What an HTTP exchange looks like to the language: the request that a step sends and the response it gets.

Values only. Nothing here knows how a message travels.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import field

from arazzo_engine.documents.pointers import Pointer, resolve_pointer
from arazzo_engine.documents.values import ABSENT, JsonValue, Value
from arazzo_engine.language.messages.contents import Content
from arazzo_engine.language.messages.payloads import Payload, is_xml, listed_types, parse_payload
from arazzo_engine.language.messages.xml_elements import part_of_xml, read_xml
from arazzo_engine.typed import Reticent

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Headers: TypeAlias = tuple[tuple[str, str], ...]
# RFC 9110, section 6.4.1: "All 1xx (Informational), 204 (No Content), and 304 (Not Modified) responses do not include
# content", and section 15.3.6: "a server MUST NOT generate content in a 205 response"
WITHOUT_CONTENT: Final = frozenset({204, 205, 304})


class Request(Reticent, frozen=True):
    """A request, ready to be sent: ``content`` is the exact bytes, ``payload`` the value that they came from.

    A body with files in it is read from them while it is sent; ``bytes(content)`` reads it at once.

    ``path`` and ``query`` hold the parameter values as the step gave them, for ``$request.path.x``.
    """

    method: str
    url: str
    headers: Headers = ()
    content: Content = b""
    payload: Value = ABSENT
    path: Mapping[str, JsonValue] = field(default_factory=dict)
    query: Mapping[str, JsonValue] = field(default_factory=dict)

    def _shown(self) -> str:
        # what stands before the host and what follows it may be a secret
        scheme, _, rest = self.url.partition("://")
        host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
        return f"{self.method} {scheme}://{host}, {_size(self.content)}"


class Response(Reticent, frozen=True, dict=True):
    """A response as it came: the payload is parsed when first asked for."""

    status: int
    headers: Headers = ()
    content: bytes = b""

    def _shown(self) -> str:
        return f"{self.status}, {_size(self.content)}"

    @cached_property
    def _parsed(self) -> Payload:
        return parse_payload(self.content, header(self.headers, "content-type"))

    @property
    def payload(self) -> Value:
        """The body as a value, by the response's content type; ``ABSENT`` when there is none."""
        return self._parsed.value

    def part(self, pointer: Pointer) -> Value:
        """Return the part of the payload that a pointer names; in XML, it names elements."""
        if not isinstance(self.payload, str) or not is_xml(self.content_type or ""):
            return ABSENT if self.payload is ABSENT else resolve_pointer(self.payload, pointer)
        return ABSENT if self._root is None else part_of_xml(self._root, pointer)

    @cached_property
    def _root(self) -> Element | None:
        return read_xml(self.payload) if isinstance(self.payload, str) else None

    @property
    def content_type(self) -> str | None:
        """The content type that the body is read as: of several, the one that it is; ``None`` when none is named."""
        claimed = listed_types(header(self.headers, "content-type") or "")
        return (self._parsed.content_type or claimed[0]) if claimed else None

    @property
    def payload_problem(self) -> str | None:
        """Why the body is not what it claims to be, or ``None``. A body that nothing looks at is not parsed."""
        return self._parsed.problem


def _size(content: Content) -> str:
    return f"{len(content)} byte{'' if len(content) == 1 else 's'}"


def header(headers: Headers, name: str) -> str | None:
    """Return the header ``name`` whatever its case, repeated headers joined with ``, ``, or ``None``."""
    folded = name.lower()
    found = [value for key, value in headers if key.lower() == folded]
    return ", ".join(found) if found else None
