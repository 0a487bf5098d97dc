"""The source descriptions of a document, loaded and opened, each once.

Decides what each source turns out to be. It loads nothing itself: a ``SourceLoader`` of the world does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct, field

from arazzo_engine.apis.openapi import OpenApi, open_api
from arazzo_engine.apis.references import Documents
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.base_uris import base_uri
from arazzo_engine.language.objects import ArazzoDescription, SourceDescription, SourceType
from arazzo_engine.language.reader import read_description

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document


class SourceLoader(Documents, Protocol):
    """What linking needs of the world: documents by URI, and the document of a source description."""

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        """Return the source's document; raises ``ArazzoError`` (``source-not-found``, …)."""
        ...


class AsyncApi(Struct, frozen=True):
    """An AsyncAPI description: known to be one, and not run yet."""

    name: str


Source: TypeAlias = OpenApi | ArazzoDescription | AsyncApi
_VERSION_FIELDS = (
    ("openapi", SourceType.OPENAPI),
    ("swagger", SourceType.OPENAPI),
    ("asyncapi", SourceType.ASYNCAPI),
    ("arazzo", SourceType.ARAZZO),
)


class Sources(Struct):
    """The opened sources of every document of a run; problems of loading and reading are collected."""

    loader: SourceLoader
    problems: list[Diagnostic] = field(default_factory=list)
    _opened: dict[str, dict[str, Source]] = field(default_factory=dict)
    _read: dict[str, ArazzoDescription] = field(default_factory=dict)

    def remember(self, description: ArazzoDescription) -> None:
        """Take a description that is read already, so that a source leading back to it is the same one."""
        self._read[description.at.document.uri] = description

    def of(self, description: ArazzoDescription) -> dict[str, Source]:
        """Return the sources of a document that could be opened, by name."""
        uri = description.at.document.uri
        if uri not in self._opened:
            self._opened[uri] = {}
            for source in description.source_descriptions:
                self._open_into(self._opened[uri], source, base_uri(description))
        return self._opened[uri]

    def _open_into(self, opened: dict[str, Source], source: SourceDescription, base: str) -> None:
        if not source.url:
            return  # that it has none is noted already
        try:
            found = self._open(source, base)
        except ArazzoError as error:
            self.problems.extend(error.diagnostics)
            return
        opened[source.name] = found

    def _open(self, source: SourceDescription, base: str) -> Source:
        if source.type is SourceType.ASYNCAPI and not isinstance(self.loader, NoSources):
            return AsyncApi(source.name)
        document = self.loader.load_source(source, base)
        found = _type_of(document)
        if found is None or (source.type is not None and found is not source.type):
            raise ArazzoError(_wrong_type(source, document, found))
        match found:
            case SourceType.OPENAPI:
                return open_api(source.name, document, self.loader)
            case SourceType.ARAZZO:
                return self._read_arazzo(document)
            case SourceType.ASYNCAPI:
                return AsyncApi(source.name)

    def _read_arazzo(self, document: Document) -> ArazzoDescription:
        if document.uri not in self._read:
            reading = read_description(document)
            self.problems.extend(reading.problems)
            self._read[document.uri] = reading.description
        return self._read[document.uri]


def _type_of(document: Document) -> SourceType | None:
    content = document.content
    return next((type_ for name, type_ in _VERSION_FIELDS if content.at((name,)) is not ABSENT), None)


def _wrong_type(source: SourceDescription, document: Document, found: SourceType | None) -> Diagnostic:
    wanted = source.type or "openapi, asyncapi or arazzo"
    seems = f"it is an `{found}` description" if found else "it has none of `openapi`, `swagger`, `asyncapi`, `arazzo`"
    message = f"source description `{source.name}` should be {wanted}, but {seems}: {document.name}"
    if found and source.type:
        at = source.at.child("type")
        return diagnose("source-type", message, at.location(), fix=f"set `type: {found}`, or another `url`")
    return diagnose("source-type", message, source.at.child("url").location(), fix="correct the `url`")


class NoSources:
    """The loader for a document that is judged by itself: no source can be opened, and none is missed."""

    def get(self, uri: str) -> Document:
        """Refuse every document."""
        raise ArazzoError(diagnose("reference-not-found", f"`{uri}` is not loaded"))

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        """Refuse every source, silently."""
        del source, base_uri
        raise ArazzoError
