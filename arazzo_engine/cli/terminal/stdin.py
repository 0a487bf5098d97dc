"""Documents that are piped in: what stands for one among the locations, what it is called, and where it could be.

Decides what cannot be meant, and in which bytes a text goes back to where it came from. What a document says is not
known here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct

from arazzo_engine.documents.byte_order_marks import split_mark
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.reporting.findings.checks import PIPED
from arazzo_engine.world.loading.disk_files import is_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

# the location that is stdin
STDIN: Final = "-"
# other names of it, and of what a shell has opened for `<(...)`
_DESCRIPTOR: Final = lazy_pattern(r"/dev/(?:stdin|fd/(\d+))|/proc/self/fd/(\d+)")


class Piped(Struct, frozen=True):
    """A document that is piped in: its bytes, what it is called, and the file or URL that it could have come from."""

    content: bytes
    name: str
    base: str

    @property
    def text(self) -> str:
        """The text; a byte that is none of it is left for the reader to tell."""
        return self.content.decode(*self._encoding)[len(self._mark) :]

    def encoded(self, text: str) -> bytes:
        """Return another text in the bytes that this one came in."""
        return (self._mark + text).encode(*self._encoding)

    @property
    def _mark(self) -> str:
        return "" if split_mark(self.content)[0] is None else "\ufeff"

    @property
    def _encoding(self) -> tuple[str, str]:
        encoding, _ = split_mark(self.content)
        is_utf_16 = encoding not in {None, "UTF-8"} and len(self.content) % 2 == 0
        return (f"{encoding}", "surrogatepass") if is_utf_16 else ("UTF-8", "surrogateescape")


def is_stdin(location: str | None) -> bool:
    """Whether this is what comes from stdin."""
    return location is not None and _number(location) == 0


def name_of(location: str) -> str:
    """Return what a location is called: of a document that is piped in, a name that nothing else has."""
    number = _number(location)
    if number is None:
        return location
    return f"<pipe {number}>" if number else PIPED


def read_documents(locations: Sequence[str], base: str | None) -> dict[str, Piped]:
    """Return the documents among the locations that are piped in, each read once.

    Raises ``click.UsageError`` for what cannot be meant.
    """
    piped = [each for each in dict.fromkeys(locations) if _number(each) is not None]
    if base is not None and not piped:
        raise click.UsageError("`--base` is for a document from stdin, which is named `-`")
    return {each: Piped(_read(each), name_of(each), _placed(base or "", name_of(each))) for each in piped}


def read_document(location: str, base: str | None, inputs_file: str | None = None) -> Piped | None:
    """Return the document that is piped in, ``None`` for one that has a place.

    Raises ``click.UsageError`` for what cannot be meant.
    """
    if is_stdin(location) and is_stdin(inputs_file):
        raise click.UsageError("the document and the inputs cannot both come from stdin: name a file for one of them")
    return read_documents([location], base).get(location)


def check_watched(locations: Sequence[str]) -> None:
    """Raise ``click.UsageError`` for what cannot be read again."""
    if any(_number(each) is not None for each in locations):
        raise click.UsageError("`--watch` reads a document again, and what is piped in is read once: name a file")


def _number(location: str) -> int | None:
    """Return the number of the file that a shell has opened under this name, 0 for stdin."""
    if location == STDIN:
        return 0
    found = _DESCRIPTOR.fullmatch(location)
    return None if found is None else int(found[1] or found[2] or 0)


def _read(location: str) -> bytes:
    try:
        if _number(location):
            return Path(location).read_bytes()
        buffer = getattr(sys.stdin, "buffer", None)
        return sys.stdin.read().encode("utf-8", "surrogateescape") if buffer is None else bytes(buffer.read())
    except OSError as error:
        raise click.UsageError(f"{name_of(location)} cannot be read: {error.strerror}") from error


def _placed(base: str, name: str) -> str:
    """Return where a document could be: of a folder, a file in it, which nothing else is called."""
    return str(Path(base) / name) if is_folder(Path(base)) else base
