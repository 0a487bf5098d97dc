"""What was checked, and what was found: the value that every form of findings is made from.

Decides that what several documents share is told once. How it is told is for each form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.reporting.findings.entries import in_order
from arazzo_engine.reporting.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.reporting.findings.rewrites import Rewrite


# what a document is called that comes from stdin
PIPED: Final = "<stdin>"


class CheckedDocument(Struct, frozen=True):
    """A document by the name that it was asked for, what is wrong with it, and what of that is ignored.

    ``rewrites`` has what findings would have written, by their number, where somebody asks for it. A folder without
    any document is told of as if it were one, and is none: it ``is_folder``.
    """

    name: str
    findings: tuple[Diagnostic, ...]
    ignored: tuple[Diagnostic, ...] = ()
    document: Document | None = None
    rewrites: Mapping[int, Rewrite] = {}
    is_folder: bool = False


class Checks(Struct, frozen=True):
    """Documents in their order, with what is to be hidden; names are relative to the folder ``root``."""

    documents: tuple[CheckedDocument, ...]
    root: str = ""
    masker: Masker = field(default_factory=Masker)

    def rewrite_of(self, finding: Diagnostic) -> Rewrite | None:
        """Return what a finding would have written, where that is known."""
        for document in self.documents:
            for number, rewrite in document.rewrites.items():
                if document.findings[number] == finding:
                    return rewrite
        return None

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Everything that was found, once and by its line; documents may share a description."""
        found = {
            (each.code, each.severity, each.message, each.location): each
            for document in reversed(self.documents)
            for each in reversed(document.findings)
        }
        return in_order(reversed(found.values()))
