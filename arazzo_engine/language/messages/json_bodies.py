"""JSON in the body of a message: its value, and what a reader should know of it.

Decides what becomes of a text that is JSON but cannot be held as a whole: the rest of it is read, and told. Whether a
body claims JSON, and what becomes of one that is none, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.json.partial import read_partly
from arazzo_engine.documents.json.text import parse_message
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.messages.charsets import decode_json
from arazzo_engine.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue

Parse: TypeAlias = "Callable[[str], JsonValue]"
Take: TypeAlias = "Callable[[str, Parse], JsonValue]"
_UNREADABLE: Final = f"a number or half a character there cannot be held, or it nests deeper than {DEEPEST}"
_NAMED: Final = 3
_LONGEST_NAME: Final = 60


class JsonBody(Struct, frozen=True):
    """The value of a body and what is wrong with it; ``is_partial`` when something of it could not be read."""

    value: JsonValue
    problem: str | None
    is_partial: bool


def read_json(content: bytes, content_type: str, take: Take) -> JsonBody:
    """Return the value that is taken from the texts of a body.

    Raises ``MalformedText`` and ``UnicodeDecodeError`` when it is no JSON.
    """
    text, is_whole = decode_json(content, content_type)
    reader = _Reader(is_whole=is_whole)
    value = take(text, reader.parse)
    return JsonBody(value, reader.problem, bool(reader.lost))


class _Reader:
    """Reads the texts of one body, and remembers what is wrong with them."""

    def __init__(self, *, is_whole: bool) -> None:
        self._is_whole = is_whole
        self._repeats = False
        self.lost: list[str] = []

    def parse(self, text: str) -> JsonValue:
        try:
            parsed = parse_message(text, DEEPEST)
        except MalformedText:
            return self._parse_partly(text)
        if not self._is_whole:
            return self._parse_partly(text)
        self._repeats = self._repeats or parsed.repeats
        return parsed.value

    def _parse_partly(self, text: str) -> JsonValue:
        read = read_partly(text, DEEPEST)
        if read is None:
            # tells why
            parse_message(text, DEEPEST)
            raise MalformedText("undecodable", "it is not in its charset", 0)
        self.lost += read.lost
        self._repeats = self._repeats or read.repeats
        return read.value

    @property
    def problem(self) -> str | None:
        if self.lost:
            named = ", ".join(f"`{_shown(each)}`" for each in self.lost[:_NAMED])
            more = f" and {len(self.lost) - _NAMED} more" if len(self.lost) > _NAMED else ""
            return f"is read without {named}{more}: {_UNREADABLE}"
        # RFC 8259, section 4: "When the names within an object are not unique, the behavior of software that receives
        # such an object is unpredictable."
        return "names a member twice: the last one counts" if self._repeats else None


def _shown(pointer: str) -> str:
    return one_line(pointer.encode("utf-8", errors="backslashreplace").decode(), _LONGEST_NAME)
