"""Where in a JSON text a member stands that a complaint is about, for the lines of findings.

Decides nothing about the member. Where the text cannot be followed there is no place in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.json.places import json_places
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.expressions.strings import count_quotes, embedded_spans

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer

Span = tuple[int, int]


def span_in_text(text: str, path: Pointer, *, of_name: bool = False) -> Span | None:
    """Return the characters of a value, or of its name, within a JSON text with expressions in braces.

    >>> text = '{"ids": {$inputs.ids}, "at": "{$inputs.at}"}'
    >>> text[slice(*span_in_text(text, ("at",)))], text[slice(*span_in_text(text, ("at",), of_name=True))]
    ('{$inputs.at}', 'at')
    >>> span_in_text(text, ("no",)), span_in_text("ids=1", ("ids",))
    (None, None)
    """
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        places = json_places(_without_expressions(text))
    except MalformedText:
        return None
    found = None if places is None else places.find(path)
    if found is None or not found.is_there:
        return None
    node = (of_name and found.key) or found.value
    return node.start, node.end


def _without_expressions(text: str) -> str:
    """Return a text that is as long, in which strings without expressions stand for those."""
    quotes, done, written = 0, 0, ""
    for start, end in embedded_spans(text):
        quotes = count_quotes(quotes, text[done : start - 1])
        width = end - start + 2
        written += text[done : start - 1] + ("_" * width if quotes % 2 else f'"{"_" * (width - 2)}"')
        done = end + 1
    return written + text[done:]
