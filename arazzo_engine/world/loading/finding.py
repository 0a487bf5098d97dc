"""A source that is not at its URL: the one file of the project that it can only be.

Decides where is looked and when a file is the one: below a folder above the document, by the name of the file, by the
server that it describes, or by the operations that it defines. Several files are named and none is taken. Only a local
document's sources are looked for, and only below the root of its project. For one of the network whose URL may work
another day, files are only offered.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from shlex import quote as quoted
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from msgspec import Struct

from arazzo_engine.apis.linking.sources import FoundSource, OfferedSources
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import WEB, is_placeholder, path_of, resolve_uri, scheme_of
from arazzo_engine.vocabulary import listed
from arazzo_engine.world.loading.addresses import has_server, path_in_repository
from arazzo_engine.world.loading.project import Project, TooManyFilesError, files_below, project_of
from arazzo_engine.world.loading.similar import LARGEST, describes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.references import Documents
    from arazzo_engine.apis.linking.taken import Taken
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.objects import SourceDescription

# bytes that are read to see what files define
_MOST_READ: Final = 200_000_000
_MOST_LISTED: Final = 5
# files of the name that have nothing of what is used: of more, only how many there are helps
_MOST_NAMED: Final = 3


class Finder(Struct, frozen=True):
    """Looks for sources; ``documents`` opens files, and ``go_on`` raises ``ArazzoError`` when the time is over."""

    documents: Documents
    go_on: Callable[[], object]

    def find(self, source: SourceDescription, base_uri: str, taken: Taken) -> FoundSource | OfferedSources | None:
        """Return the one file that a source can only mean, ``None`` when there is none.

        Raises ``ArazzoError`` (``source-not-found``) for several, for a project too large to be sure, and for files of
        the name that have nothing of what is used.
        """
        document, uri = source.at.document.uri, resolve_uri(base_uri, source.url)
        if scheme_of(document) != "file":
            return None
        path = Path(unquote(path_of(document)))
        search = _Search(source, taken, path, project_of(path), self)
        if scheme_of(uri) in WEB:
            found = _only(search, _beside(search, uri))
            return found or (_instead_of_placeholder(search, uri) if is_placeholder(uri) else _offered(search, uri))
        return _instead_of_file(search) if scheme_of(uri) == "file" else None

    def find_defining(self, source: SourceDescription, taken: Taken) -> str | None:
        """Return what leads to the only file that defines all that is used, ``None`` when there is none, or several.

        Raises ``ArazzoError`` for a project too large to be sure.
        """
        document = source.at.document.uri
        if scheme_of(document) != "file":
            return None
        path = Path(unquote(path_of(document)))
        found = _defining_all(_Search(source, taken, path, project_of(path), self)).paths
        return _url(found[0], path) if len(found) == 1 else None


class _Search(Struct, frozen=True):
    source: SourceDescription
    taken: Taken
    path: Path
    project: Project
    finder: Finder

    def document_at(self, path: Path) -> Document | None:
        """Return the description in a file, ``None`` when it is none or not of the source's type."""
        try:
            if not (describes(path) and self.project.holds(path)):
                return None
            document = self.finder.documents.get(path.as_uri())
        except (ArazzoError, OSError, RuntimeError):
            return None  # what cannot be read, a link that leads to itself
        return document if self.taken.is_type_of(document) else None

    def defined_in(self, path: Path) -> int:
        """Return how many of the names that are used of the source a file defines."""
        document = self.document_at(path)
        return self.taken.count_in(document, self.finder.documents) if document is not None else 0


def _instead_of_file(search: _Search) -> FoundSource | None:
    for rule in (_above, _named_alike, _defining_all):
        if (taken := _only(search, rule(search))) is not None:
            return taken
    if of_that_name := _named_otherwise(search):
        raise ArazzoError(_defining_none(search, of_that_name))
    return None


def _instead_of_placeholder(search: _Search, uri: str) -> FoundSource | None:
    for rule in (_named_alike, partial(_served, uri=uri), _defining_all):
        if (taken := _only(search, rule(search))) is not None:
            return taken
    return None


def _offered(search: _Search, uri: str) -> OfferedSources | None:
    # what else it could be, a network that is down must not decide
    for rule in (partial(_of_repository, uri=uri), _named_alike, partial(_served, uri=uri), _defining_all):
        found = rule(search)
        if len(found.paths) == 1:
            return OfferedSources(f"{_choosing(search, found.paths[0])} if that file is meant: {found.only}")
        if len(found.paths) > _MOST_LISTED:
            return None
        if found.paths:
            several = listed([_url(path, search.path) for path in found.paths])
            choosing = "write" if scheme_of(search.source.url) else f"give by `--source {_name(search)}=PATH`"
            return OfferedSources(f"{choosing} the one of {several} that is meant, if one is: {found.each}")
    return None


def _choosing(search: _Search, path: Path) -> str:
    """Return how a file is chosen: a relative URL leads from the `$self` of the document, whatever is written."""
    if scheme_of(search.source.url):
        return f"write `{_url(path, search.path)}`"
    return f"give `--source {_name(search)}={quoted(os.path.relpath(path))}`"


def _name(search: _Search) -> str:
    return quoted(search.source.name)


class _Found(Struct, frozen=True):
    """The files that a rule finds; ``only`` is why it is the only one, and ``each`` what several have in common."""

    paths: Sequence[Path]
    only: str = ""
    each: str = ""


def _only(search: _Search, found: _Found) -> FoundSource | None:
    """Return the source that is the only file found; raises ``ArazzoError`` for several."""
    if len(found.paths) > 1:
        raise ArazzoError(_several(search, found.paths))
    opened = search.document_at(found.paths[0]) if found.paths else None
    return None if opened is None else FoundSource(opened, _url(found.paths[0], search.path), found.only)


def _beside(search: _Search, uri: str) -> _Found:
    """Return the file to which a relative URL leads from the document itself, and not from its `$self`."""
    url = unquote(path_of(search.source.url))
    if scheme_of(search.source.url) or url.startswith("/"):
        return _Found(())
    place = Path(os.path.normpath(search.path.parent / url))
    # a file of that name with none of the operations is the description of something else
    is_meant = search.defined_in if search.taken else search.document_at
    return _Found(
        (place,) if is_meant(place) else (), f"nothing is had from `{uri}`, and the file is beside the document"
    )


def _above(search: _Search) -> _Found:
    url = unquote(path_of(search.source.url))
    if url.startswith("/") or scheme_of(search.source.url):
        return _Found(())
    places = (Path(os.path.normpath(folder / url)) for folder in search.project.folders)
    found = tuple(dict.fromkeys(place for place in places if search.document_at(place) is not None))
    return _Found(found, "it is there when the URL starts at a folder above the document")


def _of_repository(search: _Search, uri: str) -> _Found:
    """Return the file that has the path which a URL names in a repository, where it has something of what is used."""
    path = path_in_repository(uri)
    is_meant = search.defined_in if search.taken else search.document_at
    places = (folder / path for folder in reversed(search.project.folders)) if path else ()
    found = next((place for place in places if is_meant(place)), None)
    return _Found((found,) if found else (), f"it is `{path}` of this project")


def _named_alike(search: _Search) -> _Found:
    name = Path(unquote(path_of(search.source.url))).name
    # a file of that name with none of the operations is the description of something else
    is_meant = search.defined_in if search.taken else search.document_at
    found = _first_found(search, lambda paths: [path for path in paths if path.name == name and is_meant(path)])
    return _Found(found, f"it is the only file `{name}` of the project", "each has that name")


def _served(search: _Search, uri: str) -> _Found:
    """Return the only description whose server is the URL: the address of an API, and not of its description."""
    is_meant = search.defined_in if search.taken else search.document_at

    def serving(paths: Sequence[Path]) -> list[Path]:
        likely = [path for path in _within_bounds(paths, search) if _mentions_host(path, uri) and is_meant(path)]
        return [path for path in likely if has_server(search.document_at(path), uri)]

    found = _first_found(search, serving)
    # several of one server do not say more than the operations do
    return _Found(found if len(found) == 1 else (), "it is the only file of the project whose server is that URL")


def _named_otherwise(search: _Search) -> list[Path]:
    """Return the descriptions that have the name of the file, whatever they define."""
    name = Path(unquote(path_of(search.source.url))).name
    return _first_found(
        search, lambda paths: [each for each in paths if each.name == name and search.document_at(each)]
    )


def _defining_all(search: _Search) -> _Found:
    wanted = len(search.taken)
    if not wanted:
        return _Found(())

    def all_defining(paths: Sequence[Path]) -> list[Path]:
        likely = [path for path in _within_bounds(paths, search) if _holds_names(path, search.taken)]
        return [path for path in likely if search.defined_in(path) == wanted]

    noun = "workflow" if search.taken.workflow_ids else "operation"
    used = f"every {noun} used"
    only = f"it is the only file of the project that defines {used}"
    return _Found(_first_found(search, all_defining), only, f"each defines {used}")


def _first_found(search: _Search, chosen: Callable[[Sequence[Path]], list[Path]]) -> list[Path]:
    for folder in search.project.searched:
        try:
            paths = files_below(folder, search.finder.go_on)
        except TooManyFilesError as error:
            raise ArazzoError(_too_many(search, folder)) from error
        if found := chosen([path for path in paths if path != search.path]):
            return found
    return []


def _within_bounds(paths: Sequence[Path], search: _Search) -> Iterator[Path]:
    read = 0
    for path in paths:
        search.finder.go_on()
        try:
            size = path.stat().st_size
        except OSError:
            continue  # it was there a moment ago
        read += size if size <= LARGEST else 0
        if read > _MOST_READ:
            raise ArazzoError(_too_many(search, search.project.root))
        if size <= LARGEST:
            yield path


def _mentions_host(path: Path, uri: str) -> bool:
    host = uri.partition("://")[2].partition("/")[0]
    try:
        return host.encode() in path.read_bytes()
    except OSError:
        return False


def _holds_names(path: Path, taken: Taken) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return all(each.encode() in content for each in (*taken.operation_ids, *taken.workflow_ids))


def _url(found: Path, document: Path) -> str:
    """Return what to write for the file: relative to the document."""
    relative = Path(os.path.relpath(found, document.parent)).as_posix()
    return quote(relative if relative.startswith("..") else f"./{relative}")


def _several(search: _Search, found: Sequence[Path]) -> Diagnostic:
    names = listed([_url(path, search.path) for path in found])
    message = f"{_missing(search)}, and {len(found)} files can be meant: {names}"
    fix = f"write the `url` of the one that is meant, or choose it with `--source {_name(search)}=PATH`"
    return diagnose("source-not-found", message, search.source.at.child("url").location(), fix=fix)


def _defining_none(search: _Search, found: Sequence[Path]) -> Diagnostic:
    several = f"{len(found)} files" if len(found) > _MOST_NAMED else listed([_url(path, search.path) for path in found])
    wanted = sorted((*search.taken.operation_ids, *search.taken.workflow_ids))[:_MOST_LISTED]
    what = f"nothing of {listed(wanted)}" if wanted else "nothing of what is used"
    message = f"{_missing(search)}; {several} {'has' if len(found) == 1 else 'have'} that name, and {what}"
    fix = f"write the `url` of the file that is meant, or choose it with `--source {_name(search)}=PATH`"
    return diagnose("source-not-found", message, search.source.at.child("url").location(), fix=fix)


def _too_many(search: _Search, folder: Path) -> Diagnostic:
    message = f"{_missing(search)}, and there are too many files below {folder} to look for another one"
    fix = f"write the `url` of the file, or name it with `--source {_name(search)}=PATH`"
    return diagnose("source-not-found", message, search.source.at.child("url").location(), fix=fix)


def _missing(search: _Search) -> str:
    at = "no description at" if scheme_of(search.source.url) in WEB else "no file"
    return f"source description `{search.source.name}` cannot be loaded: there is {at} `{search.source.url}`"
