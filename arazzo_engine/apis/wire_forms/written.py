"""A body that is written, and what writes one: the seam between bodies and what they consist of.

Decides nothing: a form and a multipart body have values in them that are bodies themselves, whatever their kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.apis.descriptions.operations import MediaType
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.contents import Content

    # what writes a value within a body, by its media type and what the operation says of it
    Writer: TypeAlias = Callable[[JsonValue, str, MediaType | None], "Body"]


class Body(Struct, frozen=True):
    """A body as it is sent; ``content_type`` is the value of the header."""

    content: Content
    content_type: str
