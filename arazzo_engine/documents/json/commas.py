"""Commas behind the last entry of an object or a list, which JSON refuses and people read over.

Decides whether they are all that keeps a text from being JSON: then there is one value that it can mean.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.documents.json.text import parse_json, tokens
from arazzo_engine.documents.malformed import MalformedText, NotJson, RepeatedKeys, TrailingCommas

_OPENING: Final = frozenset("[{,:")


def refused(text: str, depth: int, error: NotJson) -> NotJson:
    """Return why a text is no JSON: ``TrailingCommas`` where nothing else is wrong with it, else what was found."""
    offsets = tuple(_trailing_commas(text))
    if not offsets:
        return error
    starts, ends = (0, *(offset + 1 for offset in offsets)), (*offsets, len(text))
    without = "".join(text[start:end] for start, end in zip(starts, ends, strict=True))
    try:
        return TrailingCommas(error, offsets, parse_json(without, depth))
    except (MalformedText, RepeatedKeys):
        return error


def _trailing_commas(text: str) -> list[int]:
    found: list[int] = []
    before, last, at = "", "", 0
    for start, token in tokens(text):
        if last == "," and token in {"]", "}"} and before not in _OPENING:
            found.append(at)
        before, last, at = last, token, start
    return found
