"""How a value is written where it comes to stand: as JSON, or as YAML in the manner of what is around it.

Decides what stands in one line and what takes several. Where in the text that is, is not known here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.editing.nodes import Style
from arazzo_engine.documents.editing.scalars import double_quoted, write_scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue

# a collection of scalars that is wider takes several lines
_WIDEST: Final = 60


class Writer(Struct, frozen=True):
    """How values are written in one text: whether it is JSON, and what ends its lines."""

    is_json: bool
    line_end: str

    def scalar(self, value: JsonValue, style: Style = Style.PLAIN, *, in_flow: bool = False) -> str:
        """Return a scalar, in the style that it had."""
        if self.is_json:
            return double_quoted(value) if isinstance(value, str) else json.dumps(value)
        return write_scalar(value, style, in_flow=in_flow)

    def flow(self, value: JsonValue) -> str:
        """Return a value in one line, as it stands within braces."""
        match value:
            case dict():
                return "{" + ", ".join(self.member(name, each) for name, each in value.items()) + "}"
            case list():
                return "[" + ", ".join(map(self.flow, value)) + "]"
            case _:
                return self.scalar(value, in_flow=True)

    def member(self, name: str, value: JsonValue) -> str:
        """Return a member as it stands within braces."""
        return f"{self.scalar(name, in_flow=True)}: {self.flow(value)}"

    def block_member(self, name: str, value: JsonValue, column: int) -> str:
        """Return a member of a mapping whose keys stand at a column; of its lines, the first has no indentation."""
        key = self.scalar(name)
        if self._is_short(value):
            return f"{key}: {self._inline(value)}"
        return f"{key}:{self._new_line(column + 2)}{self.block(value, column + 2)}"

    def block(self, value: JsonValue, column: int) -> str:
        """Return a value that begins at a column, in several lines if it is long."""
        if self._is_short(value):
            return self._inline(value)
        return self._new_line(column).join(self._lines(value, column))

    def _lines(self, value: JsonValue, column: int) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (self.block_member(name, each, column) for name, each in value.items())
        else:
            yield from (f"- {self.block(each, column + 2)}" for each in value)

    def _inline(self, value: JsonValue) -> str:
        return self.flow(value) if isinstance(value, dict | list) else self.scalar(value)

    def _new_line(self, column: int) -> str:
        return self.line_end + " " * column

    def _is_short(self, value: JsonValue) -> bool:
        if not isinstance(value, dict | list):
            return True
        inner = value.values() if isinstance(value, dict) else value
        return not value or (not any(isinstance(each, dict | list) for each in inner) and self._is_narrow(value))

    def _is_narrow(self, value: JsonValue) -> bool:
        return len(self.flow(value)) <= _WIDEST
