"""A source that is not at its URL: the one file of the project that it can only be.

Decides when a file is the one: by its place below a folder above the document, by its name, whatever its ending, by the
name of the source, by the server that it describes, or by the operations that it defines. Several are named and none
is taken, unless all describe the very same operations and all but one were put aside. Only a local document's sources
are looked for, and only below the root of its project. For one of the network whose URL may work another day, files are
only offered, unless the user wants nothing of the network.
"""

from __future__ import annotations

import os
from functools import partial
from itertools import islice
from pathlib import Path
from shlex import quote as quoted
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.linking.operations.same_operations import are_same
from arazzo_engine.apis.linking.sources import FoundSource, OfferedSources
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import WEB, is_placeholder, path_of, resolve_uri, scheme_of
from arazzo_engine.vocabulary import listed
from arazzo_engine.world.loading.addresses import has_server, path_in_repository
from arazzo_engine.world.loading.file_uris import path_at, path_in
from arazzo_engine.world.loading.project import content_of, project_of, why_no_file
from arazzo_engine.world.loading.searching import ENDINGS, Search, missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.descriptions.references import Documents
    from arazzo_engine.apis.linking.taken import Taken
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.objects import SourceDescription
    from arazzo_engine.world.loading.project import Listing

_MOST_LISTED: Final = 5
# files of the name that have nothing of what is used: of more, only how many there are helps
_MOST_NAMED: Final = 3


class Finder(Struct, frozen=True):
    """Looks for sources; ``documents`` opens files, and ``listing`` raises ``ArazzoError`` when the time is over.

    ``offline`` is whether the user said that nothing is to be had from the network.
    """

    documents: Documents
    listing: Listing
    offline: bool = False

    def find(self, source: SourceDescription, base_uri: str, taken: Taken) -> FoundSource | OfferedSources | None:
        """Return the one file that a source can only mean, ``None`` when there is none.

        Raises ``ArazzoError`` (``source-not-found``) for several, for a project too large to be sure, and for files of
        the name that have nothing of what is used.
        """
        document, uri = source.at.document.uri, resolve_uri(base_uri, source.url)
        if scheme_of(document) != "file":
            return None
        search = self._search(source, taken)
        if scheme_of(uri) in WEB:
            return _only(search, _beside(search, uri)) or self._instead_of_url(search, uri)
        return _as_told(_instead_of_file(search), uri) if scheme_of(uri) == "file" else None

    def find_defining(self, source: SourceDescription, taken: Taken) -> str | None:
        """Return what leads to the only file that defines all that is used, ``None`` when there is none, or several.

        Raises ``ArazzoError`` for a project too large to be sure.
        """
        if scheme_of(source.at.document.uri) != "file":
            return None
        search = self._search(source, taken)
        found = _defining_all(search).paths
        return search.url_of(found[0]) if len(found) == 1 else None

    def _instead_of_url(self, search: Search, uri: str) -> FoundSource | OfferedSources | None:
        if is_placeholder(uri):
            return _instead_of_placeholder(search, uri)
        # a network that is down must not decide, but the user may
        return (_instead_of_network(search, uri) if self.offline else None) or _offered(search, uri)

    def _search(self, source: SourceDescription, taken: Taken) -> Search:
        path = path_at(source.at.document.uri)
        return Search(source, taken, path, project_of(path), self.documents, self.listing)


def _as_told(found: FoundSource | OfferedSources | None, uri: str) -> FoundSource | OfferedSources | None:
    """Return the same, with what is at the URL where that is no file."""
    if isinstance(found, FoundSource) and (why := why_no_file(path_at(uri))):
        return replace(found, reason=f"what is there is {why}, and {found.reason}")
    return found


def _instead_of_file(search: Search) -> FoundSource | OfferedSources | None:
    for rule in (_above, _named_alike, _ending_otherwise, _named_by_source, _defining_all):
        if (taken := _only(search, rule(search))) is not None:
            return taken
    if nearly := _nearly(search):
        return nearly
    if of_that_name := _named_otherwise(search):
        raise ArazzoError(_defining_none(search, of_that_name))
    return None


def _instead_of_placeholder(search: Search, uri: str) -> FoundSource | OfferedSources | None:
    for rule in (_named_alike, partial(_served, uri=uri), _named_by_source, _defining_all):
        if (taken := _only(search, rule(search))) is not None:
            return taken
    return _nearly(search)


def _instead_of_network(search: Search, uri: str) -> FoundSource | None:
    """Return the only file that the first rule finds which finds any, where it defines all that is used."""
    found = next((each for each in _meant_by_url(search, uri) if each.paths), _Found(()))
    if len(found.paths) != 1 or search.lacking_in(found.paths[0]):
        return None
    taken = _only(search, found)
    return taken and replace(taken, reason=f"`--offline` was given, and {taken.reason}")


def _meant_by_url(search: Search, uri: str) -> Iterator[_Found]:
    """Yield what each rule finds for a URL of the network, the surest first."""
    rules = (partial(_of_repository, uri=uri), _named_alike, partial(_served, uri=uri), _named_by_source, _defining_all)
    return (rule(search) for rule in rules)


def _offered(search: Search, uri: str) -> OfferedSources | None:
    for found in _meant_by_url(search, uri):
        if len(found.paths) == 1:
            return OfferedSources(_choosing_of_one(search, found.paths[0], found.only))
        if len(found.paths) > _MOST_LISTED:
            return None
        if found.paths:
            several = listed([search.url_of(path) for path in found.paths])
            choosing = "write" if scheme_of(search.source.url) else f"give by `--source {_name(search)}=PATH`"
            return OfferedSources(f"{choosing} the one of {several} that is meant, if one is: {found.each}")
    return _nearly(search)


def _choosing_of_one(search: Search, path: Path, only: str) -> str:
    lacking = listed((search.lacking_in(path) or ())[:_MOST_LISTED])
    return f"{_choosing(search, path)} if that file is meant: {only}{f', and lacks {lacking}' if lacking else ''}"


def _choosing(search: Search, path: Path) -> str:
    """Return how a file is chosen: a relative URL leads from the `$self` of the document, whatever is written."""
    if scheme_of(search.source.url):
        return f"write `{search.url_of(path)}`"
    return f"give `--source {_name(search)}={quoted(os.path.relpath(path))}`"


def _name(search: Search) -> str:
    return quoted(search.source.name)


class _Found(Struct, frozen=True):
    """The files that a rule finds; ``only`` is why it is the only one, and ``each`` what several have in common."""

    paths: Sequence[Path]
    only: str = ""
    each: str = ""


_BY_NAME: Final = "it is the file that the source is named after"


def _only(search: Search, found: _Found) -> FoundSource | None:
    """Return the source that is the only file that can be meant; raises ``ArazzoError`` for several."""
    meant, reason = _meant(search, found) if len(found.paths) > 1 else (found.paths[0] if found.paths else None, "")
    opened = search.document_at(meant) if meant else None
    return None if opened is None or meant is None else FoundSource(opened, search.url_of(meant), reason or found.only)


def _meant(search: Search, found: _Found) -> tuple[Path, str]:
    """Return which of several files is meant, and why."""
    named = search.from_above(search.named) if search.named else ()
    if by_name := [each for each in named if each in found.paths]:
        return by_name[0], f"of {len(found.paths)} files that can be meant, {_BY_NAME}"
    kept = [each for each in found.paths if not _is_aside(search, each)]
    if len(kept) != 1 or not _are_same(search, found.paths):
        raise ArazzoError(_several(search, found.paths))
    return kept[0], f"{len(found.paths)} files describe the very same operations, and it is the only one not put aside"


def _beside(search: Search, uri: str) -> _Found:
    """Return the file to which a relative URL leads from the document itself, and not from its `$self`."""
    url = path_in(path_of(search.source.url))
    if scheme_of(search.source.url) or url.startswith("/"):
        return _Found(())
    place = Path(os.path.normpath(search.path.parent / url))
    # a file of that name with none of the operations is the description of something else
    found = (place,) if search.is_likely(place) else ()
    return _Found(found, f"nothing is had from `{uri}`, and the file is beside the document")


def _are_same(search: Search, paths: Sequence[Path]) -> bool:
    documents = [each for path in paths if (each := search.document_at(path)) is not None]
    return len(documents) == len(paths) and are_same(search.taken, documents, search.documents)


def _is_aside(search: Search, path: Path) -> bool:
    """Whether a file is one that its author put aside, as `_original/api.yaml` beside what was made of it."""
    steps = Path(os.path.relpath(path.parent, search.path.parent)).parts
    return any(each.startswith(("_", ".")) for each in steps if each != "..")


def _above(search: Search) -> _Found:
    url = path_in(path_of(search.source.url))
    if url.startswith("/") or scheme_of(search.source.url):
        return _Found(())
    found = [place for place in search.from_above(url) if search.document_at(place) is not None]
    return _Found(found, "it is there when the URL starts at a folder above the document")


def _of_repository(search: Search, uri: str) -> _Found:
    """Return the file that has the path which a URL names in a repository, where it has something of what is used."""
    path = path_in_repository(uri)
    places = (folder / path for folder in reversed(search.project.folders)) if path else ()
    found = next((place for place in places if search.is_likely(place)), None)
    return _Found((found,) if found else (), f"it is `{path}` of this project")


def _named_alike(search: Search) -> _Found:
    name = search.file_name
    found = _of_name(search, name)
    others = len(_named_otherwise(search)) - 1 if len(found) == 1 else 0
    only = f"it is the only one of {others + 1} files `{name}` with" if others else f"it is the only file `{name}` of"
    return _Found(found, f"{only} {'what is used' if others else 'the project'}", "each has that name")


def _ending_otherwise(search: Search) -> _Found:
    """Return the only file whose name is the same but for its ending: `api.yaml` for `api.yml`."""
    stem = Path(search.file_name).stem
    found = _of_name(search, *(f"{stem}{ending}" for ending in ENDINGS)) if stem else ()
    return _Found(found if len(found) == 1 else (), f"it is the only file `{stem}` of the project, with another ending")


def _named_by_source(search: Search) -> _Found:
    """Return the file whose path, or else whose name, is the name of the source, as suites of tests are made."""
    if not search.named:
        return _Found(())
    found = [place for place in search.from_above(search.named) if search.is_likely(place)][:1]
    found = found or _of_name(search, Path(search.named).name)
    return _Found(found if len(found) == 1 else (), _BY_NAME)


def _of_name(search: Search, *names: str) -> list[Path]:
    return search.first_found(lambda paths: [path for path in paths if path.name in names and search.is_likely(path)])


def _served(search: Search, uri: str) -> _Found:
    """Return the only description whose server is the URL: the address of an API, and not of its description."""
    host = uri.partition("://")[2].partition("/")[0].encode()

    def serving(paths: Sequence[Path]) -> list[Path]:
        mentioning = [path for path in search.within_bounds(paths) if host in content_of(path)]
        return [path for path in mentioning if search.is_likely(path) and has_server(search.document_at(path), uri)]

    found = search.first_found(serving)
    # several of one server do not say more than the operations do
    return _Found(found if len(found) == 1 else (), "it is the only file of the project whose server is that URL")


def _named_otherwise(search: Search) -> list[Path]:
    """Return the descriptions that have the name of the file, whatever they define."""
    name = search.file_name
    return search.first_found(lambda paths: [each for each in paths if each.name == name and search.document_at(each)])


def _defining_all(search: Search) -> _Found:
    noun = "workflow" if search.taken.workflow_ids else "operation"
    used = f"every {noun} used"
    only = f"it is the only file of the project that defines {used}"
    return _Found(_defining(search, 0) if search.taken else (), only, f"each defines {used}")


def _nearly(search: Search) -> OfferedSources | None:
    """Return what to write for the only file that defines more than half of what is used: it may be an older one."""
    most_lacking = (len(search.taken) - 1) // 2
    found = _defining(search, most_lacking) if most_lacking > 0 else []
    lacking = search.lacking_in(found[0]) if len(found) == 1 else None
    if not lacking:
        return None
    choosing = _choosing(search, found[0])
    return OfferedSources(f"{choosing} if that file is meant: it has all but {listed(lacking[:_MOST_LISTED])}")


def _defining(search: Search, most_lacking: int) -> list[Path]:
    """Return the files that lack at most so many of the names that are used."""
    names = [each.encode() for each in search.taken.words]

    def is_likely(path: Path) -> bool:
        content = content_of(path)
        lacking = (each for each in names if each not in content)
        # of most files the first names say enough
        return next(islice(lacking, most_lacking, None), None) is None

    def defining(paths: Sequence[Path]) -> list[Path]:
        likely = [path for path in search.within_bounds(paths) if is_likely(path)]
        lacking = [(path, search.lacking_in(path)) for path in likely]
        return [path for path, names in lacking if names is not None and len(names) <= most_lacking]

    return search.first_found(defining)


def _several(search: Search, found: Sequence[Path]) -> Diagnostic:
    names = listed([search.url_of(path) for path in found])
    message = f"{missing(search)}, and {len(found)} files can be meant: {names}"
    fix = f"write the `url` of the one that is meant, or choose it with `--source {_name(search)}=PATH`"
    return diagnose("source-not-found", message, search.source.at.child("url").location(), fix=fix)


def _defining_none(search: Search, found: Sequence[Path]) -> Diagnostic:
    several = f"{len(found)} files" if len(found) > _MOST_NAMED else listed([search.url_of(path) for path in found])
    wanted = sorted((*search.taken.operation_ids, *search.taken.workflow_ids))[:_MOST_LISTED]
    what = f"nothing of {listed(wanted)}" if wanted else "nothing of what is used"
    message = f"{missing(search)}; {several} {'has' if len(found) == 1 else 'have'} that name, and {what}"
    noun = "workflows" if search.taken.workflow_ids else "operations"
    fix = (
        f"write the `url` of a file that defines what is used, or choose it with `--source {_name(search)}=PATH`;"
        f" if a file of that name is meant, let the steps name {noun} that it has"
    )
    return diagnose("source-not-found", message, search.source.at.child("url").location(), fix=fix)
