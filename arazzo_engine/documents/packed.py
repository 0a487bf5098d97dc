"""A value packed into bytes of which any part can be read without the rest: an index, then pieces of JSON.

Decides how a value is cut: the members of a large object become pieces of their own. Each piece has a checksum, so
that damage is never taken for a value. The index itself is read as far as somebody asks. Where the bytes are kept is
not known here.
"""

from __future__ import annotations

import json
from struct import Struct as Layout
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias
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
# A piece, or an object with the index of each member, which is read when it is asked for
_Part: TypeAlias = dict[str, msgspec.Raw] | _Piece
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


class Bytes(Protocol):
    """Bytes of which a part can be had: ``bytes`` are, and a file can be."""

    def __getitem__(self, part: slice, /) -> bytes:
        """Return the bytes from ``part.start`` to ``part.stop``, fewer where they end."""
        ...


class DamagedError(Exception):
    """The bytes are not what was packed."""


class _Written(msgspec.Struct):
    value: JsonValue  # a piece, or an object with the index of each member
    derived: dict[str, _Piece]


class _Index(msgspec.Struct):
    value: msgspec.Raw
    derived: dict[str, _Piece]


def pack(value: JsonValue, derived: Mapping[str, JsonValue]) -> bytes:
    """Return a value and what was derived of it as bytes for ``Packed``."""
    packer = _Packer()
    index = _Written(packer.cut(value), {name: packer.add(json.dumps(each)) for name, each in derived.items()})
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

    __slots__ = ("_data", "_index", "_parts", "_pieces", "_source", "_start", "_text", "_whole")

    def __init__(self, data: Bytes, source: Source) -> None:
        """Open packed bytes; raises ``DamagedError`` when they have no index."""
        self._data = data
        self._index, self._start = _read_index(data)
        self._source = source
        self._parts: dict[Pointer, _Part] = {}
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
            return None if piece is None else msgspec.json.decode(self._bytes(piece))
        except (DamagedError, msgspec.DecodeError):
            return None

    def _find(self, pointer: Pointer) -> Value:
        part = self._part((), self._index.value)
        for depth, token in enumerate(pointer):
            if not isinstance(part, dict):
                return resolve_pointer(self._read(part), pointer[depth:])
            if token not in part:
                return ABSENT
            part = self._part(pointer[: depth + 1], part[token])
        return self._join(part)

    def _part(self, pointer: Pointer, index: msgspec.Raw) -> _Part:
        if pointer not in self._parts:
            self._parts[pointer] = _read_part(index)
        return self._parts[pointer]

    def _join(self, part: _Part) -> JsonValue:
        if isinstance(part, dict):
            return {name: self._join(_read_part(each)) for name, each in part.items()}
        return self._read(part)

    def _read(self, piece: _Piece) -> JsonValue:
        if piece not in self._pieces:
            self._pieces[piece] = json.loads(self._bytes(piece))
        return self._pieces[piece]

    def _bytes(self, piece: _Piece) -> bytes:
        offset, length, checksum = piece
        start = self._start + offset
        data = self._data[start : start + length]
        if crc32(data) != checksum:
            raise DamagedError
        return data


def _read_part(index: msgspec.Raw) -> _Part:
    try:
        part: _Part = msgspec.json.decode(index, type=_Part)
    except msgspec.DecodeError as error:
        raise DamagedError from error
    return part


def _read_index(data: Bytes) -> tuple[_Index, int]:
    head = data[0 : _HEAD.size]
    if len(head) < _HEAD.size:
        raise DamagedError
    length, checksum = _HEAD.unpack(head)
    start = _HEAD.size + length
    encoded = data[_HEAD.size : start]
    if len(encoded) != length or crc32(encoded) != checksum:
        raise DamagedError
    try:
        return msgspec.json.decode(encoded, type=_Index), start
    except msgspec.DecodeError as error:
        raise DamagedError from error
