"""What an HTTP exchange looks like to the language: the request that a step sends and the response it gets.

Values only. Nothing here knows how a message travels.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from arazzo_engine.documents.values import ABSENT, Value
from arazzo_engine.language.messages.payloads import Payload, parse_payload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.values import JsonValue

Headers: TypeAlias = tuple[tuple[str, str], ...]


class Request(Struct, frozen=True):
    """A request, ready to be sent: ``content`` is the exact bytes, ``payload`` the value they came from.

    ``path`` and ``query`` hold the parameter values as the step gave them, for ``$request.path.x``.
    """

    method: str
    url: str
    headers: Headers = ()
    content: bytes = b""
    payload: Value = ABSENT
    path: Mapping[str, JsonValue] = field(default_factory=dict)
    query: Mapping[str, JsonValue] = field(default_factory=dict)


class Response(Struct, frozen=True, dict=True):
    """A response as it came: the payload is parsed when first asked for."""

    status: int
    headers: Headers = ()
    content: bytes = b""

    @cached_property
    def _parsed(self) -> Payload:
        return parse_payload(self.content, header(self.headers, "content-type"))

    @property
    def payload(self) -> Value:
        """The body as a value, by the response's content type; ``ABSENT`` when there is none."""
        return self._parsed.value

    @property
    def payload_problem(self) -> str | None:
        """Why the body is not what it claims to be, or ``None``. A body that nothing looks at is not parsed."""
        return self._parsed.problem


def header(headers: Headers, name: str) -> str | None:
    """Return the header ``name`` whatever its case, repeated headers joined with ``, ``, or ``None``."""
    folded = name.lower()
    found = [value for key, value in headers if key.lower() == folded]
    return ", ".join(found) if found else None
