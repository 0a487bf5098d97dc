"""The documents of a session as the client knows them: a file that it can read, or a text that it asks for.

Decides which: a file that has changed since, or is not there, is none that lines could be shown of.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.world.loading.file_uris import path_at

if TYPE_CHECKING:
    from arazzo_engine.cli.adapter.arguments import Source
    from arazzo_engine.debugging.places import Index
    from arazzo_engine.documents.document import Document


class Sources(Struct, frozen=True):
    """The documents of a session, by numbers that begin at 1."""

    documents: tuple[Document, ...]

    def written(self, document: Document) -> dict[str, Any]:
        """Return a document for the client."""
        path = _path(document)
        name = document.name.rpartition("/")[2] or document.name
        if path is not None and _has_text(path, document):
            return {"name": name, "path": str(path)}
        found = next(number for number, each in enumerate(self.documents, 1) if each.uri == document.uri)
        return {"name": name, "sourceReference": found, "origin": "not as it is on the disk"}

    def meant(self, source: Source) -> Document | None:
        """Return the document that the client means."""
        if 0 < source.source_reference <= len(self.documents):
            return self.documents[source.source_reference - 1]
        named = Path(source.path).absolute().resolve() if source.path else None
        return next((each for each in self.documents if named is not None and _path(each) == named), None)


def sources_of(index: Index) -> Sources:
    """Return the documents that a run can come to."""
    entry = index.linked.entry.at.document
    documents = {each.uri: each for each in (entry, *(step.document for step in index.steps))}
    return Sources(tuple(documents.values()))


def _path(document: Document) -> Path | None:
    return path_at(document.uri).resolve() if scheme_of(document.uri) == "file" else None


def _has_text(path: Path, document: Document) -> bool:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace") == document.text.removeprefix("\ufeff")
    except OSError:
        return False
