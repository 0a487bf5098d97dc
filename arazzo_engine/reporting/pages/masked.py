"""A page without the secrets that its document writes.

Decides that they are hidden wherever a page shows text: in its tables, and in the document itself below them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from arazzo_engine.reporting.pages.page import Page

if TYPE_CHECKING:
    from arazzo_engine.reporting.masking import Masker


def masked_page(page: Page, masker: Masker) -> Page:
    """Return a page with every secret in it replaced."""
    if not masker.is_needed:
        return page
    return msgspec.convert(_masked(msgspec.to_builtins(page), masker), Page)


def _masked(value: Any, masker: Masker) -> Any:  # noqa: ANN401 - what a page is made of
    match value:
        case str():
            return masker.text(value)
        case dict():
            return {name: _masked(member, masker) for name, member in value.items()}
        case list() | tuple():
            return [_masked(element, masker) for element in value]
        case _:
            return value
