"""Commas behind the last entry of an object or a list, which JSON refuses and people read over.

Decides whether they are all that keeps a text from being JSON: then there is one value that it can mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.json.text import parse_json, tokens
from arazzo_engine.documents.malformed import MalformedText, NotJson, RepeatedKeys, TrailingCommas

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENING: Final = frozenset("[{,:")


def refused(text: str, depth: int, error: NotJson) -> NotJson:
    """Return why a text is no JSON: ``TrailingCommas`` where nothing else is wrong with it, else what was found."""
    offsets = tuple(_trailing_commas(text))
    if not offsets:
        return error
    try:
        return TrailingCommas(error, offsets, parse_json(_without(text, offsets), depth))
    except (MalformedText, RepeatedKeys):
        return error


def without_commas(text: str) -> str:
    """Return a text without its commas behind last entries, and everything else as it is."""
    return _without(text, tuple(_trailing_commas(text)))


def _without(text: str, offsets: Sequence[int]) -> str:
    starts, ends = (0, *(offset + 1 for offset in offsets)), (*offsets, len(text))
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _trailing_commas(text: str) -> list[int]:
    found: list[int] = []
    before, last, at = "", "", 0
    for start, token in tokens(text):
        if last == "," and token in {"]", "}"} and before not in _OPENING:
            found.append(at)
        before, last, at = last, token, start
    return found
