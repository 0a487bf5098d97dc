"""The documents of a run as they were when it was started: kept, so that it goes on with them wherever it goes on.

Decides that what was not there then is not there now. Where documents are looked for is decided by the loader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.apis.linking.sources import FoundSource, OfferedSources

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.apis.descriptions.references import Documents


class Library(Struct):
    """Texts by the URI that was asked for, each with the URI at which it was found; ``meant`` are sources by hand.

    ``meant`` has the URI of each source that was found elsewhere than it says, what to write for it and why, by the
    URI of the document that lists it and its name. Once ``is_whole``, nothing is read that is not in it. ``names`` are
    those that people know the documents by.
    """

    texts: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    meant: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    is_whole: bool = False
    names: dict[str, str] = field(default_factory=dict)

    def name(self, uri: str, shown: str) -> str:
        """Return the name by which a person knows the document at a URI: of one that was kept, the name it had."""
        return self.names.get(uri, shown) if self.is_whole else self.names.setdefault(uri, shown)

    def read(self, uri: str, fetch: Callable[[], tuple[bytes, str]]) -> tuple[bytes, str]:
        """Return the bytes at a URI and where they were found; raises ``LookupError`` for what was not there."""
        if uri not in self.texts:
            if self.is_whole:
                raise LookupError(uri)
            content, found = fetch()
            self.texts[uri] = found, content
        found, content = self.texts[uri]
        return content, found

    def find(
        self, at: tuple[str, str], search: Callable[[], FoundSource | OfferedSources | None], documents: Documents
    ) -> FoundSource | OfferedSources | None:
        """Return the source that is found, or was; what was only looked at is not kept."""
        if self.is_whole:
            uri, url, reason = self.meant.get(at, ("", "", ""))
            return FoundSource(documents.get(uri), url, reason) if uri else None
        before = dict(self.texts)
        found = search()
        if isinstance(found, FoundSource):
            before[found.document.uri] = self.texts[found.document.uri]
            self.meant[at] = found.document.uri, found.url, found.reason
        self.texts = before
        return found

    def look(self, search: Callable[[], str | None]) -> str | None:
        """Return what is found only to be told: nothing of it is kept, and later nothing is looked for."""
        if self.is_whole:
            return None
        before = dict(self.texts)
        found = search()
        self.texts = before
        return found
