"""Diagnostics on a terminal, with every secret masked. Their layout is that of ``diagnostics``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import render_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.masking import Masker


def render_diagnostics(diagnostics: Iterable[Diagnostic], masker: Masker | None = None) -> str:
    """Return the text of several diagnostics, errors first, a blank line between them."""
    text = render_all(diagnostics)
    return text if masker is None else masker.text(text)
