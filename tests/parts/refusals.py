"""Reading texts that are refused, and what is said about them."""

from __future__ import annotations

import pytest

from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.documents.reading import ReadingLimits, read_document

NAME = "the.text"


def refused(
    source: str | bytes, uri: str = "file:///a.json", limits: ReadingLimits | None = None
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of a text that must not be read."""
    with pytest.raises(ArazzoError) as caught:
        read_document(source, uri, NAME, limits or ReadingLimits())
    return caught.value.diagnostics


def place(diagnostic: Diagnostic) -> str:
    """Return line:column of a diagnostic about the text."""
    assert diagnostic.location is not None
    assert diagnostic.location.uri == NAME
    return f"{diagnostic.location.line}:{diagnostic.location.column}"
