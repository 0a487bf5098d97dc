"""Writing a part of a scalar anew: the characters that stay keep their escapes, their folds and their indentation.

Decides which characters of the text stand for which of the value. Where that cannot be told, there is no patch, and
the scalar is written as a whole.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.editing.nodes import BLOCKS, Node, Style
from arazzo_engine.documents.editing.scalars import double_quoted
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUNS: Final = lazy_pattern(r"\S+|\s+")
_IN_SINGLE: Final = lazy_pattern(r"''|\S|\s+")
_ESCAPE: Final = (
    r"\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}"
    r"|\\U[0-9a-fA-F]{8}|\\\r?\n[ \t]*|\\."
)
_IN_DOUBLE: Final = lazy_pattern(rf"{_ESCAPE}|[ \t]*\r?\n\s*|.", re.DOTALL)
_ESCAPED: Final = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


class Splice(Struct, frozen=True, order=True):
    """Characters of a text that give way to others."""

    start: int
    end: int
    text: str


class _Piece(Struct, frozen=True):
    """Characters of the text, and what they stand for."""

    start: int
    end: int
    value: str


def patch(text: str, node: Node, value: str, line_end: str) -> list[Splice] | None:
    """Return what makes a scalar say another text, ``None`` when it has to be written as a whole."""
    # the first line of a block says how far all of them are indented
    pieces = None if node.style in BLOCKS and value[:1].isspace() else _pieces(text, node)
    if pieces is None or "".join(piece.value for piece in pieces) != node.text:
        return None
    before, after = node.text.splitlines(keepends=True), value.splitlines(keepends=True)
    if len(before) != len(after):
        before, after = [node.text], [value]
    splices: list[Splice] = []
    for start, one, other in zip(accumulate(map(len, before), initial=0), before, after, strict=False):
        if one != other:
            splice = _patched(pieces, (start, one, other), _Hand(node, text, line_end))
            if splice is None:
                return None
            splices.append(splice)
    return splices


class _Hand(Struct, frozen=True):
    """How characters are written in a scalar; ``None`` for those that cannot be."""

    node: Node
    text: str
    line_end: str

    def write(self, value: str) -> str | None:
        match self.node.style:
            case Style.DOUBLE:
                return double_quoted(value)[1:-1]
            case Style.LITERAL if self._indentation is not None:
                return value.replace("\n", self.line_end + self._indentation)
            case _ if "\n" in value:
                return None
            case Style.SINGLE:
                return value.replace("'", "''")
            case _:
                return value

    @property
    def _indentation(self) -> str | None:
        found = re.search(r"\n( +)\S", self.text[self.node.start : self.node.end])
        return found[1] if found else None


def _patched(pieces: list[_Piece], change: tuple[int, str, str], hand: _Hand) -> Splice | None:
    """Return the least that has to be written: the pieces with characters that differ."""
    start, one, other = change
    head = _shared(one, other)
    tail = _shared(one[head:][::-1], other[head:][::-1])
    if head + tail == len(one):
        # what is only put in is written together with the character before it, or behind it
        head, tail = (head - 1, tail) if head else (head, tail - 1)
    first, last = start + head, start + len(one) - tail
    offsets = list(accumulate((len(piece.value) for piece in pieces), initial=0))
    touched = [index for index, piece in enumerate(pieces) if offsets[index] < last and offsets[index + 1] > first]
    # the line end of a block that none of its characters stands for cannot be taken away
    if not touched or pieces[touched[-1]].start == pieces[touched[-1]].end:
        return None
    low, high = touched[0], touched[-1]
    kept_before = one[max(0, offsets[low] - start) : head]
    kept_after = one[last - start : max(last, offsets[high + 1]) - start]
    written = hand.write(kept_before + other[head : len(other) - tail] + kept_after)
    return None if written is None else Splice(pieces[low].start, pieces[high].end, written)


def _shared(one: str, other: str) -> int:
    return next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _pieces(text: str, node: Node) -> list[_Piece] | None:
    match node.style:
        case Style.DOUBLE:
            matches = _IN_DOUBLE.finditer(text, node.start + 1, node.end - 1)
            return [_Piece(match.start(), match.end(), _meant(match[0])) for match in matches]
        case Style.SINGLE:
            return _aligned(_IN_SINGLE, text, (node.start + 1, node.end - 1), node.text)
        case Style.PLAIN | Style.LITERAL | Style.FOLDED:
            start = text.find("\n", node.start, node.end) if node.style in BLOCKS else node.start
            # what is between the lines of a block and its first character is its indentation
            start += len(text[start : node.end]) - len(text[start : node.end].lstrip())
            return None if start < node.start else _aligned(_RUNS, text, (start, node.end), node.text)
        case _:
            return None


def _aligned(pattern: re.Pattern[str], text: str, span: tuple[int, int], value: str) -> list[_Piece] | None:
    """Return what runs of characters stand for: white space for white space, anything else for itself."""
    found = list(pattern.finditer(text, *span))
    pieces: list[_Piece] = []
    offset = 0
    for match in found:
        said = "'" if match[0] == "''" and pattern is _IN_SINGLE else match[0]
        if said.isspace():
            run = re.compile(r"\s*").match(value, offset)
            said = run[0] if run else ""
        pieces.append(_Piece(match.start(), match.end(), said))
        offset += len(said)
    rest = value[offset:]
    return [*pieces, _Piece(span[1], span[1], rest)] if not rest.strip() and rest else pieces


def _meant(piece: str) -> str:
    if "\n" in piece:
        breaks = piece.count("\n")
        return "" if "\\" in piece else (" " if breaks == 1 else "\n" * (breaks - 1))
    if piece[0] != "\\":
        return piece
    if piece[1] in "uxU":
        return "".join(_characters(piece))
    return _ESCAPED.get(piece[1], piece[1])


def _characters(piece: str) -> Iterator[str]:
    codes = [int(digits, 16) for digits in re.findall(r"\\[uxU]([0-9a-fA-F]+)", piece)]
    if len(codes) == 2:  # noqa: PLR2004 - a pair of surrogates
        yield chr(0x10000 + ((codes[0] - 0xD800) << 10) + (codes[1] - 0xDC00))
    else:
        yield chr(codes[0])
