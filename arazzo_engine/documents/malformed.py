"""Why a text cannot be read, before anybody knows what the document is called.

The parsers raise these; ``reading`` turns them into diagnostics. Offsets are characters from the start of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue


class MalformedText(Exception):  # noqa: N818 - a finding on its way to becoming a diagnostic
    """A text cannot be read: the code of the diagnostic, what is wrong, at which offset, how to fix it."""

    def __init__(self, code: str, message: str, offset: int, fix: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset
        self.fix = fix


class SecondDocument(MalformedText):
    """A text holds several documents of YAML; ``first`` is the value of the first, ``None`` where it is not sound."""

    def __init__(self, offset: int, first: JsonValue) -> None:
        message = "the text holds a second YAML document"
        super().__init__("yaml-feature", message, offset, "keep one document, and remove the `---`")
        self.first = first


class NotJson(MalformedText):
    """A text is not JSON; it may still be YAML in flow style, which looks like JSON."""


class TrailingCommas(NotJson):
    """A text is JSON but for commas behind last entries, at ``offsets``; ``first`` is its value without them."""

    def __init__(self, found: NotJson, offsets: tuple[int, ...], first: JsonValue) -> None:
        super().__init__(found.code, found.message, found.offset, found.fix)
        self.offsets = offsets
        self.first = first


class RepeatedKeys(Exception):  # noqa: N818 - the same
    """A text is well-formed, but at least one of its mappings has a key twice; its outline tells which."""
