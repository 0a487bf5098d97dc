"""The API descriptions that a run has opened: one that several documents name is one source, by one name.

Decides whether a source of a called document is one that is known already, so that whatever the user says of a source
(its server, its credentials, its file) holds wherever it is called. Nothing is opened here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.openapi import OpenApi


class NamedApi(Struct, frozen=True):
    """A source as one document has it: the URI of that document, the source's name there, and the URI it leads to."""

    owner: str
    name: str
    uri: str


class KnownApis(Struct):
    """What is known so far; ``aliases`` leads from a name that a source would have had to the one that it has."""

    aliases: dict[str, str] = field(default_factory=dict)
    _opened: list[tuple[NamedApi, OpenApi]] = field(default_factory=list)

    def find(self, named: NamedApi) -> OpenApi | None:
        """Return the description that another document has named before.

        Two sources of one document are two, even with one URL: a user may tell them apart by their names.
        """
        # a document has one identity (docs/semantics.md, 46): by the URL that is written, or by where it was found
        others = [
            (known, api)
            for known, api in self._opened
            if known.owner != named.owner and named.uri in {known.uri, api.document.uri}
        ]
        alike = [api for known, api in others if known.name == named.name] or [api for _, api in others]
        return alike[0] if len({api.name for api in alike}) == 1 else None

    def remember(self, named: NamedApi, api: OpenApi, full_name: str) -> None:
        """Take a source of a document; ``full_name`` has the name of a called document before its own."""
        self._opened.append((named, api))
        if full_name != api.name:
            self.aliases[full_name] = api.name
