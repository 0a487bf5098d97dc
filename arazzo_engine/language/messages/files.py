"""Bytes among the values of a run: a file that was given as an input, and an answer in bytes.

Decides what they are as text, where a JSON value has to hold them, and how they are shown. How a request holds them is
decided elsewhere. A file is read through its source, as often as it is written, and no part of it is kept.
"""

from __future__ import annotations

import base64
import operator
import re
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import quote

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.typed import Reticent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.documents.values import JsonValue

_MEDIA_TYPE: Final = lazy_pattern(r"[\w.+-]+/[\w.+-]+(;[\w.+-]+=[\w.+-]+)*", re.ASCII)
OCTETS: Final = "application/octet-stream"
# what a report shows whole; of more, it says how much there is
LARGEST_SHOWN: Final = 65_536
# whole groups of base64, so that pieces of a text are the text
_GROUPS: Final = 3 * 16_384


class Source(Protocol):
    """Where the bytes of a file come from."""

    def check(self) -> None:
        """Raise ``ChangedError`` when the bytes are not those that were."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes from the first to the last; raises ``ChangedError`` before the last of others."""
        ...


class ChangedError(Exception):
    """A file is not what it was when it was checked; its text says why."""


class Held(Struct, frozen=True):
    """Bytes that are in memory anyway."""

    data: bytes

    def check(self) -> None:
        """Do nothing: they cannot change."""

    def chunks(self) -> Iterator[bytes]:
        """Yield them."""
        yield self.data


class Notation(Enum):
    """How a text holds bytes."""

    DATA_URL = "a data: URL"
    BASE64 = "base64"
    TEXT = "text"


class File(Reticent, frozen=True):
    """Bytes, with their media type and the name of the file they come from when these are known.

    ``notation`` is what a JSON value holds them as. ``digest`` is their SHA-256, in hexadecimal digits.
    """

    source: Source
    size: int
    digest: str
    media_type: str = ""
    name: str = ""
    notation: Notation = Notation.DATA_URL

    def _shown(self) -> str:
        return f"{self.size:,} bytes"

    @property
    def is_text(self) -> bool:
        """Whether the text that stands for it is one to others, too: a ``data:`` URL is a notation of the engine."""
        return self.notation is not Notation.DATA_URL

    def in_base64(self) -> File:
        """Return the same file, which a JSON value holds as base64."""
        return replace(self, notation=Notation.BASE64)

    def data(self) -> bytes:
        """Return the bytes."""
        return b"".join(self.source.chunks())

    def text(self) -> str:
        """Return the text that stands for the bytes."""
        if self.notation is Notation.TEXT:
            return self.data().decode()
        return b"".join((self.text_before(), *base64_of(self.source.chunks()))).decode("ascii")

    def text_before(self) -> bytes:
        """Return what stands before the base64 in the text."""
        if self.notation is Notation.BASE64:
            return b""
        name = f";name={quote(self.name, safe='')}" if self.name else ""
        # RFC 2397: what a parameter quotes cannot stand there
        kind = self.media_type.replace(" ", "")
        kind = kind if _MEDIA_TYPE.fullmatch(kind) else kind.partition(";")[0]
        return f"data:{kind}{name};base64,".encode("ascii", errors="replace")

    def summary(self) -> str:
        """Return how much there is of it, and what it is."""
        count = "1 byte" if self.size == 1 else f"{self.size:,} bytes"
        return f"<{count}{f' of {self.name}' if self.name else ''}, sha256 {self.digest}>"


class EncodedBytes(str):
    """The base64 that an answer in bytes is shown as, which knows that it is one, and of which media type."""

    __slots__ = ("media_type",)
    media_type: str


def encoded_bytes(content: bytes, media_type: str) -> EncodedBytes:
    """Return an answer in bytes as a value."""
    text = EncodedBytes(base64.b64encode(content).decode("ascii"))
    text.media_type = media_type
    return text


class TextOfBytes(str):
    """A text that is sent as its own bytes where bytes are sent; anywhere else it is the text that it is."""

    __slots__ = ()


def held_file(data: bytes, media_type: str = "", name: str = "") -> File:
    """Return bytes that are in memory as a file."""
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, which few need

    return File(Held(data), len(data), sha256(data).hexdigest(), media_type, name)


def base64_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the base64 of bytes that come in chunks."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        whole = len(rest) - len(rest) % 3
        yield from (base64.b64encode(rest[at : min(at + _GROUPS, whole)]) for at in range(0, whole, _GROUPS))
        rest = rest[whole:]
    yield base64.b64encode(rest)


def base64_size(size: int) -> int:
    """Return how long the base64 of so many bytes is."""
    return -(-size // 3) * 4


def files_in(value: JsonValue) -> Iterator[File]:
    """Yield every file in a value, each once."""
    return (each for each in leaves_in(value) if isinstance(each, File))


def leaves_in(value: JsonValue) -> Iterator[JsonValue]:
    """Yield what a value holds that holds nothing itself, each once."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        # a value that a run puts together may hold another one again and again
        if id(each) in seen:
            continue
        seen.add(id(each))
        match each:
            case dict():
                waiting.extend(each.values())
            case list():
                waiting.extend(each)
            case _:
                yield each


def plain(value: JsonValue) -> JsonValue:
    """Return a value as JSON alone has it: what knows that it is bytes becomes the text that stands for them."""
    return Replacing(File.text).of(value)


def shown(value: JsonValue) -> JsonValue:
    """Return a value as a report has it: as ``plain`` does, but of a large file how much there is."""
    return Replacing(lambda file: file.text() if file.size <= LARGEST_SHOWN else file.summary()).of(value)


def secret_texts(file: File) -> Iterator[str]:
    """Yield the texts by which a file that is secret would be known; of a large one, no part is ever shown."""
    if file.size > LARGEST_SHOWN:
        return
    yield file.text()
    data = file.data()
    yield base64.b64encode(data).decode("ascii")
    with suppress(UnicodeDecodeError):
        yield data.decode().strip()


class Replacing(Struct):
    """Puts texts in place of the files in a value, and leaves what holds none as it is."""

    write: Callable[[File], str]
    _done: dict[int, JsonValue] = field(default_factory=dict)

    def of(self, value: JsonValue) -> JsonValue:
        """Return the value with a text for each file."""
        match value:
            case File():
                return self.write(value)
            case EncodedBytes():
                return str(value)
            case dict() | list():
                # as above
                if id(value) not in self._done:
                    self._done[id(value)] = self._of_all(value)
                return self._done[id(value)]
            case _:
                return value

    def _of_all(self, value: dict[str, JsonValue] | list[JsonValue]) -> JsonValue:
        if isinstance(value, dict):
            members = {name: self.of(member) for name, member in value.items()}
            return value if all(members[name] is value[name] for name in value) else members
        elements = list(map(self.of, value))
        return value if all(map(operator.is_, elements, value)) else elements
