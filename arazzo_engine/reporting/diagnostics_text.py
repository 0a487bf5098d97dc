"""Diagnostics on a terminal, with every secret masked. Their layout is that of ``diagnostics``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import render_all
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.masking import Masker

# the pointer of a place, which is made of the names of its document
_POINTER: Final = lazy_pattern(r"(?m)(?<=  \()(#/.*)(?=\)$)")


def render_diagnostics(diagnostics: Iterable[Diagnostic], masker: Masker | None = None) -> str:
    """Return the text of several diagnostics, errors first, a blank line between them."""
    return render_all(diagnostics) if masker is None else render_all(diagnostics, lambda text: _masked(text, masker))


def _masked(text: str, masker: Masker) -> str:
    parts = _POINTER.split(text)
    return "".join(masker.name(each) if index % 2 else masker.text(each) for index, each in enumerate(parts))
