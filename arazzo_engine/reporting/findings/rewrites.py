"""What a finding would have written, as the characters of a document that go and the text that comes instead.

Decides nothing about values: what is written where is for the editing of documents, which reads every text again. Of
very many findings the first have theirs; the others are told all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.editing.editing import edit_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document

# each takes two readings of the text
_MOST: Final = 100
_LARGEST: Final = 200_000


class Rewrite(Struct, frozen=True):
    """A text in place of characters of a document; lines and columns count from 1, columns in UTF-16 code units."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def rewrites_of(document: Document, findings: Iterable[Diagnostic]) -> dict[int, Rewrite]:
    """Return what findings would have written into a document, by their number among them."""
    if document.is_secret or len(document.text) > _LARGEST:
        return {}
    found: dict[int, Rewrite] = {}
    for number, finding in enumerate(findings):
        if len(found) == _MOST:
            break
        if finding.edits and all(edit.uri == document.uri for edit in finding.edits):
            edited = edit_text(document, finding.edits)
            if not edited.refused and edited.text != document.text:
                found[number] = _between(document.text, edited.text)
    return found


def _between(before: str, after: str) -> Rewrite:
    """Return the one place where two texts differ, from the first character that does to the last."""
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    text = after[start : len(after) - end]
    return Rewrite(_place(before, start), _place(before, len(before) - end), text)


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    least = min(len(one), len(other))
    return next((index for index in range(least) if one[index] != other[index]), least)


def _place(text: str, offset: int) -> tuple[int, int]:
    line = text.count("\n", 0, offset)
    start = text.rfind("\n", 0, offset) + 1
    return line + 1, len(text[start:offset].encode("utf-16-le", errors="surrogatepass")) // 2 + 1
