"""A value packed into bytes of which any part can be read without the rest: an index, then pieces of JSON.

Decides how a value is cut: the members of a large object become pieces of their own. Each piece has a checksum, so
that damage is never taken for a value. Where the bytes are kept is not known here.
"""

from __future__ import annotations

import json
from struct import Struct as Layout
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias
from zlib import crc32

import msgspec

from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value

# Where a piece begins, its length, and its checksum
_Piece: TypeAlias = tuple[int, int, int]
# The length of the index and its checksum stand before it
_HEAD: Final = Layout(">QI")
_LARGE: Final = 16_384  # characters of JSON
_DEEPEST: Final = 6  # objects within each other; cutting deeper would write a large value again and again
_MANY: Final = 64  # members


class Source(Protocol):
    """The text that a packed value was read from."""

    @property
    def text(self) -> str:
        """The text."""
        ...

    def reread(self) -> JsonValue:
        """Return the value, read from the text again."""
        ...


class DamagedError(Exception):
    """The bytes are not what was packed."""


class _Index(msgspec.Struct):
    value: Any  # a piece, or an object with the index of each member
    derived: dict[str, _Piece]


def pack(value: JsonValue, derived: Mapping[str, JsonValue]) -> bytes:
    """Return a value and what was derived of it as bytes for ``Packed``."""
    packer = _Packer()
    index = _Index(packer.cut(value), {name: packer.add(json.dumps(each)) for name, each in derived.items()})
    encoded = msgspec.json.encode(index)
    return b"".join((_HEAD.pack(len(encoded), crc32(encoded)), encoded, *packer.pieces))


class _Packer:
    __slots__ = ("length", "pieces")

    def __init__(self) -> None:
        self.length = 0
        self.pieces: list[bytes] = []

    def cut(self, value: JsonValue, depth: int = 0) -> JsonValue:
        """Return the index of a value: a piece, or an object with the index of each member."""
        if not isinstance(value, dict) or depth == _DEEPEST:
            return self.add(json.dumps(value))
        text = "" if len(value) > _MANY else json.dumps(value)
        if 0 < len(text) <= _LARGE:
            return self.add(text)
        return {name: self.cut(each, depth + 1) for name, each in value.items()}

    def add(self, text: str) -> _Piece:
        """Append a piece."""
        piece = text.encode("ascii")
        self.pieces.append(piece)
        self.length += len(piece)
        return self.length - len(piece), len(piece), crc32(piece)


class Packed:
    """A packed value, read a part at a time; from its text again should a part be damaged."""

    __slots__ = ("_data", "_index", "_pieces", "_source", "_start", "_text", "_whole")

    def __init__(self, data: bytes, source: Source) -> None:
        """Open packed bytes; raises ``DamagedError`` when they have no index."""
        self._data = data
        self._index, self._start = _read_index(data)
        self._source = source
        self._pieces: dict[_Piece, JsonValue] = {}
        self._whole: list[JsonValue] = []
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The text that was packed."""
        if self._text is None:
            self._text = self._source.text
        return self._text

    def at(self, pointer: Pointer) -> Value:
        """Return a part of the value."""
        if not self._whole:
            try:
                return self._find(pointer)
            except DamagedError:
                self._whole.append(self._source.reread())
        return resolve_pointer(self._whole[0], pointer)

    def derived(self, name: str) -> JsonValue:
        """Return what was packed with the value."""
        piece = self._index.derived.get(name)
        try:
            return None if piece is None else self._read(piece)
        except DamagedError:
            return None

    def _find(self, pointer: Pointer) -> Value:
        part = self._index.value
        for depth, token in enumerate(pointer):
            if not isinstance(part, dict):
                return resolve_pointer(self._read(part), pointer[depth:])
            if token not in part:
                return ABSENT
            part = part[token]
        return self._join(part)

    def _join(self, part: JsonValue) -> JsonValue:
        if isinstance(part, dict):
            return {name: self._join(each) for name, each in part.items()}
        return self._read(part)

    def _read(self, piece: JsonValue) -> JsonValue:
        key = tuple(piece)
        if key not in self._pieces:
            self._pieces[key] = self._decode(*piece)
        return self._pieces[key]

    def _decode(self, offset: int, length: int, checksum: int) -> JsonValue:
        start = self._start + offset
        data = self._data[start : start + length]
        if crc32(data) != checksum:
            raise DamagedError
        return json.loads(data)


def _read_index(data: bytes) -> tuple[_Index, int]:
    if len(data) < _HEAD.size:
        raise DamagedError
    length, checksum = _HEAD.unpack_from(data)
    start = _HEAD.size + length
    encoded = data[_HEAD.size : start]
    if len(encoded) != length or crc32(encoded) != checksum:
        raise DamagedError
    try:
        return msgspec.json.decode(encoded, type=_Index), start
    except msgspec.DecodeError as error:
        raise DamagedError from error
