"""Rows as JSON lines: an object of inputs on each line.

Decides nothing about the inputs. What a line holds may be secret, so what is told of one that is no JSON is where it
breaks off.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.json.text import parse_message
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.secret_texts import read_secret_document
from arazzo_engine.language.reading.nodes import type_name
from arazzo_engine.world.batches.rows import MalformedRow, Read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.diagnostics import Location
    from arazzo_engine.world.batches.rows import Lines

_FIX = "write one JSON object on each line; the text is not shown, for it may be secret"


class JsonLines:
    """Reads JSON lines."""

    def __init__(self, name: str) -> None:
        self._name = name

    def begin(self, lines: Lines) -> None:
        """Nothing stands before the rows."""

    def take(self, lines: Lines) -> bytes:
        """Return a line."""
        return lines.next().rstrip(b"\r\n")

    def read(self, text: str, line: int) -> Read:
        """Return the inputs on a line."""
        try:
            parsed = parse_message(text, DEEPEST)
        except MalformedText as malformed:
            what = "nests too deep" if malformed.code == "document-too-deep" else "is not JSON"
            raise MalformedRow(what, 0, min(malformed.offset, len(text)) + 1, _FIX) from None
        if not isinstance(parsed.value, dict):
            column = len(text) - len(text.lstrip()) + 1
            raise MalformedRow(f"must be an object, not {type_name(parsed.value)}", 0, column, _FIX)
        if parsed.repeats:
            raise MalformedRow("names an input twice", 0, 1, "remove one of the two")
        return Read(parsed.value, partial(_places, self._name, text, line))


def _places(name: str, text: str, line: int) -> Mapping[str, Location]:
    document = read_secret_document(text.encode(), Path("row.json").absolute().as_uri(), name)
    members = document.value if isinstance(document.value, dict) else {}
    found = {each: document.root().child(each).location() for each in members}
    return {each: replace(at, uri=name, line=line) for each, at in found.items()}
