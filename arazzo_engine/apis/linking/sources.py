"""The source descriptions of a document, loaded and opened, each once.

Decides what each source turns out to be. It loads nothing itself: a ``SourceLoader`` of the world does.
"""

from __future__ import annotations

from contextlib import suppress
from shlex import quote
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.openapi import OpenApi, open_api
from arazzo_engine.apis.descriptions.references import Documents, SourcePlace
from arazzo_engine.apis.linking.known_apis import KnownApis, NamedApi
from arazzo_engine.apis.linking.operations.messages import ids_of_messages
from arazzo_engine.apis.linking.repairs.operations import told
from arazzo_engine.apis.linking.taken import Taken, taken_from, type_of
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related, diagnose
from arazzo_engine.documents.uris import WEB, is_placeholder, resolve_uri, scheme_of, without_fragment
from arazzo_engine.language.base_uris import base_uri
from arazzo_engine.language.objects import ArazzoDescription, SourceDescription, SourceType
from arazzo_engine.language.reading.description import read_description

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.documents.document import Document


class SourceLoader(Documents, Protocol):
    """What linking needs of the world: documents by URI, and the document of a source description."""

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        """Return the source's document; raises ``ArazzoError`` (``source-not-found``, …)."""
        ...

    def find_source(
        self, source: SourceDescription, base_uri: str, taken: Taken
    ) -> FoundSource | OfferedSources | None:
        """Return the document of a source that is not at its URL, ``None`` when it is nowhere else.

        Raises ``ArazzoError`` (``source-not-found``) when it could be one of several.
        """
        del source, base_uri, taken
        return None

    def find_defining(self, source: SourceDescription, taken: Taken) -> str | None:
        """Return the URL of the only document that defines what a source does not, ``None`` when there is none.

        Raises ``ArazzoError`` when nobody can be sure.
        """
        del source, taken
        return None


class FoundSource(Struct, frozen=True):
    """The document of a source that is not at its URL: the ``url`` that leads to it, and why it is this one."""

    document: Document
    url: str
    reason: str


class OfferedSources(Struct, frozen=True):
    """What is only told, and never taken, of a source whose URL may lead to another document tomorrow: the fix."""

    fix: str


class AsyncApi(Struct, frozen=True):
    """An AsyncAPI description: known to be one, and not run yet."""

    name: str


# how often is looked through the project for what is only to be told
_MOST_LOOKED: Final = 8
Source: TypeAlias = OpenApi | ArazzoDescription | AsyncApi


class Sources(Struct):
    """The opened sources of every document of a run; problems of loading and reading are collected.

    A source of another document than the entry has that document's name before its own, ``shared.api``: the same name
    may mean different things in two documents, and what the user says of one must not reach the other. One that leads
    to a description which is known by a name already is that source, and has that name. ``unopened`` has what is said
    of a source that could not be opened as it is written, by its document and its name there.
    """

    loader: SourceLoader
    problems: list[Diagnostic] = field(default_factory=list)
    unopened: dict[tuple[str, str], tuple[Diagnostic, ...]] = field(default_factory=dict)
    apis: KnownApis = field(default_factory=KnownApis)
    places: dict[tuple[str, str], SourcePlace] = field(default_factory=dict)
    _opened: dict[str, dict[str, Source]] = field(default_factory=dict)
    _read: dict[str, ArazzoDescription] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _looked: dict[tuple[str, Taken], str | None] = field(default_factory=dict)
    _taken: dict[tuple[str, str], Taken] = field(default_factory=dict)

    def remember(self, description: ArazzoDescription) -> None:
        """Take a description that is read already, so that a source leading back to it is the same one."""
        self._read[description.at.document.uri] = description
        self._names[description.at.document.uri] = ""

    @property
    def documents(self) -> frozenset[str]:
        """The names of the Arazzo documents that were read."""
        return frozenset(each.at.document.name for each in self._read.values())

    def of(self, description: ArazzoDescription) -> dict[str, Source]:
        """Return the sources of a document that could be opened, by name."""
        uri = description.at.document.uri
        if uri not in self._opened:
            self._opened[uri] = {}
            failed = [each for each in description.source_descriptions if self._open_into(description, each)]
            # "Implementations MUST NOT treat a reference as unresolvable before completely parsing all documents
            # provided to the implementation": a document read since may be the one that a source names
            for source in failed:
                self._open_or_find(description, source)
        return self._opened[uri]

    def where_defined(self, description: ArazzoDescription, names: Sequence[str], operation_id: str) -> str:
        """Return the fix for an operation that sources lack and one other document defines; empty without one."""
        source = description.source(names[0]) if names else None
        if source is None:
            return ""
        used = self._used(description, source) if len(names) == 1 else None
        if len(names) == 1 and used and (url := self._look(description, source, used)):
            return f"write `url: {url}` for source description `{names[0]}`: that file defines every operation used"
        lacking = Taken(SourceType.OPENAPI, frozenset((operation_id,)))
        url = self._look(description, source, lacking)
        named = f"`$sourceDescriptions.<name>.{operation_id}`"
        return f"list `{url}` in `sourceDescriptions`, which defines it, and write {named}" if url else ""

    def _used(self, description: ArazzoDescription, source: SourceDescription) -> Taken:
        """Return what steps take from a source, beside what the others have; all their steps ask for the same."""
        asked = description.at.document.uri, source.name
        if asked not in self._taken:
            others = {name: each for name, each in self._opened[asked[0]].items() if name != source.name}
            self._taken[asked] = taken_from(source, description, others)
        return self._taken[asked]

    def owner_of_message(self, description: ArazzoDescription, operation_id: str) -> str | None:
        """Return the source of AsyncAPI that has an operation of this id, is named before it, or alone can have it."""
        opened = self._opened[description.at.document.uri]
        is_only = len(description.source_descriptions) == 1
        for source in description.source_descriptions:
            if isinstance(opened.get(source.name), AsyncApi):
                if operation_id.startswith(f"{source.name}."):
                    return source.name
                ids, full = frozenset[str](), self._full(description, source)
                # what is wrong with it is not told: it is not run, whatever it says
                with suppress(ArazzoError):
                    ids = ids_of_messages(self.loader.load_source(full, base_uri(description)).value)
                if operation_id in ids or (is_only and not ids):
                    return source.name
        return None

    def _look(self, description: ArazzoDescription, source: SourceDescription, taken: Taken) -> str | None:
        asked = description.at.document.uri, taken
        if asked not in self._looked and len(self._looked) < _MOST_LOOKED:
            try:
                full = self._full(description, source)
                self._looked[asked] = self.loader.find_defining(full, taken)
            except ArazzoError:
                self._looked[asked] = None  # it is only to be told, and what is wrong is told without it
        return self._looked.get(asked)

    def _open_or_find(self, description: ArazzoDescription, source: SourceDescription) -> None:
        problems = self._open_into(description, source)
        codes = [each.code for each in problems]
        as_it_is = self._open_as_it_is(description, source) if codes == ["source-type"] else ()
        if not as_it_is and _may_be_elsewhere(problems, _named(description, source).uri):
            taken = taken_from(source, description, self._opened[description.at.document.uri])
            problems = self._find_into(description, source, taken, problems)
        problems = as_it_is or problems
        if problems:
            self.unopened[description.at.document.uri, source.name] = problems

    def _find_into(
        self, description: ArazzoDescription, source: SourceDescription, taken: Taken, problems: tuple[Diagnostic, ...]
    ) -> tuple[Diagnostic, ...]:
        """Take the document that can only be the source's, and return what is told; the problems when there is none."""
        base = base_uri(description)
        full = self._full(description, source)
        try:
            found = self.loader.find_source(full, base, taken)
            if found is None:
                return problems
            if isinstance(found, OfferedSources):
                return tuple(replace(each, fix=found.fix) for each in problems)
            named = _named(description, source)
            may_be_right = _may_be_right(source.url, named.uri)
            if may_be_right and (other := self._other_at(description, named, found.document.uri)):
                return tuple(replace(each, fix=_fix_of_one_file(full, found, other)) for each in problems)
            opened = self._opened_as(full, found.document, named)
        except ArazzoError as error:
            return error.diagnostics
        self._take(description, source, opened)
        if may_be_right:
            return (_told_elsewhere(full, found),)
        self.places[description.at.document.uri, source.name] = SourcePlace(found.url, found.document.uri)
        return told(source.url, found.url, found.reason, source.at.child("url"))

    def _other_at(self, description: ArazzoDescription, named: NamedApi, uri: str) -> str | None:
        """Return another source that was read from a document though its ``url`` leads elsewhere."""
        places = ((each, self.places.get((named.owner, each.name))) for each in description.source_descriptions)
        others = (each for each, place in places if each.name != named.name and place and place.uri == uri)
        return next((each.name for each in others if _named(description, each).uri != named.uri), None)

    def _open_as_it_is(self, description: ArazzoDescription, source: SourceDescription) -> tuple[Diagnostic, ...]:
        """Open a source of another type than it says if all that is named of it is there; return what is told."""
        document = self.loader.load_source(self._full(description, source), base_uri(description))
        found = type_of(document)
        if found is None or source.type is None:
            return ()
        meant = replace(source, type=found)
        taken = taken_from(meant, description, self._opened[description.at.document.uri])
        if not taken or taken.lacking_in(document, self.loader):
            return ()
        self._take(
            description, meant, self._opened_as(self._full(description, meant), document, _named(description, meant))
        )
        reason = f"the file is an `{found}` description, and has all that is named of it"
        return told(source.type, found, reason, source.at.child("type"))

    def _open_into(self, description: ArazzoDescription, source: SourceDescription) -> tuple[Diagnostic, ...]:
        if not source.url:
            return ()  # that it has none is noted already
        named = _named(description, source)
        full = self._full(description, source)
        try:
            found = self._identified(named.uri, source) or self._open(full, base_uri(description), named)
        except ArazzoError as error:
            return error.diagnostics
        self._take(description, source, found)
        return ()

    def _take(self, description: ArazzoDescription, source: SourceDescription, found: Source) -> None:
        name = self._full_name(description, source)
        if isinstance(found, ArazzoDescription):
            self._names.setdefault(found.at.document.uri, f"{name}.")
        if isinstance(found, OpenApi):
            self.apis.remember(_named(description, source), found, name)
        document = description.at.document.uri
        self._opened[document][source.name] = found
        if not isinstance(found, AsyncApi):
            uri = found.document.uri if isinstance(found, OpenApi) else found.at.document.uri
            self.places[document, source.name] = SourcePlace(source.url, uri)

    def _full(self, description: ArazzoDescription, source: SourceDescription) -> SourceDescription:
        return replace(source, name=self._full_name(description, source))

    def _full_name(self, description: ArazzoDescription, source: SourceDescription) -> str:
        return self._names.get(description.at.document.uri, "") + source.name

    def _identified(self, uri: str, source: SourceDescription) -> ArazzoDescription | None:
        """Return the document that was read already and says that this is its URI."""
        # "references MUST use the target document's `$self` URI if the `$self` field is present in that document."
        if source.type not in {None, SourceType.ARAZZO}:
            return None
        return next((each for each in self._read.values() if each.self_uri is not None and base_uri(each) == uri), None)

    def _open(self, source: SourceDescription, base: str, named: NamedApi) -> Source:
        if source.type is SourceType.ASYNCAPI and not isinstance(self.loader, NoSources):
            return AsyncApi(source.name)
        known = self.apis.find(named) if source.type in {None, SourceType.OPENAPI} else None
        if known is not None:
            return known
        return self._opened_as(source, self.loader.load_source(source, base), named)

    def _opened_as(self, source: SourceDescription, document: Document, named: NamedApi) -> Source:
        found = type_of(document)
        if found is None or (source.type is not None and found is not source.type):
            raise ArazzoError(_wrong_type(source, document, found))
        match found:
            case SourceType.OPENAPI:
                # a redirect, or an identity of its own, may have led to one that is known
                found_at = replace(named, uri=document.uri)
                self.problems.extend(document.flaws)
                return self.apis.find(found_at) or open_api(source.name, document, self.loader)
            case SourceType.ARAZZO:
                return self._read_arazzo(document)
            case SourceType.ASYNCAPI:
                return AsyncApi(source.name)

    def _read_arazzo(self, document: Document) -> ArazzoDescription:
        if document.uri not in self._read:
            reading = read_description(document)
            self._read[document.uri] = self._same_as_known(reading.description)
            if self._read[document.uri] is reading.description:
                self.problems.extend(reading.problems)
        return self._read[document.uri]

    def _same_as_known(self, description: ArazzoDescription) -> ArazzoDescription:
        """Return the description that has the same identity: one document may be found in several places."""
        if description.self_uri is None:
            return description
        identity = base_uri(description)
        known = next((each for each in self._read.values() if each.self_uri and base_uri(each) == identity), None)
        if known is None:
            return description
        if known.at.document.value != description.at.document.value:
            message = f"two different documents say that they are `{identity}`"
            related = (Related("the other one", known.at.child("$self")),)
            at = description.at.child("$self").location()
            fix = "give each document its own `$self`"
            raise ArazzoError(diagnose("id-duplicate", message, at, fix=fix, related=related))
        return known


def _may_be_elsewhere(problems: tuple[Diagnostic, ...], uri: str) -> bool:
    codes = [each.code for each in problems]
    # what a server answers at a URL that was never meant to be one: a page, or an error
    return codes == ["source-not-found"] or (codes == ["source-type"] and scheme_of(uri) in WEB)


def _may_be_right(url: str, uri: str) -> bool:
    """Return whether no other ``url`` is better: it starts at a `$self` on the network, or may work another day."""
    return scheme_of(uri) in WEB and not (scheme_of(url) and is_placeholder(uri))


def _told_elsewhere(source: SourceDescription, found: FoundSource) -> Diagnostic:
    message = f"source description `{source.name}` is read from `{found.url}`: {found.reason}"
    fix = f"give `--source {quote(source.name)}={quote(found.document.name)}`"
    return diagnose("repaired", message, source.at.child("url").location(), fix=fix, kind=found.reason)


def _fix_of_one_file(source: SourceDescription, found: FoundSource, other: str) -> str:
    taken = f"`{found.url}` is that of source description `{other}`"
    return f"give `--source {quote(source.name)}=PATH`: {taken}, and one file is not taken for two"


def _named(description: ArazzoDescription, source: SourceDescription) -> NamedApi:
    written = without_fragment(resolve_uri(base_uri(description), source.url))
    return NamedApi(description.at.document.uri, source.name, written)


def _wrong_type(source: SourceDescription, document: Document, found: SourceType | None) -> Diagnostic:
    wanted = source.type or "openapi, asyncapi or arazzo"
    seems = f"it is an `{found}` description" if found else "it has none of `openapi`, `swagger`, `asyncapi`, `arazzo`"
    message = f"source description `{source.name}` should be {wanted}, but {seems}: {document.name}"
    if found and source.type:
        at = source.at.child("type")
        return diagnose("source-type", message, at.location(), fix=f"set `type: {found}`, or another `url`")
    return diagnose("source-type", message, source.at.child("url").location(), fix="correct the `url`")


class NoSources(SourceLoader):
    """The loader for a document that is judged by itself: no source can be opened, and none is missed."""

    def get(self, uri: str) -> Document:
        """Refuse every document."""
        raise ArazzoError(diagnose("reference-not-found", f"`{uri}` is not loaded"))

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        """Refuse every source, silently."""
        del source, base_uri
        raise ArazzoError
