"""Loading documents: from files and over HTTP, each once, and never a local file for a document of the network.

Decides where a source description is looked for: the user's word first, then its own ``url``, then the folders the
user named. What a document means is not known here.
"""

from __future__ import annotations

import re
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.references import NoSuchDocumentError
from arazzo_engine.apis.descriptions.resources import document_base
from arazzo_engine.apis.servers import is_allowed
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, nearest
from arazzo_engine.documents.reading import read_over_commas
from arazzo_engine.documents.uris import has_user, origin_of, path_of, resolve_uri, scheme_of, without_fragment
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.caching.descriptions import USER_CACHE, DescriptionCache
from arazzo_engine.world.caching.questions import asked, question
from arazzo_engine.world.http.wire import Wire
from arazzo_engine.world.loading.file_uris import path_at, path_in
from arazzo_engine.world.loading.project import Listing, real_path, shown, why_no_file
from arazzo_engine.world.loading.similar import describes, similar_file
from arazzo_engine.world.loading.texts import read_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from arazzo_engine.apis.linking.sources import FoundSource, OfferedSources
    from arazzo_engine.apis.linking.taken import Taken
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.objects import SourceDescription
    from arazzo_engine.world.http.transport import Transport
    from arazzo_engine.world.loading.finding import Finder
    from arazzo_engine.world.loading.library import Library

_REMOTE: Final = lazy_pattern(r"https?://", re.IGNORECASE)
_CEILING: Final = 50_000_000
# "Not Found" and "Gone"
_GONE: Final = frozenset({404, 410})
DEFAULT_TIMEOUT: Final = 30.0
_MOST_REDIRECTS: Final = 5
_ENDINGS: Final = (".arazzo.yaml", ".arazzo.yml", ".arazzo.json", ".yaml", ".yml", ".json")


def _without_end() -> None:
    """Leave all the time there is."""


def _connect(wire: Wire) -> Transport:
    from arazzo_engine.world.http.transport import Transport  # noqa: PLC0415 - only for the network

    return Transport(wire=wire)


class _NotLoadedError(Exception):
    """A document is not at this place, or may not be loaded from there; the text says which."""


class _MissingError(_NotLoadedError):
    """There is no document at this place."""


class _NotAllowedError(_NotLoadedError):
    """A document is at a host that the user did not allow: a refusal, and not a mistake of the document."""

    def __init__(self, uri: str) -> None:
        super().__init__("`--allow-host` does not name its host")
        self.uri = uri

    def diagnostic(self, subject: str, hosts: Iterable[str], at: Location | None = None) -> Diagnostic:
        message = f"{subject} is at `{self.uri.partition('?')[0]}`, and `--allow-host` does not name that host"
        listed = ", ".join(f"`{each}`" for each in hosts)
        return diagnose("host-not-allowed", message, at, fix=f"add it with `--allow-host`; allowed are {listed}")


class _Unread(Struct, frozen=True):
    """Why nothing is read from a place; ``elsewhere`` is the URI at a host that is not allowed, if it leads there."""

    reason: str
    is_missing: bool = False
    elsewhere: str = ""

    def error(self) -> _NotLoadedError:
        if self.elsewhere:
            return _NotAllowedError(self.elsewhere)
        return (_MissingError if self.is_missing else _NotLoadedError)(self.reason)


class Loader(Struct):
    """Loads documents and remembers them by URI.

    ``overrides`` says where source descriptions are, by name; ``source_dirs`` are folders to look for them in.
    ``timeout`` is that of one answer; ``time_left`` gives the seconds that are left of all, and raises ``ArazzoError``
    when there are none. ``connect`` gives the transport for the network. ``library`` takes, or gives, what is read.
    """

    overrides: Mapping[str, str] = field(default_factory=dict)
    source_dirs: Sequence[str] = ()
    offline: bool = False
    wire: Wire = Wire()
    cache: DescriptionCache = USER_CACHE
    timeout: float = DEFAULT_TIMEOUT
    time_left: Callable[[], float | None] = _without_end
    connect: Callable[[Wire], AbstractContextManager[Transport]] = _connect
    library: Library | None = None
    _loaded: dict[str, Document] = field(default_factory=dict)
    _not_had: dict[str, ArazzoError] = field(default_factory=dict)
    _listed: dict[Path, tuple[Path, ...] | None] = field(default_factory=dict)

    def places(self) -> dict[str, dict[str, str] | list[str]]:
        """Return where sources were said to be, wherever that is asked from."""
        sources = {name: _absolute(location) for name, location in self.overrides.items()}
        return {"sources": sources, "source_dirs": [_absolute(each) for each in self.source_dirs]}

    def load_entry(self, location: str) -> Document:
        """Return the document that the user names: a file or an http(s) URL. Raises ``ArazzoError``."""
        try:
            return self._load(location if _REMOTE.match(location) else _file_uri(location), read_entry)
        except UnicodeEncodeError as error:
            message = "the document cannot be loaded: its name has characters that no name has"
            raise ArazzoError(diagnose("source-not-found", message, fix="name a file that exists")) from error
        except _NotAllowedError as error:
            raise ArazzoError(error.diagnostic("the document", self.wire.allowed_hosts)) from error
        except _NotLoadedError as error:
            message = f"the document cannot be loaded: {location}: {error}"
            raise ArazzoError(diagnose("source-not-found", message, fix=_instead_of(location))) from error

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        """Return the document of a source description; ``base_uri`` is that of the document that lists it.

        Raises ``ArazzoError`` (``host-not-allowed``, ``source-not-found`` with every place that was tried, or why it
        cannot be read).
        """
        tried, refused = [], None
        for uri in self._candidates(source, base_uri):
            try:
                return self._load(uri, self._read_source)
            except _NotLoadedError as error:
                refused = refused or (error if isinstance(error, _NotAllowedError) else None)
                tried.append(f"{_shown(uri)} ({error})")
        if refused is not None:
            at = source.at.child("url").location()
            subject = f"source description `{source.name}`"
            raise ArazzoError(refused.diagnostic(subject, self.wire.allowed_hosts, at)) from refused
        raise ArazzoError(_not_found(source, tried, base_uri, self.overrides))

    def find_source(
        self, source: SourceDescription, base_uri: str, taken: Taken
    ) -> FoundSource | OfferedSources | None:
        """Return the one file of the project that a source can only mean; raises ``ArazzoError`` for several.

        What the user says of a source is never corrected.
        """
        if source.name in self.overrides:
            return None

        def search() -> FoundSource | OfferedSources | None:
            return self._finder().find(source, base_uri, taken)

        return (
            search() if self.library is None else self.library.find((source.at.document.uri, source.name), search, self)
        )

    def find_defining(self, source: SourceDescription, taken: Taken) -> str | None:
        """Return the URL of the only file of the project that defines what a source does not; only to be told."""
        if source.name in self.overrides:
            return None

        def search() -> str | None:
            return self._finder().find_defining(source, taken)

        return search() if self.library is None else self.library.look(search)

    def _finder(self) -> Finder:
        from arazzo_engine.world.loading.finding import Finder  # noqa: PLC0415 - most sources are where they say

        return Finder(self, Listing(self.time_left, self._listed), self.offline)

    def get(self, uri: str) -> Document:
        """Return the document at an absolute URI; raises ``ArazzoError``, the same one when asked again."""
        if uri in self._not_had:
            raise self._not_had[uri]
        try:
            return self._load(uri, self.cache.read)
        except _NotAllowedError as error:
            raise ArazzoError(error.diagnostic("what is referred to", self.wire.allowed_hosts)) from error
        except _NotLoadedError as error:
            raised = NoSuchDocumentError if isinstance(error, _MissingError) else ArazzoError
            self._not_had[uri] = raised(diagnose("source-not-found", f"{_shown(uri)}: {error}"))
            raise self._not_had[uri] from error

    def _candidates(self, source: SourceDescription, base_uri: str) -> Iterator[str]:
        if source.name in self.overrides:
            location = self.overrides[source.name]
            yield location if _REMOTE.match(location) else _file_uri(location)
            return
        uri = without_fragment(resolve_uri(base_uri, source.url))
        # a description from the network must not make the engine read local files, whatever its `$self` says
        if _REMOTE.match(uri) or not _REMOTE.match(source.at.document.uri):
            yield uri
        relative = Path(path_in(path_of(source.url)).lstrip("/"))
        for folder in map(Path, self.source_dirs):
            for path in dict.fromkeys((folder / relative, folder / relative.name)):
                # nor may it leave the folder that the user named
                if real_path(path).is_relative_to(real_path(folder)):
                    yield _file_uri(str(path))

    def _read_source(self, content: bytes, uri: str, name: str) -> Document:
        return read_over_commas(lambda: self.cache.read(content, uri, name))

    def _load(self, uri: str, read: Callable[[bytes, str, str], Document]) -> Document:
        if uri not in self._loaded:
            # RFC 3986, section 5.1.3: "if the retrieval was the result of a redirected request, the last URI used
            # (i.e., the URI that resulted in the actual retrieval of the representation) is the base URI."
            content, found = self._read(uri)
            if found not in self._loaded:
                self._loaded[found] = read(content, found, self._name(found))
                self._remember_by_own_name(self._loaded[found])
            self._loaded[uri] = self._loaded[found]
        return self._loaded[uri]

    def _name(self, uri: str) -> str:
        return _shown(uri) if self.library is None else self.library.name(uri, _shown(uri))

    def _read(self, uri: str) -> tuple[bytes, str]:
        def fetch() -> tuple[bytes, str]:
            return self._fetch(uri) if _REMOTE.match(uri) else (_read_file(uri), uri)

        if self.library is None:
            return fetch()
        try:
            return self.library.read(uri, fetch)
        except LookupError as error:
            raise _MissingError("it was not read when the run was started") from error

    def _remember_by_own_name(self, document: Document) -> None:
        # "Implementations MUST support identifying the targets of API description URIs using the URI defined by this
        # field when it is present."
        name = document_base(document)
        # nobody may stand for a document of somebody else, nor for a file
        may_name = not _REMOTE.match(document.uri) or origin_of(name) == origin_of(document.uri)
        if _REMOTE.match(name) and may_name:
            self._loaded.setdefault(name, document)

    def _fetch(self, uri: str) -> tuple[bytes, str]:
        # RFC 9110, section 4.2.4: userinfo "is likely being used to obscure the authority"
        if has_user(uri):
            raise _NotLoadedError("its URL has a user or a password in it, which would be shown and never sent")
        if not is_allowed(uri, self.wire.allowed_hosts):
            raise _NotAllowedError(uri)
        if self.offline:
            raise _NotLoadedError("it is on the network, and `--offline` was given")
        found = asked(("fetched", uri), lambda: self.fetched(uri))
        if isinstance(found, _Unread):
            raise found.error()
        return found

    def fetched(self, uri: str) -> tuple[bytes, str] | _Unread:
        """Return what the network has at a URI and where it was found, or why there is nothing."""
        try:
            return self._answer(uri)
        except _NotAllowedError as error:
            return _Unread(str(error), elsewhere=error.uri)
        except _NotLoadedError as error:
            return _Unread(str(error), isinstance(error, _MissingError))

    def _answer(self, uri: str) -> tuple[bytes, str]:
        from arazzo_engine.language.messages.exchange import Response, header  # noqa: PLC0415 - only for the network

        with self.connect(replace(self.wire, ceiling=_CEILING)) as transport:
            for _ in range(_MOST_REDIRECTS + 1):
                left = self.time_left()
                result = transport.get(uri, self.timeout if left is None else min(self.timeout, left))
                if not isinstance(result, Response):
                    self.time_left()
                    raise _NotLoadedError(result.reason)
                location = header(result.headers, "location")
                if result.status not in {301, 302, 303, 307, 308} or location is None:
                    break
                uri = resolve_uri(uri, location)
                if not _REMOTE.match(uri) or has_user(uri):
                    raise _NotLoadedError("it redirects to something that is not http, or not allowed")
                if not is_allowed(uri, self.wire.allowed_hosts):
                    raise _NotAllowedError(uri)
            else:
                raise _NotLoadedError(f"it redirects more than {_MOST_REDIRECTS} times")
        if result.status != 200:  # noqa: PLR2004 - "OK"
            raised = _MissingError if result.status in _GONE else _NotLoadedError
            raise raised(f"the server answered {result.status}")
        return result.content, uri


def _absolute(location: str) -> str:
    return location if _REMOTE.match(location) else str(Path(location).absolute())


def _file_uri(location: str) -> str:
    return Path(location).absolute().as_uri()


def _path_of(uri: str) -> Path:
    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise _NotLoadedError("it is no URL") from error
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        raise _NotLoadedError(f"`{parts.scheme or uri}` is neither a file nor http")
    return Path(path_in(parts.path))


@question
def _file_at(path: Path) -> bytes | _Unread:
    """Return the bytes of a file, or why there are none."""
    try:
        why = why_no_file(path)
        return _Unread(f"it is {why}") if why else path.read_bytes()
    except FileNotFoundError:
        return _Unread("no such file", is_missing=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        return _Unread((reason or "it cannot be read").lower())


def _read_file(uri: str) -> bytes:
    found = _file_at(_path_of(uri))
    if isinstance(found, _Unread):
        raise found.error()
    return found


@question
def _is_folder(path: Path) -> bool | None:
    """Whether a path names a folder, ``None`` when no file can have such a name."""
    try:
        return path.is_dir()
    except OSError:
        return None


def _shown(uri: str) -> str:
    """Return a URI as a person would type it: a file's path, relative when it is below the current folder."""
    if scheme_of(uri) != "file" or not path_of(uri):
        return uri
    return shown(path_at(uri))


def _not_found(source: SourceDescription, tried: list[str], base_uri: str, given: Iterable[str]) -> Diagnostic:
    # a document of the network names a file: there was no place that may be looked at
    uri = resolve_uri(base_uri, source.url)
    why = f"tried {'; '.join(tried)}" if tried else "a document from the network may not name a local file"
    if not scheme_of(uri):
        why = f"{source.url} is relative, and the document has no place of its own"
    message = f"source description `{source.name}` cannot be loaded: {why}"
    similar = _meant(path_at(uri)) if scheme_of(uri) == "file" else ""
    flags = f"say where it is with `--source {quote(source.name)}=PATH` or `--source-dir DIR`"
    flags = (
        flags if scheme_of(uri) else f"give the file or URL that the document could be from with `base=`, or {flags}"
    )
    near = nearest(source.name, [each for each in given if each != source.name])
    if near is not None:
        flags = (
            f"write `--source {quote(source.name)}=PATH` if the one for `{near}` is meant, or give `--source-dir DIR`"
        )
    fix = f"{similar} Otherwise {flags}" if similar else flags
    return diagnose(
        "source-not-found",
        message,
        source.at.child("url").location(),
        fix=fix,
    )


def _meant(path: Path) -> str:
    closest = similar_file(path)
    return f"did you mean `{_shown(closest.absolute().as_uri())}`?" if closest else ""


def _whole_name(path: Path) -> str:
    """Return which file is meant by a name without the ending that documents have."""
    found = next((each for ending in _ENDINGS if describes(each := Path(f"{path}{ending}"))), None)
    return f"did you mean `{found}`?" if found is not None else ""


def _is_pipe(path: Path) -> bool:
    try:
        return path.is_fifo()
    except (OSError, ValueError):
        return False


def _instead_of(location: str) -> str:
    if _REMOTE.match(location):
        return "correct the URL, or name a file"
    if location == "-":
        return "name a file: nothing is read from stdin here"
    path = Path(location)
    if _is_pipe(path):
        return "pipe it in, and name `-`; or name a file"
    is_folder = _is_folder(path)
    if is_folder:
        return f"name a file: `arazzo list {location}` lists the documents in it"
    meant = "" if is_folder is None else _meant(path) or _whole_name(path)
    return meant or "name a file that exists"
